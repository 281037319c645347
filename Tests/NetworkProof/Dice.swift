import NetRuntime

/// The proof's own random numbers (splitmix64): the engine's generator is part of what is proved.
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x2545_F491_4F6C_DD1D &+ 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(next() % UInt64(bound)) }

  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  mutating func pick<Element>(_ list: [Element]) -> Element? { list.isEmpty ? nil : list[below(list.count)] }
}

extension Dice {
  /// A random value that a codec takes; limits and empty values come up often.
  mutating func value(of codec: FieldCodec) -> FieldValue {
    if codec.kind == .array {
      let count = chance(0.2) ? 0 : below(Int(codec.maximumCount) + 1)
      return .array((0..<count).map { _ in value(of: codec.element) })
    }
    switch codec.kind {
    case .bool: return .bool(chance(0.5))
    case .int: return .int(integer(codec.minimum, codec.maximum))
    case .float: return .float(codec.isExact ? Double(exactFloat()) : between(codec.low, codec.high))
    case .vector3: return .vector3([component(codec), component(codec), component(codec)])
    case .quaternion:
      if chance(0.1) { return .quaternion([0, 0, 0, 1]) }
      return .quaternion([side(), side(), side(), side() + 1.5])
    case .string:
      let most = Int(codec.maximumLength)
      let count = chance(0.1) ? most : below(min(most, 24) + 1)
      return .string((0..<count).map { _ in UInt8(truncatingIfNeeded: next()) })
    case .idString32: return .id32(UInt32(truncatingIfNeeded: next()))
    case .idString64, .resourceID: return .id64(next())
    case .uint64: return .uint64(next())
    case .array: return .array([])
    }
  }

  private mutating func integer(_ low: Int64, _ high: Int64) -> Int64 {
    if chance(0.1) { return chance(0.5) ? low : high }
    let span = UInt64(bitPattern: high &- low)
    return low &+ Int64(bitPattern: span == .max ? next() : next() % (span + 1))
  }

  private mutating func exactFloat() -> Float {
    let value = Float(bitPattern: UInt32(truncatingIfNeeded: next()))
    return value.isFinite ? value : 0
  }

  private mutating func component(_ codec: FieldCodec) -> Float {
    codec.isExact ? exactFloat() : Float(min(max(between(codec.low, codec.high), codec.low), codec.high))
  }

  private mutating func side() -> Float { Float(between(-1, 1)) }
}

/// What a field shows before it is set: the value nearest to zero inside its limits.
func defaultValue(of codec: FieldCodec) -> FieldValue {
  switch codec.kind {
  case .bool: .bool(false)
  case .int: .int(min(max(0, codec.minimum), codec.maximum))
  case .float: .float(codec.isExact ? 0 : min(max(0, codec.low), codec.high))
  case .vector3:
    .vector3(SIMD3(repeating: codec.isExact ? 0 : Float(min(max(0, codec.low), codec.high))))
  case .quaternion: .quaternion([0, 0, 0, 1])
  case .string: .string([])
  case .idString32: .id32(0)
  case .idString64, .resourceID: .id64(0)
  case .uint64: .uint64(0)
  case .array: .array([])
  }
}
