/// How one field or argument becomes bits: a plain value without references, so that copying one costs no reference
/// counting.
///
/// An array's codec describes its elements too: the scalar calls of `BitWriter` and `BitReader` take the array's own
/// codec for each element.
public struct FieldCodec: Equatable, Sendable {
  public let kind: FieldKind
  /// The kind of an array's elements; `kind` itself for everything else.
  public let elementKind: FieldKind
  /// Bits of one number: of an int, a float, a component, an id; 1 for a bool; 0 for a string.
  public let bits: UInt8
  /// Bits of a string's length in front of its bytes.
  public let lengthBits: UInt8
  /// Bits of an array's count in front of its elements.
  public let countBits: UInt8
  /// Whether a float or vector3 travels as float32 bit patterns, without limits.
  public let isExact: Bool
  /// Most bytes of a string (an element's, where an array holds strings).
  public let maximumLength: UInt32
  /// Most elements of an array.
  public let maximumCount: UInt32
  /// Limits of an int.
  public let minimum: Int64, maximum: Int64
  /// Limits of a float or of each component, and the distance of two neighbouring values. For quaternions ±1/√2.
  public let low: Double, high: Double, step: Double
  @usableFromInline let inverseStep: Double

  @usableFromInline
  init(
    kind: FieldKind, elementKind: FieldKind? = nil, bits: Int, lengthBits: Int = 0, countBits: Int = 0,
    isExact: Bool = false,
    maximumLength: Int = 0, maximumCount: Int = 0, minimum: Int64 = 0, maximum: Int64 = 0, low: Double = 0,
    high: Double = 0,
    step: Double = 0
  ) {
    self.kind = kind
    self.elementKind = elementKind ?? kind
    self.bits = UInt8(truncatingIfNeeded: bits)
    self.lengthBits = UInt8(truncatingIfNeeded: lengthBits)
    self.countBits = UInt8(truncatingIfNeeded: countBits)
    self.isExact = isExact
    self.maximumLength = UInt32(truncatingIfNeeded: maximumLength)
    self.maximumCount = UInt32(truncatingIfNeeded: maximumCount)
    self.minimum = minimum
    self.maximum = maximum
    self.low = low
    self.high = high
    self.step = step
    inverseStep = step > 0 ? 1 / step : 0
  }

  /// Bits of every value of this codec; 0 for strings and arrays, whose values differ in size (and for an int of a
  /// single value).
  @inlinable
  public var fixedBitWidth: Int { isVariable ? 0 : elementFixedBits }

  /// Whether values differ in size: strings and arrays.
  @inlinable
  public var isVariable: Bool { kind == .string || kind == .array }

  /// Bits of the longest value.
  @inlinable
  public var maximumBits: Int {
    kind == .array ? Int(countBits) + Int(maximumCount) * elementMaximumBits : elementMaximumBits
  }

  /// Bits of the shortest value.
  @inlinable
  public var minimumBits: Int {
    switch kind {
    case .string: Int(lengthBits)
    case .array: Int(countBits)
    default: elementFixedBits
    }
  }

  @inlinable
  var elementMaximumBits: Int {
    elementKind == .string ? Int(lengthBits) + 8 * Int(maximumLength) : elementFixedBits
  }

  /// Bits of one element, 0 when elements are strings.
  @inlinable
  var elementFixedBits: Int {
    switch elementKind {
    case .vector3: 3 &* Int(bits)
    case .quaternion: 2 &+ 3 &* Int(bits)
    case .string, .array: 0
    default: Int(bits)
    }
  }

  /// The codec of one element; itself for everything but arrays.
  public var element: FieldCodec {
    FieldCodec(
      kind: elementKind, bits: Int(bits), lengthBits: Int(lengthBits), isExact: isExact,
      maximumLength: Int(maximumLength),
      minimum: minimum, maximum: maximum, low: low, high: high, step: step)
  }
}

