import CCounters

/// One run of one contestant.
public struct Round {
  public var messages = 0
  /// Seconds of processor time: what others run on the machine does not count, what the kernel does for this process
  /// does.
  public var seconds = 0.0
  public var wall = 0.0
  public var allocations: UInt64 = 0
  public var networkCalls: UInt64 = 0
  public var datagrams: UInt64 = 0
  public var bytes: UInt64 = 0

  public var rate: Double { Double(messages) / seconds }

  /// Measures `body`, which returns how many messages arrived.
  public static func measure(_ body: () throws -> Int) rethrows -> Round {
    let before = countersNow()
    let (wall, thread) = (wallSeconds(), threadSeconds())
    let messages = try body()
    var round = Round()
    round.messages = messages
    round.seconds = threadSeconds() - thread
    round.wall = wallSeconds() - wall
    let after = countersNow()
    round.allocations = after.allocations - before.allocations
    round.networkCalls = after.networkCalls - before.networkCalls
    round.datagrams = after.datagramsSent - before.datagramsSent
    round.bytes = after.bytesSent - before.bytesSent
    return round
  }
}

extension Array where Element: Comparable {
  public var median: Element { sorted()[count / 2] }
}

/// A number with a fixed count of decimals, in a field of a width.
public func column(_ value: Double, _ decimals: Int = 0, width: Int = 12) -> String {
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let rounded = Int((value * scale).rounded())
  var text = String(rounded / Int(scale))
  if decimals > 0 {
    let rest = String(rounded % Int(scale))
    text += "." + String(repeating: "0", count: decimals - rest.count) + rest
  }
  return String(repeating: " ", count: Swift.max(0, width - text.count)) + text
}
