import Glibc

/// A dump that is being written. Frames go to the file when they are whole, a few at a time: so a program that is
/// killed leaves whole frames behind, all but those of its last twentieth of a second.
struct DumpFile {
  private var descriptor: Int32
  private let crc = CRC32()
  /// Whole frames that wait to be written; then room for a head, and the time and records of the frame that grows.
  private var buffer = UnsafeMutableRawPointer.allocate(byteCount: Limits.dumpBuffer, alignment: 16)
  private var capacity = Limits.dumpBuffer
  /// What waits is written when it is so much or so old: each write costs as much as recording the frame, and what is
  /// most wanted of the dump of a crash is its end.
  private static let writeSize = 16 * 1024
  private static let writeTime = Int64(0.05 * DumpFormat.unitsPerSecond)
  /// Room for length and checksum.
  private static let headRoom = Varint.maximumSize + 4
  /// Bytes of whole frames.
  private var whole = 0
  private var end = DumpFile.headRoom
  /// When frames were written last.
  private var written: Int64 = 0
  /// The time that the frames written before have come to.
  private var units: Int64 = 0
  /// Where records begin, behind the frame's time; nil while there is no frame.
  private var start: Int?
  /// What the file begins with, until that is written.
  private var header: [UInt8]
  /// What went wrong; nothing is written any more.
  private(set) var failure: String?

  /// Makes the file. One that is there is replaced with the first frame, so that a program that only looks into an old
  /// dump does not lose it; one that another recording goes into is left alone.
  init(path: String, startTime: UInt64) throws(DumpError) {
    header = DumpFormat.magic
    descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      buffer.deallocate()
      crc.destroy()
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    guard DumpFile.take(descriptor) else {
      Glibc.close(descriptor)
      buffer.deallocate()
      crc.destroy()
      throw .taken(path: path)
    }
    header += [UInt8(DumpFormat.version & 0xFF), UInt8(DumpFormat.version >> 8), 0, 0]
    header += (0..<8).map { UInt8(truncatingIfNeeded: startTime >> (8 * UInt64($0))) }
  }

  /// Claims a file until it is closed; false when another recording has. What cannot be claimed is nobody's.
  private static func take(_ descriptor: Int32) -> Bool {
    var facts = stat()
    // Any number may write into a device.
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return true }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }

  mutating func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
    buffer.deallocate()
    crc.destroy()
  }

  /// Makes room for a record of at most so many bytes, in the frame at a time, which begins with its first record.
  /// - Returns: Where the record goes; `commit` tells how long it became.
  @inline(__always)
  mutating func room(_ bytes: Int, at time: Int64) -> UnsafeMutableRawPointer {
    if end &+ bytes &+ Varint.maximumSize > capacity { makeRoom(bytes) }
    if start == nil {
      end &+= Varint.write(UInt64(bitPattern: max(0, time &- units)), to: buffer + end)
      units = max(units, time)
      start = end
    }
    return buffer + end
  }

  @inline(__always)
  mutating func commit(_ bytes: Int) { end &+= bytes }

  /// Ends the frame; writes it, and those that wait, when it is time to.
  mutating func endFrame() {
    guard start != nil else { return }
    let payload = whole + Self.headRoom
    let length = end - payload
    let checksum = crc.checksum(UnsafeRawBufferPointer(start: buffer + payload, count: length)).littleEndian
    let head = Varint.write(UInt64(length), to: buffer + whole)
    (buffer + whole + head).storeBytes(of: checksum, as: UInt32.self)
    (buffer + whole + head + 4).copyMemory(from: buffer + payload, byteCount: length)
    whole += head + 4 + length
    end = whole + Self.headRoom
    start = nil
    if whole >= Self.writeSize || units - written >= Self.writeTime { flush() }
  }

  /// Writes the frames that wait.
  mutating func flush() {
    guard whole > 0 else { return }
    write(UnsafeRawBufferPointer(start: buffer, count: whole))
    whole = 0
    end = Self.headRoom
    written = units
  }

  private mutating func makeRoom(_ bytes: Int) {
    endFrame()
    flush()
    guard bytes + Self.headRoom + 2 * Varint.maximumSize > capacity else { return }
    buffer.deallocate()
    capacity = bytes + Self.headRoom + 2 * Varint.maximumSize
    buffer = .allocate(byteCount: capacity, alignment: 16)
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) {
    if !header.isEmpty {
      // Fails on what is no file, which needs none.
      _ = ftruncate(descriptor, 0)
      let header = header
      self.header = []
      header.withUnsafeBytes { writeAll($0) }
    }
    writeAll(bytes)
  }

  private mutating func writeAll(_ bytes: UnsafeRawBufferPointer) {
    guard failure == nil, var place = bytes.baseAddress else { return }
    var left = bytes.count
    while left > 0 {
      let written = Glibc.write(descriptor, place, left)
      if written > 0 {
        place += written
        left -= written
      } else if written == 0 || errno != EINTR {
        failure = written == 0 ? "nothing could be written" : String(cString: strerror(errno))
        return
      }
    }
  }
}
