import Glibc

/// The last values of one interpolated field of one object with their times, and what is left of a jump that is being
/// smoothed. A view of words that lie behind the field's value.
///
/// Head: count, version and sender in one word; the start of the correction; the correction, and the value seen last,
/// as four floats in two words each. Then the samples: a time, and the packed value.
struct InterpolationHistory {
  private let words: UnsafeMutablePointer<UInt64>
  private let codec: FieldCodec
  private let valueWords: Int
  private let bits: Int
  private let threshold: Double

  static let head = 6
  /// Instead of the sender of a value that came with its object.
  private static let noSender: UInt8 = 255

  @inline(__always)
  init(_ cell: FieldCell) {
    let slot = cell.slot
    words = cell.words + slot.pointee.history
    codec = slot.pointee.codec
    bits = slot.pointee.bits
    valueWords = (bits &+ 63) / 64
    threshold = slot.pointee.threshold
  }

  /// Words that a field's history needs; 0 where it has none: its type is not interpolated, or its values differ in
  /// size.
  static func words(for type: FieldType) -> Int {
    guard type.interpolated, !type.codec.isVariable, type.codec.fixedBitWidth > 0 else { return 0 }
    return head + Limits.interpolationSamples * (1 + (type.codec.fixedBitWidth + 63) / 64)
  }

  // MARK: The head

  private(set) var count: Int {
    get { Int(words[0] & 0xFF) }
    nonmutating set { words[0] = words[0] & ~0xFF | UInt64(newValue) }
  }

  private var version: UInt64 { words[0] &>> 16 & 0x3F_FFFF }
  private var sender: UInt8 { UInt8(truncatingIfNeeded: words[0] &>> 8) }

  private func setHead(version: UInt64, sender: UInt8) {
    words[0] = words[0] & (0xFF | InterpolationHistory.seenBit) | UInt64(sender) &<< 8 | version &<< 16
  }

  private static let seenBit: UInt64 = 1 << 63

  /// The value that was read last; nil before the first.
  private var seen: SIMD4<Float>? {
    get {
      words[0] & InterpolationHistory.seenBit == 0
        ? nil : UnsafeRawPointer(words + 4).loadUnaligned(as: SIMD4<Float>.self)
    }
    nonmutating set {
      words[0] = newValue == nil ? words[0] & ~InterpolationHistory.seenBit : words[0] | InterpolationHistory.seenBit
      UnsafeMutableRawPointer(words + 4).storeBytes(of: newValue ?? .zero, as: SIMD4<Float>.self)
    }
  }

  /// Not a number while nobody has looked since the history began anew: the sender's time may be another's then.
  private var correctionStart: Double {
    get { Double(bitPattern: words[1]) }
    nonmutating set { words[1] = newValue.bitPattern }
  }

  private var correction: SIMD4<Float> {
    get { UnsafeRawPointer(words + 2).loadUnaligned(as: SIMD4<Float>.self) }
    nonmutating set { UnsafeMutableRawPointer(words + 2).storeBytes(of: newValue, as: SIMD4<Float>.self) }
  }

  // MARK: Samples

  @inline(__always)
  private func sample(_ index: Int) -> UnsafeMutablePointer<UInt64> {
    words + InterpolationHistory.head + index &* (1 &+ valueWords)
  }

  @inline(__always)
  private func time(_ index: Int) -> UInt64 { sample(index)[0] }

  @inline(__always)
  private func packed(_ index: Int) -> BitReader {
    BitReader(
      UnsafeRawBufferPointer(start: sample(index) + 1, count: valueWords &* 8), bitOffset: 0, bitCount: bits)
  }

  private func append(_ time: UInt64, from value: UnsafePointer<UInt64>) {
    let place = sample(count)
    place[0] = time
    (place + 1).update(from: value, count: valueWords)
    count += 1
  }

  private func remove(_ first: Int, _ number: Int) {
    guard number > 0 else { return }
    memmove(sample(first), sample(first + number), (count - first - number) * (1 + valueWords) * 8)
    count -= number
  }

  /// Makes room for two: what has been played goes, then the sample whose neighbours are nearest to each other.
  private func makeRoom(playing position: Double?) {
    if let position {
      var played = 0
      while played + 1 < count, Double(time(played + 1)) <= position { played += 1 }
      remove(0, played)
    }
    while count + 2 > Limits.interpolationSamples {
      var nearest = 1
      for index in 1..<count - 1 where time(index + 1) &- time(index - 1) < time(nearest + 1) &- time(nearest - 1) {
        nearest = index
      }
      remove(nearest, 1)
    }
  }

  // MARK: What arrives

  /// Begins anew with the value that the field has: of an object that is new, or that another sends now. What was seen
  /// before turns into it smoothly, unless the field was set in another way meanwhile.
  func restart(_ cell: FieldCell, sender: UInt8, isContinued: Bool) {
    guard let value = cell.value else { return }
    let seen = isContinued && count > 0 ? seen : nil
    count = 0
    correction = .zero
    setHead(version: cell.version, sender: sender)
    append(cell.time, from: value)
    guard isSmooth, let seen else {
      self.seen = nil
      return
    }
    var reader = packed(0)
    smooth(from: SIMD4<Double>(seen), to: reader.readComponents(codec), at: .nan, 1)
  }

