extension ConfigReader {
  /// A float's or vector3's codec: exact without limits; with limits, the bits given, or those that the tolerance asks
  /// for, or 20.
  mutating func floatCodec(_ kind: FieldKind, _ options: [String: SJSON.Node]) throws(ConfigError) -> FieldCodec {
    let bits = try integer(options, "bits", 1...32)
    let tolerance = try number(options, "tolerance", above: 0)
    let range: ClosedRange<Double>
    switch (try number(options, "min"), try number(options, "max")) {
    case (nil, nil):
      for (name, node) in [("bits", options["bits"]), ("tolerance", options["tolerance"])] {
        guard let node, name != "bits" || bits != 32 else { continue }
        warnings.append(
          error(
            node,
            "`\(name)` has no effect without `min` and `max`: "
              + "the \(kind.name) is packed exactly, in 32 bits a number"))
      }
      return kind == .float ? .exactFloat : .exactVector3
    case (let low?, let high?):
      guard low < high else {
        throw error(options, "min", "`min` = \(low.shortText) must be less than `max` = \(high.shortText)")
      }
      range = low...high
    case (_?, nil): throw error(options, "min", "`min` needs `max` beside it")
    case (nil, _?): throw error(options, "max", "`max` needs `min` beside it")
    }
    var chosen = bits ?? 20
    if bits == nil, let tolerance {
      let levels = (range.upperBound - range.lowerBound) / (2 * tolerance) + 1
      guard levels <= 0x1p32 else {
        throw error(
          options, "tolerance", "`tolerance` = \(tolerance.shortText) over this range needs more than 32 bits")
      }
      chosen = FieldCodec.bitsNeeded(for: UInt64(max(2, levels.rounded(.up)) - 1))
    }
    guard let codec = FieldCodec.checked(kind, range, bits: chosen) else {
      let limits = "`min` = \(range.lowerBound.shortText) and `max` = \(range.upperBound.shortText)"
      throw error(options, "max", "\(limits) lie too close together for \(chosen) bits between them")
    }
    return codec
  }
}

extension FieldCodec {
  /// The codec of a float or vector3 with limits; nil where the limits are no range of float32, or so close together
  /// that steps would be lost in rounding.
  static func checked(_ kind: FieldKind, _ range: ClosedRange<Double>, bits: Int) -> FieldCodec? {
    let greatest = Swift.max(range.lowerBound.magnitude, range.upperBound.magnitude)
    guard greatest <= Double(Float.greatestFiniteMagnitude), range.lowerBound < range.upperBound, 1...32 ~= bits else {
      return nil
    }
    guard kind == .float || Float(range.lowerBound) < Float(range.upperBound) else { return nil }
    let codec: FieldCodec = kind == .float ? .float(range, bits: bits) : .vector3(range, bits: bits)
    return codec.step > 0x1p-49 * greatest && (1 / codec.step).isFinite ? codec : nil
  }
}
