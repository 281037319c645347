/// Every link by its index, and the links that the rooms above know by their peer.
struct LinkTable {
  private let slots: UnsafeMutablePointer<LinkPointer?>
  private let generations: UnsafeMutablePointer<UInt16>
  /// One past the highest index that was ever used: what has to be walked.
  private(set) var end = 0

  // The peers known above, densely: few enough that looking at all beats hashing.
  private let peers: UnsafeMutablePointer<UInt64>
  private let indices: UnsafeMutablePointer<UInt16>
  private(set) var peerCount = 0

  init() {
    slots = .allocate(capacity: Limits.links)
    slots.initialize(repeating: nil, count: Limits.links)
    generations = .allocate(capacity: Limits.links)
    generations.initialize(repeating: 0, count: Limits.links)
    peers = .allocate(capacity: Limits.links)
    indices = .allocate(capacity: Limits.links)
  }

  func destroy() {
    for index in 0..<end {
      guard let link = slots[index] else { continue }
      link.pointee.destroy()
      link.deallocate()
    }
    slots.deallocate()
    generations.deallocate()
    peers.deallocate()
    indices.deallocate()
  }

  @inline(__always)
  subscript(index: Int) -> LinkPointer? {
    index < Limits.links ? slots[index] : nil
  }

  @inline(__always)
  subscript(id: LinkID) -> LinkPointer? {
    let index = Int(id.index)
    guard index < Limits.links, let link = slots[index], link.pointee.id.generation == id.generation else { return nil }
    return link
  }

  /// The lowest index without a link that `isReserved` does not hold.
  func freeIndex(isReserved: (UInt16) -> Bool) -> UInt16? {
    for index in 0..<Limits.links where slots[index] == nil && !isReserved(UInt16(index)) { return UInt16(index) }
    return nil
  }

  func nextID(at index: UInt16) -> LinkID {
    LinkID(index: index, generation: generations[Int(index)])
  }

  mutating func insert(_ link: Link) -> LinkPointer {
    let index = Int(link.id.index)
    let place = LinkPointer.allocate(capacity: 1)
    place.initialize(to: link)
    slots[index] = place
    end = max(end, index + 1)
    return place
  }

  mutating func remove(_ link: LinkPointer) {
    let index = Int(link.pointee.id.index)
    hide(link)
    generations[index] &+= 1
    slots[index] = nil
    link.pointee.destroy()
    link.deallocate()
    while end > 0 && slots[end - 1] == nil { end -= 1 }
  }

  // MARK: Known above

  @inline(__always)
  func link(to peer: PeerID) -> LinkPointer? {
    for place in 0..<peerCount where peers[place] == peer.rawValue { return slots[Int(indices[place])] }
    return nil
  }

  mutating func expose(_ link: LinkPointer) {
    hide(link)
    peers[peerCount] = link.pointee.peer.rawValue
    indices[peerCount] = link.pointee.id.index
    peerCount += 1
  }

  mutating func hide(_ link: LinkPointer) {
    let (index, peer) = (link.pointee.id.index, link.pointee.peer.rawValue)
    for place in 0..<peerCount where indices[place] == index && peers[place] == peer {
      // The others keep their order, the one in which they appeared.
      for later in place..<peerCount - 1 {
        peers[later] = peers[later + 1]
        indices[later] = indices[later + 1]
      }
      peerCount -= 1
      return
    }
  }

  func exposed(_ place: Int) -> LinkPointer? { slots[Int(indices[place])] }
}
