import Glibc

/// Reads a dump frame by frame. Whatever the file holds, reading it neither traps nor takes unbounded memory; what
/// comes out is what was in whole frames with right checksums.
public final class DumpReader {
  /// How the reading ended.
  public enum End: Equatable, Sendable {
    /// Not yet.
    case none
    /// The file ends behind a whole frame.
    case complete
    /// The file ends inside a frame: the program that wrote it was stopped, or goes on writing. The byte at which that
    /// frame begins.
    case truncated(at: Int)
    /// What is there from this byte on is no frame.
    case damaged(at: Int)
  }

  /// When the recording began, in microseconds since 1970 UTC.
  public let startTime: UInt64
  public private(set) var end = End.none
  /// The file's path, for messages.
  public let path: String

  private let source: Source
  private let crc = CRC32()
  /// Where the next frame begins in the file.
  private var position = DumpFormat.headerSize
  private var units: Int64 = 0
  fileprivate var links = DumpLinks()

  private enum Source {
    case file(Int32)
    case bytes([UInt8])
  }

  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 8)
  private var filled = 0
  private var taken = 0

  /// Opens a dump file.
  public convenience init(path: String) throws(DumpError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    try self.init(.file(descriptor), path: path)
  }

  /// Reads a dump in memory.
  public convenience init(bytes: [UInt8], path: String = "dump") throws(DumpError) {
    try self.init(.bytes(bytes), path: path)
  }

  private init(_ source: Source, path: String) throws(DumpError) {
    self.source = source
    self.path = path
    // A class has to be whole before its initialiser may fail with `deinit` run.
    var head = [UInt8](repeating: 0, count: DumpFormat.headerSize)
    let count: Int
    switch source {
    case .bytes(let bytes):
      count = min(bytes.count, head.count)
      for index in 0..<count { head[index] = bytes[index] }
    case .file(let descriptor):
      count = head.withUnsafeMutableBytes { DumpReader.read(descriptor, into: $0, at: 0) }
    }
    startTime = head.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 12, as: UInt64.self)) }
    if count < 0 { throw .unreadable(path: path, reason: String(cString: strerror(Int32(-count)))) }
    guard count == head.count, Array(head.prefix(DumpFormat.magic.count)) == DumpFormat.magic else {
      throw .notADump(path: path)
    }
    let version = UInt16(head[8]) | UInt16(head[9]) << 8
    guard version == DumpFormat.version else { throw .version(path: path, found: Int(version)) }
  }

  deinit {
    if case .file(let descriptor) = source { Glibc.close(descriptor) }
    buffer.deallocate()
    crc.destroy()
  }

  /// The next frame; nil when there is no more, and `end` then says why. Ends the validity of the frame before.
  public func nextFrame() -> DumpFrame? {
    guard end == .none else { return nil }
    guard let head = peek(Varint.maximumSize + 4) else {
      end = .complete
      return nil
    }
    var reader = ByteReader(head)
    let length = reader.varint()
    let headSize = head.count - reader.remaining + 4
    let checksum = reader.read(UInt32.self)
    guard !reader.failed else {
      end = head.count < Varint.maximumSize + 4 ? .truncated(at: position) : .damaged(at: position)
      return nil
    }
    guard length > 0, length <= UInt64(Limits.dumpFrameSize) else {
      end = .damaged(at: position)
      return nil
    }
    let size = headSize + Int(length)
    guard let whole = peek(size), whole.count == size else {
      end = .truncated(at: position)
      return nil
    }
    let payload = UnsafeRawBufferPointer(rebasing: whole[headSize...])
    guard crc.checksum(payload) == checksum else {
      end = .damaged(at: position)
      return nil
    }
    taken += size
    position += size
    var records = ByteReader(payload)
    units &+= Int64(bitPattern: records.varint())
    return DumpFrame(time: Double(units) / DumpFormat.unitsPerSecond, size: size, reader: self, records: records)
  }

  /// The next bytes of the file without taking them, fewer at its end; nil when there is none.
  private func peek(_ count: Int) -> UnsafeRawBufferPointer? {
    if filled - taken < count { fill(count) }
    let available = min(count, filled - taken)
    return available == 0 ? nil : UnsafeRawBufferPointer(rebasing: buffer[taken..<taken + available])
  }

  private func fill(_ count: Int) {
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[taken..<filled]))
    filled -= taken
    taken = 0
    if buffer.count < count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count + 64 * 1024, alignment: 8)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
      buffer.deallocate()
      buffer = larger
    }
    while filled < count {
      let place = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let got: Int
      switch source {
      case .file(let descriptor): got = DumpReader.read(descriptor, into: place, at: position + filled)
      case .bytes(let bytes):
        let start = position + filled
        got = max(0, min(place.count, bytes.count - start))
        if got > 0 {
          bytes.withUnsafeBytes { place.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + got])) }
        }
      }
      guard got > 0 else { return }
      filled += got
    }
  }

  /// Reads at a place of a file, as much as there is up to the buffer's size; a negative error number on failure.
  private static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    var count = 0
    while count < buffer.count {
      let got = pread(descriptor, buffer.baseAddress! + count, buffer.count - count, off_t(offset + count))
      if got < 0 && errno == EINTR { continue }
      if got < 0 { return count > 0 ? count : Int(-errno) }
      if got == 0 { break }
      count += got
    }
    return count
  }
}

/// One frame of a dump: what happened from the transmit before it to its own.
public struct DumpFrame {
  /// Seconds on the recording peer's clock since the recording began.
  public let time: Double
  /// Bytes in the file.
  public let size: Int
  private let reader: DumpReader
  private var records: ByteReader

  fileprivate init(time: Double, size: Int, reader: DumpReader, records: ByteReader) {
    self.time = time
    self.size = size
    self.reader = reader
    self.records = records
  }

  /// The next record; nil at the end of the frame. What cannot be understood ends the frame.
  public mutating func next() -> DumpRecord? {
    guard records.remaining > 0, let kind = DumpFormat.Kind(rawValue: records.read(UInt8.self)),
      let record = DumpRecord(kind, &records, &reader.links), !records.failed
    else { return nil }
    return record
  }
}

/// What a dump has said of links: by it, packets need not name their peers.
struct DumpLinks {
  struct Entry {
    var peer = PeerID.nobody
    var received: UInt64 = 0
    var sent: UInt64 = 0
  }

  private var entries: [Entry] = []

  /// No recorder ever has more; what is beyond in a file is taken for no link.
  static let limit = 65_536

  mutating func open(_ link: UInt32, _ peer: PeerID) {
    guard link < DumpLinks.limit else { return }
    while entries.count <= Int(link) { entries.append(Entry()) }
    entries[Int(link)] = Entry(peer: peer)
  }

  subscript(link: UInt32) -> Entry {
    get { Int(link) < entries.count ? entries[Int(link)] : Entry() }
    set { if Int(link) < entries.count { entries[Int(link)] = newValue } }
  }
}
