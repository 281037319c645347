@testable import NetRuntime

/// Random codecs and values for property tests.
struct PackingGenerator {
  let random: SeededRandomSource

  init(seed: UInt64) { random = SeededRandomSource(seed: seed) }

  func int(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(random.next(below: UInt64(range.upperBound - range.lowerBound) + 1))
  }

  func number(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.nextUnit() }

  func codec(arrays: Bool = true) -> FieldCodec {
    switch int(0...(arrays ? 10 : 9)) {
    case 0: return .bool
    case 1:
      let low = Int64(int(-100_000...100_000))
      return .int(low...low + Int64(random.next(below: 1 << UInt64(int(0...50)))), bits: int(0...20))
    case 2: return int(0...3) == 0 ? .exactFloat : .float(range(), bits: int(1...32))
    case 3: return int(0...3) == 0 ? .exactVector3 : .vector3(range(), bits: int(1...32))
    case 4: return .quaternion(bits: int(8...64))
    case 5: return .string(maximumLength: int(1...40))
    case 6: return .idString32
    case 7: return .idString64
    case 8: return .resourceID
    case 9: return .uint64
    default: return FieldCodec.array(of: codec(arrays: false), maximumCount: int(1...9)) ?? .bool
    }
  }

  func range() -> ClosedRange<Double> {
    let low = number(-1000, 1000)
    return low...low + number(0.5, 2000)
  }

  func value(_ codec: FieldCodec) -> FieldValue {
    switch codec.kind {
    case .bool: return .bool(int(0...1) == 1)
    case .int: return .int(codec.minimum + Int64(random.next(below: UInt64(codec.maximum - codec.minimum) + 1)))
    case .float: return .float(codec.isExact ? Double(Float(number(-1e6, 1e6))) : edge(codec))
    case .vector3:
      func part() -> Float { codec.isExact ? Float(number(-1e6, 1e6)) : Float(edge(codec)) }
      return .vector3(SIMD3(part(), part(), part()))
    case .quaternion: return .quaternion(rotation())
    case .string: return .string((0..<int(0...Int(codec.maximumLength))).map { _ in UInt8(int(0...255)) })
    case .idString32: return .id32(UInt32(truncatingIfNeeded: random.next()))
    case .idString64, .resourceID: return .id64(random.next())
    case .uint64: return .uint64(random.next())
    case .array: return .array((0..<int(0...Int(codec.maximumCount))).map { _ in value(codec.element) })
    }
  }

  private func edge(_ codec: FieldCodec) -> Double {
    switch int(0...7) {
    case 0: codec.low
    case 1: codec.high
    default: number(codec.low, codec.high)
    }
  }

  /// A unit quaternion; every other one has two or more components of nearly the same size, where smallest three has to
  /// choose.
  func rotation() -> SIMD4<Float> {
    var value = SIMD4<Float>()
    let same = int(0...1) == 0
    for index in 0..<4 { value[index] = same ? Float(int(-1...1)) + Float(number(-0.01, 0.01)) : Float(number(-1, 1)) }
    let length = (value * value).sum().squareRoot()
    return length > 0.01 ? value / length : SIMD4(0, 0, 0, 1)
  }
}

/// The bytes and the bit count that a value packs to; nil when it was refused.
func packed(_ value: FieldValue, _ codec: FieldCodec) -> (bytes: [UInt8], bits: Int)? {
  var bytes = [UInt8](repeating: 0xAA, count: codec.maximumBits / 8 + 9)
  let bits = bytes.withUnsafeMutableBytes { buffer -> Int? in
    var writer = BitWriter(buffer)
    guard value.encode(to: &writer, codec).wrote, !writer.overflowed else { return nil }
    writer.flush()
    return writer.bitCount
  }
  return bits.map { (Array(bytes[..<(($0 + 7) / 8)]), $0) }
}

func unpacked(_ bytes: [UInt8], bits: Int, _ codec: FieldCodec) -> FieldValue? {
  bytes.withUnsafeBytes {
    var reader = BitReader($0, bitOffset: 0, bitCount: bits)
    return FieldValue.decode(from: &reader, codec)
  }
}

/// Whether two values agree as closely as the codec promises.
func agree(_ left: FieldValue, _ right: FieldValue, _ codec: FieldCodec) -> Bool {
  let rounding = 1e-6 * max(1, codec.low.magnitude, codec.high.magnitude)
  switch (left, right) {
  case (.float(let a), .float(let b)): return codec.isExact ? a == b : (a - b).magnitude <= codec.step * 0.500001
  case (.vector3(let a), .vector3(let b)):
    if codec.isExact { return a == b }
    return (0..<3).allSatisfy { Double((a[$0] - b[$0]).magnitude) <= codec.step / 2 + rounding }
  case (.quaternion(let a), .quaternion(let b)):
    // q and -q are one rotation. The omitted component carries the errors of the other three, and a near tie may add a
    // step.
    let sign: Float = (a * b).sum() < 0 ? -1 : 1
    return (0..<4).allSatisfy { Double((a[$0] - b[$0] * sign).magnitude) <= codec.step * 3 + 1e-5 }
  case (.array(let a), .array(let b)):
    return a.count == b.count && zip(a, b).allSatisfy { agree($0, $1, codec.element) }
  default: return left == right
  }
}