extension FieldCodec {
  /// One bit.
  public static let bool = FieldCodec(kind: .bool, bits: 1)
  public static let uint64 = FieldCodec(kind: .uint64, bits: 64)
  public static let idString32 = FieldCodec(kind: .idString32, bits: 32)
  public static let idString64 = FieldCodec(kind: .idString64, bits: 64)
  public static let resourceID = FieldCodec(kind: .resourceID, bits: 64)
  /// A signed 32-bit integer.
  public static let int32 = int(Int64(Int32.min)...Int64(Int32.max))
  /// A float32 bit pattern.
  public static let exactFloat = FieldCodec(kind: .float, bits: 32, isExact: true)
  /// Three float32 bit patterns.
  public static let exactVector3 = FieldCodec(kind: .vector3, bits: 32, isExact: true)

  /// An integer of a range, as its distance from the lower end; in as many bits as the range needs, or in `bits` where
  /// that is more.
  public static func int(_ range: ClosedRange<Int64>, bits: Int = 0) -> FieldCodec {
    let span = UInt64(bitPattern: range.upperBound &- range.lowerBound)
    return FieldCodec(
      kind: .int, bits: min(64, max(bits, bitsNeeded(for: span))), minimum: range.lowerBound, maximum: range.upperBound)
  }

  /// A number of a range in `bits` (1 to 32) bits: 2^bits - 1 equal steps, both ends exact.
  public static func float(_ range: ClosedRange<Double>, bits: Int) -> FieldCodec {
    quantised(.float, range, bits: bits)
  }

  /// Three numbers of a range in `bits` (1 to 32) bits each. The ends are rounded to float32, which components are.
  public static func vector3(_ range: ClosedRange<Double>, bits: Int) -> FieldCodec {
    quantised(.vector3, Double(Float(range.lowerBound))...Double(Float(range.upperBound)), bits: bits)
  }

  private static func quantised(_ kind: FieldKind, _ range: ClosedRange<Double>, bits: Int) -> FieldCodec {
    let bits = min(32, max(1, bits))
    let steps = Double(UInt64(1) << UInt64(bits) - 1)
    return FieldCodec(
      kind: kind, bits: bits, low: range.lowerBound, high: range.upperBound,
      step: (range.upperBound - range.lowerBound) / steps)
  }

  /// A unit quaternion: two bits name its largest component, the others take (bits - 2) / 3 bits each (8 to 64 bits in
  /// all) over ±1/√2. A component has 2^n - 2 steps, an even number, so that zero and with it the identity are exact.
  public static func quaternion(bits: Int) -> FieldCodec {
    let component = (min(64, max(8, bits)) - 2) / 3
    let end = 0.5.squareRoot()
    return FieldCodec(
      kind: .quaternion, bits: component, low: -end, high: end,
      step: end / Double(UInt64(1) << UInt64(component - 1) - 1))
  }

  /// Up to `maximumLength` (at most `Limits.stringSize`) bytes.
  public static func string(maximumLength: Int) -> FieldCodec {
    let length = min(Limits.stringSize, max(0, maximumLength))
    return FieldCodec(kind: .string, bits: 0, lengthBits: bitsNeeded(for: UInt64(length)), maximumLength: length)
  }

  /// Up to `maximumCount` (at most `Limits.arrayCount`) values of one element kind. Nil when the elements are arrays
  /// themselves.
  public static func array(of element: FieldCodec, maximumCount: Int) -> FieldCodec? {
    guard element.kind != .array else { return nil }
    let count = min(Limits.arrayCount, max(0, maximumCount))
    return FieldCodec(
      kind: .array, elementKind: element.kind, bits: Int(element.bits), lengthBits: Int(element.lengthBits),
      countBits: bitsNeeded(for: UInt64(count)), isExact: element.isExact, maximumLength: Int(element.maximumLength),
      maximumCount: count, minimum: element.minimum, maximum: element.maximum, low: element.low, high: element.high,
      step: element.step)
  }

  /// The bits that hold every number of 0 to `value`.
  @inlinable
  public static func bitsNeeded(for value: UInt64) -> Int { 64 - value.leadingZeroBitCount }
}
