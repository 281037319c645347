/// A field's or argument's type: an entry of `types`, or a kind that a field or argument names itself.
public final class FieldType: Sendable {
  /// The entry's name, or the kind's.
  public let name: String
  public let kind: FieldKind
  /// Bits of a packed value as scripts see them: of one component for vector3, in all for quaternion, 0 for string and
  /// array.
  public let bits: Int
  /// Limits of a number or of each component; 0 where the kind has none.
  public let min: Double, max: Double
  /// Half a quantisation step; 0 where values are exact.
  public let tolerance: Double
  /// Most bytes of a string or elements of an array; 0 elsewhere.
  public let maxSize: Int
  /// The type of an array's elements.
  public let element: FieldType?
  public let interpolated: Bool
  /// A jump larger than this is not interpolated.
  public let interpolationThreshold: Double
  public let codec: FieldCodec

  init(
    name: String, codec: FieldCodec, bits: Int? = nil, element: FieldType? = nil, interpolated: Bool = false,
    interpolationThreshold: Double = Double(Float.greatestFiniteMagnitude)
  ) {
    self.name = name
    self.codec = codec
    self.element = element
    self.interpolated = interpolated
    self.interpolationThreshold = interpolationThreshold
    kind = codec.kind
    switch codec.kind {
    case .int:
      (self.bits, min, max, tolerance) = (Int(codec.bits), Double(codec.minimum), Double(codec.maximum), 0)
    case .float, .vector3:
      let limit = Double(Float.greatestFiniteMagnitude)
      (min, max) = codec.isExact ? (-limit, limit) : (codec.low, codec.high)
      (self.bits, tolerance) = (Int(codec.bits), codec.step / 2)
    case .quaternion:
      (self.bits, min, max, tolerance) = (bits ?? codec.fixedBitWidth, -1, 1, codec.step / 2)
    case .bool:
      (self.bits, min, max, tolerance) = (1, 0, 1, 0)
    case .string, .array:
      (self.bits, min, max, tolerance) = (0, 0, 0, 0)
    case .idString32, .idString64, .resourceID, .uint64:
      (self.bits, min, max, tolerance) = (Int(codec.bits), 0, 0, 0)
    }
    maxSize = codec.kind == .array ? Int(codec.maximumCount) : Int(codec.maximumLength)
  }

  /// The types that a field or argument may name without an entry of `types`: every kind but array.
  public static let builtin: [FieldType] = {
    let codecs: [FieldCodec] = [
      .bool, .int32, .exactFloat, .exactVector3, .quaternion(bits: 32), .string(maximumLength: 512), .idString32,
      .idString64,
      .resourceID, .uint64,
    ]
    return codecs.map { FieldType(name: $0.kind.name, codec: $0) } + [FieldType(name: "int64", codec: .uint64)]
  }()
}
