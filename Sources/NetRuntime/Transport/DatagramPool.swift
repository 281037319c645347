/// Storage of the datagrams inside a virtual network: equal slots in one block of memory, which grows while more are
/// under way than ever before and is then used again and again.
struct DatagramPool: ~Copyable {
  struct Slot {
    var count = 0
    var source = Endpoint(address: 0, port: 0)
    /// The socket it goes to.
    var socket = 0
    /// The slot behind this one, in a socket's queue or in the list of free slots; -1 at the end.
    var next: Int32 = -1
  }

  private(set) var slots: [Slot] = []
  private var payloads: UnsafeMutableRawPointer
  private var firstFree: Int32 = -1

  init() {
    payloads = .allocate(byteCount: 0, alignment: 16)
  }

  deinit {
    payloads.deallocate()
  }

  /// Takes a slot and copies the datagram into it; the datagram is no longer than `Limits.datagramSize`.
  mutating func insert(_ datagram: UnsafeRawBufferPointer, source: Endpoint, socket: Int) -> Int32 {
    if firstFree < 0 { grow() }
    let slot = firstFree
    firstFree = slots[Int(slot)].next
    slots[Int(slot)] = Slot(count: datagram.count, source: source, socket: socket, next: -1)
    UnsafeMutableRawBufferPointer(start: payload(slot), count: Limits.datagramSize).copyMemory(from: datagram)
    return slot
  }

  mutating func free(_ slot: Int32) {
    slots[Int(slot)].next = firstFree
    firstFree = slot
  }

  mutating func setNext(of slot: Int32, to next: Int32) {
    slots[Int(slot)].next = next
  }

  func bytes(of slot: Int32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: payload(slot), count: slots[Int(slot)].count)
  }

  private func payload(_ slot: Int32) -> UnsafeMutableRawPointer {
    payloads + Int(slot) * Limits.datagramSize
  }

  private mutating func grow() {
    let old = slots.count
    let new = max(64, old * 2)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: new * Limits.datagramSize, alignment: 16)
    larger.copyMemory(from: payloads, byteCount: old * Limits.datagramSize)
    payloads.deallocate()
    payloads = larger
    for slot in old..<new {
      slots.append(Slot())
      free(Int32(slot))
    }
  }
}
