extension Connections {
  public func link(to peer: PeerID) -> LinkID? {
    table.pointee.link(to: peer)?.pointee.id
  }

  public func peer(of link: LinkID) -> PeerID {
    table.pointee[link]?.pointee.peer ?? .nobody
  }

  public func state(of link: LinkID) -> LinkState {
    switch table.pointee[link]?.pointee.phase {
    case .connecting, .comparing: .connecting
    case .connected: .connected
    case .broken: .broken
    case .lingering, .drained, .dead, nil: .closed
    }
  }

  /// The links that the rooms above know, in the order in which they appeared; broken ones stay among them until they
  /// are closed.
  public var linkList: [LinkID] {
    (0..<table.pointee.peerCount).compactMap { table.pointee.exposed($0)?.pointee.id }
  }

  /// The smoothed round trip to a peer in seconds, waiting for the frames at both ends included; 0 without a
  /// connection.
  public func ping(_ peer: PeerID) -> Double {
    table.pointee.link(to: peer)?.pointee.ping.roundTrip ?? 0
  }

  /// Where a link's packets go and come from.
  public func endpoint(of link: LinkID) -> Endpoint? {
    table.pointee[link]?.pointee.endpoint
  }

  @discardableResult
  public func sendReliable(
    _ channel: MessageChannel, _ body: UnsafeRawBufferPointer, to link: LinkID, share: BufferShare
  ) throws(SendError) -> UInt64 {
    guard let place = table.pointee[link], place.pointee.takesMessages else { throw .notConnected }
    guard body.count <= Limits.messageSize else { throw .tooLong(body.count) }
    // The schemas differ: nothing of this link's will ever be delivered.
    if place.pointee.phase == .comparing { return place.pointee.outgoing.end }
    let head = MessageHead.value(channel, length: body.count)
    let headSize = MessageHead.size(head)
    let size = headSize &+ body.count
    if share == .script {
      let left = place.pointee.outgoing.scriptBytesLeft
      guard size <= left else { throw .bufferFull(needed: size, left: left) }
    } else if place.pointee.outgoing.engineBytes > Limits.engineBacklog {
      // Still taken, as promised; the link ends by it.
      breakLink(place, .backlog)
      return place.pointee.outgoing.end
    }
    place.pointee.outgoing.append(head: head, headSize: headSize, body: body, isScript: share == .script)
    if share == .bulk { place.pointee.limiter.takeBulk(size) }
    return place.pointee.outgoing.end
  }

  public func repeatUnacknowledged(on link: LinkID) {
    guard let place = table.pointee[link], place.pointee.phase == .connected else { return }
    place.pointee.outgoing.repeatOldest(bytes: Limits.repeatedBytes)
  }

  public func bulkBytesLeft(on link: LinkID) -> Int {
    guard let place = table.pointee[link], place.pointee.takesMessages else { return 0 }
    let left = min(place.pointee.limiter.bulk, Double(Limits.bulkBytesInFlight))
    return min(Int(max(left, -1)), Limits.bulkBytesInFlight - place.pointee.outgoing.engineBytes)
  }

  public func acknowledgedOffset(of link: LinkID) -> UInt64 {
    table.pointee[link]?.pointee.outgoing.acknowledged ?? 0
  }

  /// A message that no datagram holds goes on the reliable stream, if the script's share has room, and is lost
  /// otherwise.
  public func sendUnreliable(
    _ channel: MessageChannel, _ body: UnsafeRawBufferPointer, priority: Float, to link: LinkID
  ) throws(SendError) {
    guard let place = table.pointee[link], place.pointee.takesMessages else { throw .notConnected }
    guard body.count <= Limits.messageSize else { throw .tooLong(body.count) }
    if place.pointee.phase == .comparing { return }
    let head = MessageHead.value(channel, length: body.count)
    let headSize = MessageHead.size(head)
    if headSize + body.count > FrameKind.unreliableSize {
      guard headSize + body.count <= place.pointee.outgoing.scriptBytesLeft else { return }
      place.pointee.outgoing.append(head: head, headSize: headSize, body: body, isScript: true)
      return
    }
    place.pointee.unreliable.append(head: head, headSize: headSize, body: body, priority: priority, at: now)
  }

  public func silence(of link: LinkID) -> Double {
    table.pointee[link].map { now - $0.pointee.ping.lastHeard } ?? .infinity
  }

  public var reliableBufferSize: Int { schema.reliableSendBufferSize }

  public var pongTimeout: Double { settings.pongTimeout }

  public func reliableBytesLeft(on link: LinkID) -> Int {
    guard let place = table.pointee[link], place.pointee.takesMessages else { return 0 }
    return place.pointee.outgoing.scriptBytesLeft
  }

  /// Limits what is sent on a link; `RateLimiter` has the defaults.
  /// - Parameters:
  ///   - rate: Bytes a second, above 0; infinity for no limit.
  ///   - burst: Bytes that may be saved up, at least a datagram's.
  public func setSendRate(_ rate: Double, burst: Double = RateLimiter.defaultBurst, of link: LinkID) {
    table.pointee[link]?.pointee.limiter.set(
      rate: max(rate, 1), burst: max(burst, Double(Limits.packetSize)))
  }
}
