import NetRuntime

/// Takes server-sent events out of bytes as they come.
struct EventStreamParser {
  struct Event: Equatable {
    var name = ""
    var data: [UInt8] = []
    var id: String?
  }

  /// The stream is none, or has an event that is too long.
  struct Overlong: Error {}

  private let limit: Int
  private var line: [UInt8] = []
  private var event = Event()
  private var hasData = false
  /// A line that ended with a carriage return: a line feed right behind it belongs to it.
  private var endedWithReturn = false

  /// - Parameter limit: Bytes of one event.
  init(limit: Int = Limits.eventSize) { self.limit = limit }

  /// - Returns: The events that these bytes complete.
  mutating func feed(_ bytes: some Sequence<UInt8>) throws(Overlong) -> [Event] {
    var events: [Event] = []
    for byte in bytes {
      let followsReturn = endedWithReturn
      endedWithReturn = false
      switch byte {
      case UInt8(ascii: "\n") where followsReturn: continue
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        endedWithReturn = byte == UInt8(ascii: "\r")
        if let event = endLine() { events.append(event) }
      default:
        guard line.count + event.data.count < limit else { throw Overlong() }
        line.append(byte)
      }
    }
    return events
  }

  private mutating func endLine() -> Event? {
    defer { line.removeAll(keepingCapacity: line.capacity < 64 << 10) }
    guard !line.isEmpty else {
      defer {
        event = Event()
        hasData = false
      }
      return hasData ? event : nil
    }
    let colon = line.firstIndex(of: UInt8(ascii: ":"))
    let field = line[..<(colon ?? line.endIndex)]
    var value = line[(colon.map { $0 + 1 } ?? line.endIndex)...]
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    switch String(decoding: field, as: UTF8.self) {
    case "event": event.name = String(decoding: value, as: UTF8.self)
    case "id": event.id = String(decoding: value, as: UTF8.self)
    case "data":
      if hasData { event.data.append(UInt8(ascii: "\n")) }
      event.data += value
      hasData = true
    default: break
    }
    return nil
  }
}
