/// The connections of a recording: the session of a replay sees through them what the recorded peer's session saw. What
/// it sends goes nowhere.
final class ReplayLinks: PeerLinks {
  struct Entry {
    let peer: PeerID
    let generation: UInt16
    var state = LinkState.connecting
    /// This end closed it: what came before and was not taken yet is nobody's.
    var isLetGo = false
    /// Some of its reliable data could not be followed, and that was told.
    var hasFault = false
    var lastHeard: Double
    var sent: UInt64 = 0
    /// The session that this end spoke of last.
    var context: SessionContext?
    /// What the other end's and this end's streams bring.
    var incoming: ReliableReceiveStream
    var outgoing: ReliableReceiveStream
  }

  let localPeer: PeerID
  private let window: Int
  private let log: Log
  private var entries: [Entry?] = []
  private var byPeer: [PeerID: UInt16] = [:]
  private var generations: [UInt16] = []
  var now = 0.0
  var pongTimeout = 60.0
  var reliableBufferSize: Int { Limits.messageSize }

  /// - Parameter window: The receive window that the recorded schema asks for; streams whose peers had a wider one, as
  ///   their settings may have said, get it when they need it.
  init(localPeer: PeerID, window: Int, log: @escaping Log) {
    self.localPeer = localPeer
    self.log = log
    self.window = min(max(window, Limits.leastReceiveWindow), Limits.receiveWindow)
  }

  deinit { for entry in entries { entry?.destroy() } }

  // MARK: What the recording says

  func open(_ number: UInt32, _ peer: PeerID, isKnown: Bool) {
    guard number < UInt32(Limits.links) else { return }
    let index = Int(number)
    while entries.count <= index {
      entries.append(nil)
      generations.append(0)
    }
    remove(index)
    generations[index] &+= 1
    entries[index] = Entry(
      peer: peer, generation: generations[index], lastHeard: now, incoming: ReliableReceiveStream(window: window),
      outgoing: ReliableReceiveStream(window: window))
    if isKnown { byPeer[peer] = UInt16(index) }
  }

  /// Follows what became of a link.
  /// - Returns: What the rooms above have to be told; nil when there is no such link.
  func change(_ number: UInt32, _ change: DumpLinkChange) -> (link: LinkID, peer: PeerID)? {
    guard let index = index(number), let entry = entries[index] else { return nil }
    switch change {
    case .connected: entries[index]?.state = .connected
    case .broken: entries[index]?.state = .broken
    case .closed(let reason):
      entries[index]?.state = .closed
      entries[index]?.isLetGo = reason == .localClose
      if byPeer[entry.peer] == UInt16(index) { byPeer[entry.peer] = nil }
    case .refused:
      entries[index]?.state = .closed
      if byPeer[entry.peer] == UInt16(index) { byPeer[entry.peer] = nil }
    }
    return (LinkID(index: UInt16(index), generation: entry.generation), entry.peer)
  }

  /// Takes a packet apart.
  /// - Parameter deliver: Gets each message that this packet made whole.
  func take(
    _ packet: DumpPacket, deliver: (Delivery) -> Void
  ) {
    guard let index = index(packet.link), let entry = entries[index] else { return }
    let link = LinkID(index: UInt16(index), generation: entry.generation)
    let isReceived = packet.direction == .received
    if isReceived { entries[index]?.lastHeard = now }
    func hand(_ channel: MessageChannel, _ body: UnsafeRawBufferPointer, isReliable: Bool) {
      guard entry.state == .connected || !isReceived, channel != .connection else { return }
      deliver(
        Delivery(
          link: link, peer: entry.peer, channel: channel, isReliable: isReliable, packet: packet.sequence, body: body))
    }
    for frame in PacketFrames(packet.body) {
      switch frame {
      case .stream(let offset, let bytes):
        guard let start = bytes.baseAddress, bytes.count > 0 else { continue }
        // Taken out meanwhile, for what is handed on may come back here.
        guard var stream = isReceived ? entries[index]?.incoming : entries[index]?.outgoing else { return }
        let fault = stream.follow(offset, start, count: bytes.count) { hand($0, $1, isReliable: true) }
        if isReceived { entries[index]?.incoming = stream } else { entries[index]?.outgoing = stream }
        if let fault { tell(fault, index) }
      case .unreliable(let channel, _, let body): hand(channel, body, isReliable: false)
      case .state(let body): if body.count > 0 { hand(.session, body, isReliable: false) }
      case .control: break
      }
    }
  }

