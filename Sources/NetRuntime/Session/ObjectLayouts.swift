/// Where a field of an object type stands in the block of words that holds an object.
///
/// A field has three words of bookkeeping in front of its value. A fixed-size value lies behind them, padded to whole
/// words; a string or an array has a pointer, a capacity in words and a length in bits there.
struct FieldSlot {
  let codec: FieldCodec
  /// Word of the block at which the field begins.
  let offset: Int
  /// Bits of a fixed-size value.
  let bits: Int
  let isVariable: Bool
  /// Word of the field at which its history begins; 0 where it has none. It lies behind the value.
  let history: Int
  /// Beyond this a change is a jump that is not interpolated.
  let threshold: Double

  static let header = 3
}

/// The compiled object types of a schema, in memory that does not move.
final class ObjectLayouts {
  struct Layout {
    let firstField: Int
    let fieldCount: Int
    /// Words of an object's block, at least 1.
    let words: Int
    let maximumBits: Int
    let priority: Float
    /// Least seconds between two updates.
    let updateRate: Double
    /// Where the packed default values of all fields stand, one behind the other.
    let defaultsStart: Int
    let defaultsBits: Int
  }

  let count: Int
  /// Bits of a type index in a state block.
  let indexBits: Int
  private let layouts: UnsafeMutablePointer<Layout>
  private let slots: UnsafeMutablePointer<FieldSlot>
  private let defaults: UnsafeMutableRawBufferPointer

  init(_ config: NetworkConfig) {
    count = config.objects.count
    indexBits = config.objectIndexBits
    layouts = .allocate(capacity: max(1, count))
    slots = .allocate(capacity: max(1, config.objects.reduce(0) { $0 + $1.fields.count }))
    let defaultBytes = config.objects.reduce(0) {
      $0 + ($1.fields.reduce(0) { $0 + $1.type.codec.minimumBits } + 7) / 8
    }
    defaults = .allocate(byteCount: defaultBytes + 8, alignment: 8)
    var nextSlot = 0
    var nextByte = 0
    for (index, type) in config.objects.enumerated() {
      let firstField = nextSlot
      var words = 0
      var writer = BitWriter(UnsafeMutableRawBufferPointer(rebasing: defaults[nextByte...]))
      for field in type.fields {
        let codec = field.type.codec
        let valueWords = codec.isVariable ? 3 : (codec.fixedBitWidth + 63) / 64
        let historyWords = InterpolationHistory.words(for: field.type)
        let slot = FieldSlot(
          codec: codec, offset: words, bits: codec.fixedBitWidth, isVariable: codec.isVariable,
          history: historyWords > 0 ? FieldSlot.header + valueWords : 0,
          threshold: field.type.interpolationThreshold)
        (slots + nextSlot).initialize(to: slot)
        nextSlot += 1
        words += FieldSlot.header + valueWords + historyWords
        writer.writeDefault(codec)
      }
      let layout = Layout(
        firstField: firstField, fieldCount: type.fields.count, words: max(1, words), maximumBits: type.maximumBits,
        priority: Float(type.priority), updateRate: type.updateRate, defaultsStart: nextByte,
        defaultsBits: writer.bitCount)
      (layouts + index).initialize(to: layout)
      nextByte += writer.flush()
    }
  }

  deinit {
    layouts.deallocate()
    slots.deallocate()
    defaults.deallocate()
  }

  @inline(__always)
  subscript(type: Int) -> Layout { layouts[type] }

  @inline(__always)
  func slots(of type: Int) -> UnsafePointer<FieldSlot> { UnsafePointer(slots + layouts[type].firstField) }

  /// Steps over all fields of an object of a type, as far as they are valid; false at the first that is not.
  func skipFields(of type: Int, _ reader: inout BitReader) -> Bool {
    for field in 0..<layouts[type].fieldCount {
      guard reader.skip(slots(of: type)[field].codec) else { return false }
    }
    return true
  }

  /// The packed default values of a type's fields.
  func defaults(of type: Int) -> BitReader {
    let layout = layouts[type]
    return BitReader(
      UnsafeRawBufferPointer(defaults), bitOffset: layout.defaultsStart * 8, bitCount: layout.defaultsBits)
  }
}
