/// The blocks of words that hold objects' fields: one slab of memory, freed blocks reused by objects of the same size.
final class FieldStorage {
  private var words: UnsafeMutablePointer<UInt64>
  private var capacity: Int
  private var used = 0
  /// The first free block of each size; a free block's first word names the next one.
  private var freeBlocks: [Int: Int] = [:]
  private static let end = UInt64.max

  init() {
    capacity = 1024
    words = .allocate(capacity: capacity)
  }

  deinit {
    words.deallocate()
  }

  /// A block, by its first word; valid until the next `allocate`.
  @inline(__always)
  subscript(block: Int) -> UnsafeMutablePointer<UInt64> { words + block }

  /// A block of zeros.
  func allocate(_ count: Int) -> Int {
    if let block = freeBlocks[count] {
      let next = words[block]
      freeBlocks[count] = next == FieldStorage.end ? nil : Int(next)
      (words + block).update(repeating: 0, count: count)
      return block
    }
    if used + count > capacity {
      let larger = max(capacity * 2, used + count)
      let moved = UnsafeMutablePointer<UInt64>.allocate(capacity: larger)
      moved.update(from: words, count: used)
      words.deallocate()
      words = moved
      capacity = larger
    }
    let block = used
    used += count
    (words + block).initialize(repeating: 0, count: count)
    return block
  }

  /// Gives a block back whose long values were released.
  func free(_ block: Int, words count: Int) {
    words[block] = freeBlocks[count].map(UInt64.init) ?? FieldStorage.end
    freeBlocks[count] = block
  }
}

/// The fields of one object, to walk over; good as long as a cell is.
struct FieldCells {
  let block: UnsafeMutablePointer<UInt64>
  let slots: UnsafePointer<FieldSlot>

  @inline(__always)
  subscript(field: Int) -> FieldCell { FieldCell(block: block, slot: slots + field) }
}

/// One field of one object, as its words. A view: copying it copies a pointer.
struct FieldCell {
  let words: UnsafeMutablePointer<UInt64>
  let slot: UnsafePointer<FieldSlot>

  @inline(__always)
  init(block: UnsafeMutablePointer<UInt64>, slot: UnsafePointer<FieldSlot>) {
    words = block + slot.pointee.offset
    self.slot = slot
  }

  /// Members, by slot, that do not have the current value yet and have not been sent it.
  @inline(__always)
  var dirty: UInt64 {
    get { words[0] }
    nonmutating set { words[0] = newValue }
  }

  /// The owner's time of the current value, from which an older one is told; see `SessionTime`. On the owner itself it
  /// means nothing.
  @inline(__always)
  var time: UInt64 {
    get { words[1] }
    nonmutating set { words[1] = newValue }
  }

  /// Counts the changes, in 22 bits.
  @inline(__always)
  var version: UInt64 { words[2] & 0x3F_FFFF }

  /// Whether the field once held a value too long for a datagram: from then on it travels reliably, so that old and new
  /// values cannot overtake.
  @inline(__always)
  var isLarge: Bool {
    get { words[2] >> 63 != 0 }
    nonmutating set { words[2] = words[2] & (.max >> 1) | (newValue ? 1 << 63 : 0) }
  }

  @inline(__always)
  func bumpVersion() {
    words[2] = words[2] & ~0x3F_FFFF | (version &+ 1) & 0x3F_FFFF
  }

  @inline(__always)
  var bitCount: Int { slot.pointee.isVariable ? Int(truncatingIfNeeded: words[5]) : slot.pointee.bits }

  @inline(__always)
  var value: UnsafeMutablePointer<UInt64>? {
    slot.pointee.isVariable
      ? UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: words[3])) : words + FieldSlot.header
  }

  /// The packed value; valid until the field changes or an object is created.
  @inline(__always)
  var reader: BitReader {
    let bits = bitCount
    guard bits > 0, let value else { return BitReader(UnsafeRawBufferPointer(start: nil, count: 0)) }
    return BitReader(UnsafeRawBufferPointer(start: value, count: (bits &+ 63) / 64 &* 8), bitOffset: 0, bitCount: bits)
  }

  /// Writes the packed value.
  @inline(__always)
  func copyValue(to writer: inout BitWriter) {
    let bits = bitCount
    if bits <= 64, !slot.pointee.isVariable {
      if bits > 0 { writer.write(UInt64(littleEndian: words[FieldSlot.header]), bits: bits) }
      return
    }
    var value = reader
    writer.copyBits(from: &value, count: bits)
  }

  /// Takes over all that is left of a reader, which holds one valid value. Returns whether the value differs from the
  /// old one.
  func store(_ source: BitReader) -> Bool {
    var source = source
    let bits = source.remainingBits
    let count = (bits &+ 63) / 64
    var changed = false
    if slot.pointee.isVariable {
      changed = bits != bitCount
      if count > Int(truncatingIfNeeded: words[4]) { grow(to: count) }
      words[5] = UInt64(bits)
    }
    guard let target = value else { return changed }
    var left = bits
    for index in 0..<count {
      let chunk = min(64, left)
      let word = source.read(bits: chunk).littleEndian
      if target[index] != word {
        target[index] = word
        changed = true
      }
      left &-= chunk
    }
    return changed
  }

  private func grow(to count: Int) {
    release()
    var capacity = 4
    while capacity < count { capacity &*= 2 }
    let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
    memory.initialize(repeating: 0, count: capacity)
    words[3] = UInt64(UInt(bitPattern: memory))
    words[4] = UInt64(capacity)
  }

  /// Frees a string's or array's memory.
  func release() {
    guard slot.pointee.isVariable, let memory = value else { return }
    memory.deallocate()
    words[3] = 0
    words[4] = 0
    words[5] = 0
  }
}