  /// What is behind it in the stream may be missing for the rest of the replay.
  private func tell(_ fault: PacketFault, _ index: Int) {
    guard let entry = entries[index], !entry.hasFault else { return }
    entries[index]?.hasFault = true
    log(.warnings, "the replay loses messages between peers \(entry.peer) and \(localPeer): \(fault)")
  }

  /// This end has begun to speak of a session.
  func speak(of context: SessionContext, on link: LinkID) {
    if entry(link) != nil { entries[Int(link.index)]?.context = context }
  }

  func context(of link: LinkID) -> SessionContext? { entry(link)?.context }

  /// True for what came on a link that this end has closed since.
  func isLetGo(_ link: LinkID) -> Bool { entry(link)?.isLetGo ?? false }

  var connectedPeers: [PeerID] {
    entries.compactMap { entry in
      guard let entry, entry.state == .connected || entry.state == .broken else { return nil }
      return entry.peer
    }
  }

  private func index(_ number: UInt32) -> Int? {
    Int(number) < entries.count && entries[Int(number)] != nil ? Int(number) : nil
  }

  private func entry(_ link: LinkID) -> Entry? {
    guard Int(link.index) < entries.count, let entry = entries[Int(link.index)], entry.generation == link.generation
    else { return nil }
    return entry
  }

  private func remove(_ index: Int) {
    guard let entry = entries[index] else { return }
    if byPeer[entry.peer] == UInt16(index) { byPeer[entry.peer] = nil }
    entry.destroy()
    entries[index] = nil
  }

  // MARK: What the session asks

  func link(to peer: PeerID) -> LinkID? {
    guard let index = byPeer[peer], let entry = entries[Int(index)] else { return nil }
    return LinkID(index: index, generation: entry.generation)
  }

  func peer(of link: LinkID) -> PeerID { entry(link)?.peer ?? .nobody }

  func state(of link: LinkID) -> LinkState { entry(link)?.state ?? .closed }

  /// Everything that is sent counts as arrived: the session never waits.
  func acknowledgedOffset(of link: LinkID) -> UInt64 { entry(link)?.sent ?? 0 }

  @discardableResult
  func sendReliable(
    _ channel: MessageChannel, _ body: UnsafeRawBufferPointer, to link: LinkID, share: BufferShare
  ) throws(SendError) -> UInt64 {
    guard let entry = entry(link), entry.state == .connected || entry.state == .connecting else { throw .notConnected }
    let sent = entry.sent &+ UInt64(body.count) &+ 1
    entries[Int(link.index)]?.sent = sent
    return sent
  }

  func sendUnreliable(
    _ channel: MessageChannel, _ body: UnsafeRawBufferPointer, priority: Float, to link: LinkID
  ) throws(SendError) {}

  func silence(of link: LinkID) -> Double { entry(link).map { now - $0.lastHeard } ?? .infinity }

  /// Nothing is lost here.
  func repeatUnacknowledged(on link: LinkID) {}

  /// Bulk data never waits either.
  func bulkBytesLeft(on link: LinkID) -> Int { Limits.messageSize }

  func reliableBytesLeft(on link: LinkID) -> Int { Limits.messageSize }
}

extension ReplayLinks.Entry {
  func destroy() {
    incoming.destroy()
    outgoing.destroy()
  }
}

extension ReliableReceiveStream {
  /// Takes a piece of a recorded stream; nobody says how far ahead of a gap its receiver took them, so the window grows
  /// with what is there.
  fileprivate mutating func follow(
    _ offsetLow: UInt32, _ bytes: UnsafeRawPointer, count: Int,
    deliver: (MessageChannel, UnsafeRawBufferPointer) -> Void
  ) -> PacketFault? {
    while true {
      let fault = receive(offsetLow: offsetLow, bytes, count: count, deliver: deliver)
      guard fault == .streamBeyondWindow, window < Limits.receiveWindow else { return fault }
      widen(to: min(2 * window, Limits.receiveWindow))
    }
  }
}
