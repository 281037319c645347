/// What went over a link and came, counted.
struct LinkTraffic {
  var sent = TrafficMeter()
  var received = TrafficMeter()
  /// Part of the packets that were lost, smoothed: each packet weighs a 64th.
  private(set) var loss = 0.0

  private static let weight = 1.0 / 64

  mutating func packetArrived() {
    loss -= loss * Self.weight
  }

  mutating func packetLost() {
    loss += (1 - loss) * Self.weight
  }

  /// A packet that was taken for lost has arrived after all.
  mutating func packetFound() {
    loss = max(0, loss - Self.weight)
  }
}

/// Counts bytes, and how many of them fell into the last second.
struct TrafficMeter {
  private static let slotsPerSecond = 8.0

  /// Bytes in each of the latest eighths of a second, the present one included; at its number's low bits.
  private var slots = SIMD8<UInt32>.zero
  private var slot: Int64 = 0
  private(set) var total: UInt64 = 0
  private(set) var count: UInt64 = 0

  @inline(__always)
  mutating func add(_ bytes: Int, at now: Double) {
    move(to: Self.number(now))
    slots[Int(slot & 7)] &+= UInt32(truncatingIfNeeded: bytes)
    total &+= UInt64(bytes)
    count &+= 1
  }

  /// Bytes of the last second: of seven whole eighths and what has passed of this one.
  func perSecond(at now: Double) -> Double {
    var moved = self
    moved.move(to: Self.number(now))
    var bytes: UInt64 = 0
    for index in 0..<8 { bytes &+= UInt64(moved.slots[index]) }
    let passed = now * Self.slotsPerSecond - Double(moved.slot)
    return Double(bytes) * Self.slotsPerSecond / (7 + min(max(passed, 0), 1))
  }

  @inline(__always)
  private mutating func move(to number: Int64) {
    if number <= slot { return }
    if number - slot >= 8 {
      slots = .zero
    } else {
      for passed in slot + 1...number { slots[Int(passed & 7)] = 0 }
    }
    slot = number
  }

  /// Times come from the program's clock and stay far below what the number holds.
  @inline(__always)
  private static func number(_ now: Double) -> Int64 {
    Int64(exactly: (now * slotsPerSecond).rounded(.down)) ?? 0
  }
}
