import Glibc

/// Lines of standard input, as they come: what `--console` runs as commands. Nothing here waits.
struct ConsoleInput {
  private let descriptor: Int32
  private var line: [UInt8] = []
  /// The rest of a line that was too long is skipped.
  private var isSkipping = false
  private var isOver = false

  /// Bytes of the longest line: far above any command.
  static let lineSize = 1000
  /// Bytes that are read in one frame at most, so that a flood of input cannot hold the game.
  private static let bytesPerFrame = 16_384

  init(descriptor: Int32 = 0) {
    self.descriptor = descriptor
  }

  /// What came up to a line's end.
  enum Line: Equatable {
    case command(String)
    case tooLong
  }

  static let tooLong = "a line of over \(lineSize) bytes was left out"

  /// The whole lines that have come since the last call, without their ends; at the end of the input also one that
  /// has none.
  mutating func lines() -> [Line] {
    guard !isOver else { return [] }
    var lines: [Line] = []
    var left = Self.bytesPerFrame
    withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer in
      while left > 0, isReady {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else {
          isOver = true
          end(&lines)
          return
        }
        left -= count
        for byte in buffer[..<count] { take(byte, &lines) }
      }
    }
    return lines
  }

  /// A process in the background would be stopped if it read from its terminal.
  private var isReady: Bool {
    if isatty(descriptor) == 1, tcgetpgrp(descriptor) != getpgrp() { return false }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 0) == 1 && waiting.revents & Int16(POLLIN | POLLHUP) != 0
  }

  private mutating func take(_ byte: UInt8, _ lines: inout [Line]) {
    if byte == UInt8(ascii: "\n") { return end(&lines) }
    guard !isSkipping else { return }
    guard line.count < Self.lineSize else {
      isSkipping = true
      line = []
      return
    }
    line.append(byte)
  }

  private mutating func end(_ lines: inout [Line]) {
    if isSkipping {
      lines.append(.tooLong)
    } else if !line.isEmpty {
      lines.append(.command(String(decoding: line, as: UTF8.self)))
    }
    line.removeAll(keepingCapacity: true)
    isSkipping = false
  }
}
