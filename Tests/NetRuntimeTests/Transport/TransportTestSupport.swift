import NetRuntime

extension Transport {
  func send(_ bytes: [UInt8], to destination: Endpoint, from socket: SocketID) {
    bytes.withUnsafeBytes { send($0, to: destination, from: socket) }
  }

  func broadcast(_ bytes: [UInt8], toPort port: UInt16, from socket: SocketID) {
    bytes.withUnsafeBytes { broadcast($0, toPort: port, from: socket) }
  }

  func receiveBytes(from socket: SocketID, room: Int = 1500) -> (bytes: [UInt8], source: Endpoint)? {
    var buffer = [UInt8](repeating: 0, count: room)
    guard let received = buffer.withUnsafeMutableBytes({ receive(into: $0, from: socket) }) else { return nil }
    return (Array(buffer[..<received.count]), received.source)
  }

  func receiveAll(from socket: SocketID) -> [[UInt8]] {
    var all: [[UInt8]] = []
    while all.count < 100_000, let datagram = receiveBytes(from: socket) { all.append(datagram.bytes) }
    return all
  }
}
