import Foundation

/// A `stingray-lua` process; killed at the latest when the value goes, or this process.
final class ServerProcess {
  private let process = Process()
  private let output = Pipe()
  private let errorOutput = Pipe()
  /// The port that it listens at; 0 where it ended before.
  private(set) var port = 0

  init(_ arguments: [String]) async throws {
    // It is built beside the tests.
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    process.executableURL = URL(filePath: tests).deletingLastPathComponent().appending(path: "stingray-lua")
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = errorOutput
    process.terminationHandler = { Janitor.forget($0.processIdentifier) }
    try process.run()
    Janitor.note(process.processIdentifier)
    if !process.isRunning { Janitor.forget(process.processIdentifier) }
    let file = output.fileHandleForReading.fileDescriptor
    let line = await onThread {
      var line: [UInt8] = []
      var byte: UInt8 = 0
      while line.last != UInt8(ascii: "\n"), read(file, &byte, 1) == 1 { line.append(byte) }
      return line
    }
    // "listening at http://127.0.0.1:7780\n"
    port = String(decoding: line.dropLast(), as: UTF8.self).split(separator: ":").last.flatMap { Int($0) } ?? 0
  }

  deinit { kill() }

  /// Ends it as SIGKILL does.
  func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func terminate() { process.terminate() }

  /// - Returns: Its exit status; -1 where it goes on for a minute.
  func waitForEnd() async -> Int32 {
    let deadline = Date(timeIntervalSinceNow: 60)
    while process.isRunning, deadline.timeIntervalSinceNow > 0 { try? await Task.sleep(for: .milliseconds(10)) }
    return process.isRunning ? -1 : process.terminationStatus
  }

  /// What it wrote to standard error; once it ended.
  var errors: String {
    String(decoding: (try? errorOutput.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
  }
}
