/// What this peer has sent to one member, and what it still has to send.
struct MemberTraffic {
  var link: LinkID?
  /// Whether there was another link to the same member before.
  var isRemade = false
  /// Whether the member has shown that it knows this peer: from then on nothing sent to it can fall between
  /// memberships.
  var isOpen = false
  /// Stream offset behind what was sent last.
  var lastOffset: UInt64 = 0
  /// Objects whose creation the member still has to be sent.
  var creations = ObjectQueue()
  /// Whether the member waits for word that it was sent everything.
  var owesMark = false
  /// Creations on their way.
  var inFlight = CreationsInFlight()
  var updates = UpdateQueue()
  /// Objects with values too long for a datagram.
  var largeValues = ObjectQueue()
  /// Messages of other clients on their way to the member.
  var relays = RelaysInFlight()

  /// Starts anew, over another link, or with nil for the slot's next member.
  mutating func reset(link: LinkID?) {
    self.link = link
    isRemade = false
    isOpen = false
    lastOffset = 0
    creations.removeAll()
    owesMark = false
    inFlight.removeAll()
    if link == nil { updates.removeAll() } else { updates.forgetSent() }
    largeValues.removeAll()
    relays.removeAll()
  }
}

/// Objects in a row, first in, first out.
struct ObjectQueue {
  private var refs: [ObjectRef] = []
  private var head = 0

  var isEmpty: Bool { head == refs.count }

  var first: ObjectRef? { isEmpty ? nil : refs[head] }

  var count: Int { refs.count - head }

  mutating func append(_ ref: ObjectRef) {
    if head > 64, head * 2 > refs.count {
      refs.removeFirst(head)
      head = 0
    }
    refs.append(ref)
  }

  mutating func removeFirst() {
    head += 1
    if head == refs.count { removeAll() }
  }

  mutating func removeAll() {
    refs.removeAll(keepingCapacity: true)
    head = 0
  }
}

/// Creations that a member was sent, in order, each with the stream offset behind it.
struct CreationsInFlight {
  private var entries: [(ref: ObjectRef, offset: UInt64)] = []
  private var head = 0

  mutating func append(_ ref: ObjectRef, offset: UInt64) {
    entries.append((ref, offset))
  }

  /// Takes out the next creation that the member has.
  mutating func next(acknowledged: UInt64) -> ObjectRef? {
    guard head < entries.count, entries[head].offset <= acknowledged else { return nil }
    let ref = entries[head].ref
    head += 1
    if head == entries.count {
      removeAll()
    } else if head > 64, head * 2 > entries.count {
      entries.removeFirst(head)
      head = 0
    }
    return ref
  }

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    head = 0
  }
}
