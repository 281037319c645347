/// What became of a value that was to be packed. Everything but `.done` and `.clamped` wrote nothing.
public enum PackingOutcome: UInt8, Sendable {
  case done
  /// A float or component lay outside its limits; the nearer limit was written.
  case clamped
  /// An int outside its limits, or a quaternion without length.
  case outOfRange
  /// NaN or infinity.
  case notFinite
  /// A string or array above its size limit.
  case tooLong

  /// Whether a value was written.
  @inlinable public var wrote: Bool { rawValue <= PackingOutcome.clamped.rawValue }
}
