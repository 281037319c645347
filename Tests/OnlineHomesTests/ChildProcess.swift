import Foundation

/// A `directory-player` in a process of its own; killed at the latest when the value goes.
final class ChildProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var pending: [UInt8] = []
  private(set) var lines: [String] = []

  init(_ arguments: String...) throws {
    // It is built beside the tests.
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    process.executableURL = URL(filePath: tests).deletingLastPathComponent().appending(path: "directory-player")
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit {
    kill()
    try? input.fileHandleForWriting.close()
  }

  func send(_ line: String) { try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }

  /// Ends it as SIGKILL does; what it had printed by then is in `lines`.
  func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    while readMore(within: 0) {}
  }

  /// Waits for its own end.
  func waitForEnd() {
    while readMore(within: 5) {}
    process.waitUntilExit()
  }

  /// Waits for a line that begins so.
  func waits(for start: String, seconds: Double = 10) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while !lines.contains(where: { $0.hasPrefix(start) }) {
      let left = deadline.timeIntervalSinceNow
      guard left > 0, readMore(within: left) else { return lines.contains { $0.hasPrefix(start) } }
    }
    return true
  }

  /// - Returns: Whether there may be more.
  private func readMore(within seconds: Double) -> Bool {
    let file = output.fileHandleForReading.fileDescriptor
    var ready = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, Int32(seconds * 1000)) > 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(file, &bytes, bytes.count)
    guard count > 0 else { return false }
    pending += bytes[..<count]
    var parts = pending.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    pending = Array(parts.removeLast())
    lines += parts.map { String(decoding: $0, as: UTF8.self) }
    return true
  }
}
