import Glibc

/// A dump that is being written. A frame goes to the file in one piece once it is whole, so that a program that is killed
/// leaves whole frames behind, and at most a part of one at the end.
struct DumpFile {
  private var descriptor: Int32
  private let crc = CRC32()
  /// One frame: room for its head, then the time and the records.
  private var buffer = UnsafeMutableRawPointer.allocate(byteCount: Limits.dumpBuffer, alignment: 16)
  private var capacity = Limits.dumpBuffer
  /// Room for length and checksum.
  private static let headRoom = Varint.maximumSize + 4
  private var end = DumpFile.headRoom
  /// The time that the frames written before have come to.
  private var units: Int64 = 0
  /// Where records begin, behind the frame's time; nil while there is no frame.
  private var start: Int?
  /// What the file begins with, until that is written.
  private var header: [UInt8]
  /// What went wrong; nothing is written any more.
  private(set) var failure: String?

  /// Makes the file. One that is there is replaced with the first frame, so that a program that only looks into an old
  /// dump does not lose it.
  init(path: String, startTime: UInt64) throws(DumpError) {
    header = DumpFormat.magic
    descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      buffer.deallocate()
      crc.destroy()
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    header += [UInt8(DumpFormat.version & 0xFF), UInt8(DumpFormat.version >> 8), 0, 0]
    header += (0..<8).map { UInt8(truncatingIfNeeded: startTime >> (8 * UInt64($0))) }
  }

  mutating func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
    buffer.deallocate()
    crc.destroy()
  }

  /// Whether anything waits to be written.
  var hasFrame: Bool { start != nil }

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

  /// Ends the frame and writes it.
  mutating func flush() {
    guard start != nil else { return }
    let length = end - Self.headRoom
    let payload = UnsafeRawBufferPointer(start: buffer + Self.headRoom, count: length)
    let checksum = crc.checksum(payload).littleEndian
    // The head is put directly before the payload, however long the length turns out to be.
    let head = Varint.size(UInt64(length)) + 4
    let first = buffer + Self.headRoom - head
    let size = Varint.write(UInt64(length), to: first)
    (first + size).storeBytes(of: checksum, as: UInt32.self)
    write(UnsafeRawBufferPointer(start: first, count: head + length))
    end = Self.headRoom
    start = nil
  }

  private mutating func makeRoom(_ bytes: Int) {
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
