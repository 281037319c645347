import Foundation
import Glibc

/// A TCP connection to this machine that does just what the test says.
final class RawConnection: @unchecked Sendable {
  struct Broken: Error {}

  private let descriptor: Int32
  private var received: [UInt8] = []

  /// - Parameter receiveBuffer: Bytes that the system keeps for it; nil for its usual number.
  init(port: Int, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard status == 0 else { throw Broken() }
  }

  deinit { close(descriptor) }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Broken() }
      start += count
    }
  }

  /// Says that nothing more will be sent.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Reads until a text has come; false when it does not within a minute, or the connection ends before.
  func reads(_ text: String) async -> Bool {
    let wanted = Array(text.utf8)
    return await onThread { [self] in
      while !contains(wanted) {
        guard readMore() else { return false }
      }
      return true
    }
  }

  /// Whether the connection ends.
  func readsToItsEnd() async -> Bool {
    await onThread { [self] in
      while readMore() { received.removeAll() }
      return errno != EAGAIN
    }
  }

  /// Whether something came that was not read.
  var hasMore: Bool {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&ready, 1, 0) > 0
  }

  /// All that came.
  var text: String { String(decoding: received, as: UTF8.self) }

  private func contains(_ wanted: [UInt8]) -> Bool {
    guard received.count >= wanted.count else { return false }
    return (0...received.count - wanted.count).contains { received[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }

  private func readMore() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    errno = 0
    let count = recv(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return false }
    received += bytes[..<count]
    return true
  }
}

/// A port that takes connections, and never says a word or always the same ones.
final class RawListener {
  private let descriptor: Int32
  let port: Int

  /// - Parameter answer: What each connection gets after its first bytes, and then its end; nil for nothing.
  init(answer: String? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, size) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, address, &size) == 0
      }
    }
    guard status else { throw RawConnection.Broken() }
    port = Int(UInt16(bigEndian: address.sin_port))
    if let answer { Thread.detachNewThread { Self.serve(descriptor, answer: Array(answer.utf8)) } }
  }

  private static func serve(_ listener: Int32, answer: [UInt8]) {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { return }
      var bytes = [UInt8](repeating: 0, count: 65_536)
      // A head and a body may come apart.
      var taken = 0
      while taken < 64 || !bytes[..<taken].contains(UInt8(ascii: "}")) {
        let count = recv(connection, &bytes[taken], bytes.count - taken, 0)
        guard count > 0 else { break }
        taken += count
      }
      _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
      shutdown(connection, Int32(SHUT_WR))
      _ = recv(connection, &bytes, bytes.count, 0)
      close(connection)
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }
}

/// Waits for something on a thread of its own: those of the concurrency pool are few, and the server needs them.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { continuation.resume(returning: body()) }
  }
}
