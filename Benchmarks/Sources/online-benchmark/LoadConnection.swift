import CCounters
import Glibc

/// One connection of a player: its requests, one at a time, or its stream of news.
final class LoadConnection {
  enum Kind: Int, CaseIterable {
    case signIn, create, join, list, leave, heartbeat, news
  }

  struct Request {
    var kind: Kind
    var bytes: [UInt8]
    /// When it was due, whenever it went out: what waits for an answer before it counts, too.
    var due: Double
  }

  let descriptor: Int32
  let player: Int
  private var waiting: [Request] = []
  private(set) var current: Request?
  private var received: [UInt8] = []
  /// Where the body begins and its size, once the head is there.
  private var body: (start: Int, size: Int)?
  private(set) var status = 0
  /// Events of news that came.
  private(set) var events = 0

  init?(port: UInt16, player: Int) {
    self.player = player
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard descriptor >= 0, status == 0 else { return nil }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  deinit { close(descriptor) }

  var isIdle: Bool { current == nil }

  func send(_ request: Request) {
    guard current == nil else {
      waiting.append(request)
      return
    }
    current = request
    // Requests are short: the system's buffer takes them whole.
    _ = request.bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Reads what there is.
  /// - Parameter scratch: Room to read into.
  /// - Returns: The request whose answer is complete, and the answer's body; nil while it is not.
  /// - Throws: `LoadFailure.closed` where the server ended the connection.
  func read(_ scratch: inout [UInt8]) throws(LoadFailure) -> (request: Request, body: ArraySlice<UInt8>)? {
    let count = recv(descriptor, &scratch, scratch.count, 0)
    guard count > 0 else {
      if count < 0, errno == EAGAIN { return nil }
      throw .closed(player: player)
    }
    if current?.kind == .news {
      countEvents(scratch[..<count])
      return nil
    }
    received += scratch[..<count]
    if body == nil { readHead() }
    guard let body, received.count >= body.start + body.size, let request = current else { return nil }
    let answer = received[body.start..<body.start + body.size]
    self.body = nil
    received.removeAll(keepingCapacity: received.capacity < 65_536)
    current = nil
    if !waiting.isEmpty { send(waiting.removeFirst()) }
    return (request, answer)
  }

  private func countEvents(_ bytes: ArraySlice<UInt8>) {
    // The "i" of "id: " behind a line's end; events are told from pieces of them well enough to be counted.
    var previous: UInt8 = 0
    for byte in bytes {
      if previous == UInt8(ascii: "\n"), byte == UInt8(ascii: "e") { events += 1 }
      previous = byte
    }
  }

  private func readHead() {
    guard received.count > 12 else { return }
    let end: [UInt8] = [13, 10, 13, 10]
    var index = 0
    while index + 4 <= received.count, !received[index..<index + 4].elementsEqual(end) { index += 1 }
    guard index + 4 <= received.count else { return }
    let head = String(decoding: received[..<index], as: UTF8.self)
    status = Int(head.dropFirst(9).prefix(3)) ?? 0
    var size = 0
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
      size = Int(line.split(separator: " ").last ?? "") ?? 0
    }
    body = (index + 4, size)
  }
}