  /// The field has the value that came with its object.
  func began(_ cell: FieldCell) {
    restart(cell, sender: InterpolationHistory.noSender, isContinued: version == cell.version)
  }

  /// Takes the value that the field has just got.
  /// - Parameters:
  ///   - position: Where the play of the sender's values stands.
  ///   - interval: Ticks between two updates at most while the value changes all the time.
  ///   - settling: Ticks over which a jump is smoothed.
  func record(_ cell: FieldCell, sender: UInt8, playing position: Double?, interval: UInt64, settling: Double) {
    let expected = (version &+ 1) & 0x3F_FFFF
    guard let value = cell.value, let position, count > 0, isOf(sender), expected == cell.version,
      cell.time > time(count - 1)
    else { return restart(cell, sender: sender, isContinued: expected == cell.version) }
    setHead(version: cell.version, sender: sender)
    let before = isSmooth ? base(at: position) : .zero
    makeRoom(playing: position)
    bridge(to: cell.time, playing: position, interval)
    append(cell.time, from: value)
    guard isSmooth else { return }
    let after = base(at: position)
    if before != after { smooth(from: before, to: after, at: position, settling) }
  }

  /// A value that stood still for long did not creep to the new one all the time: it set out an interval before. Or its
  /// packets were lost: where it has been seen to stand, it sets out now, if need be, and so has two intervals for it.
  private func bridge(to next: UInt64, playing position: Double, _ interval: UInt64) {
    let last = time(count - 1)
    guard next &- last > 3 &* interval else { return }
    var start = next &- interval
    if position > Double(last), position < Double(start) { start = max(UInt64(position), start &- interval) }
    append(start, from: sample(count - 1) + 1)
  }

  /// Spreads a jump of what is seen over a while, unless it is one that the type wants to be seen.
  private func smooth(from before: SIMD4<Double>, to after: SIMD4<Double>, at position: Double, _ settling: Double) {
    let rest = remaining(at: position, settling)
    let nearer = codec.kind == .quaternion && (before * after).sum() < 0 ? 0 - before : before
    let jump = SIMD4<Double>(correction) * rest + (nearer - after)
    correctionStart = position
    correction = isOverThreshold(after + jump, after) ? .zero : SIMD4<Float>(jump)
  }

  /// How much of the correction is left: 1 at its start, 0 from its end on.
  private func remaining(at position: Double, _ settling: Double) -> Double {
    guard correction != .zero else { return 0 }
    if correctionStart.isNaN { return 1 }
    let passed = (position - correctionStart) / settling
    return passed >= 1 ? 0 : 1 - max(0, passed)
  }

  // MARK: What is seen

  /// Whether the last sample is the value that the field has; not so when it was set in another way since.
  @inline(__always)
  func isCurrent(_ cell: FieldCell, sender: UInt8) -> Bool {
    count > 0 && version == cell.version && isOf(sender)
  }

  private func isOf(_ sender: UInt8) -> Bool { self.sender == sender || self.sender == InterpolationHistory.noSender }

  /// The value at a time of the sender's: between two samples, or the packed value itself where the field has come to
  /// rest or is of a kind that has nothing between.
  func value(at position: Double, settling: Double) -> FieldReading {
    guard isSmooth else { return .packed(packed(before(position))) }
    if correctionStart.isNaN { correctionStart = position }
    let rest = remaining(at: position, settling)
    var value = base(at: position)
    if rest > 0 { value += SIMD4<Double>(correction) * rest }
    seen = SIMD4<Float>(value)
    if rest == 0, count == 1 || position >= Double(time(count - 1)) { return .packed(packed(count - 1)) }
    return .smooth(codec.fitting(value))
  }

  private var isSmooth: Bool {
    switch codec.kind {
    case .float, .vector3, .quaternion, .int: true
    default: false
    }
  }

  /// The last sample at or before a time; the first where there is none.
  private func before(_ position: Double) -> Int {
    var index = count - 1
    while index > 0, Double(time(index)) > position { index -= 1 }
    return index
  }

  private func base(at position: Double) -> SIMD4<Double> {
    let index = before(position)
    var reader = packed(index)
    let from = reader.readComponents(codec)
    let start = Double(time(index))
    guard index + 1 < count, position > start else { return from }
    reader = packed(index + 1)
    let to = reader.readComponents(codec)
    if isOverThreshold(from, to) { return from }
    return codec.between(from, to, (position - start) / (Double(time(index + 1)) - start))
  }

  private func isOverThreshold(_ from: SIMD4<Double>, _ to: SIMD4<Double>) -> Bool {
    threshold < Double(Float.greatestFiniteMagnitude) && codec.distance(from, to) > threshold
  }
}

/// What a field reads as: its packed value, or one that no packed value need be.
public enum FieldReading {
  case packed(BitReader)
  /// A number in x, a vector in x, y and z, a rotation in all four.
  case smooth(SIMD4<Double>)
}
