/// What decides which peers this one is connected to, besides a game session: the lobby of a LAN, or the lobbies, rooms
/// and sessions of a platform. The runtime tells it what becomes of the connections.
protocol LobbyLayer: AnyObject {
  /// Seconds for which a peer may be silent.
  var pongTimeout: Double { get set }
  /// Sees the datagrams of the layer's own; nil for nobody.
  var tap: (any PacketTap)? { get set }

  /// Whether the layer needs the connection to a peer.
  func uses(_ peer: PeerID) -> Bool
  /// Whether a peer may belong to what this one is in, so that its messages are for the script.
  func mayBeMember(_ peer: PeerID) -> Bool

  /// Reads what the layer hears by ways of its own.
  func receive(at now: Double)
  /// Takes a message of channel `.lobby`.
  func handle(_ delivery: Delivery, at now: Double)
  func linkConnected(_ link: LinkID, peer: PeerID, at now: Double)
  /// The other end fell silent.
  func linkBroken(_ link: LinkID, peer: PeerID, at now: Double)
  /// The other end closed the connection.
  func linkClosed(_ link: LinkID, peer: PeerID, at now: Double)
  /// A connection that the layer asked for did not come about.
  func linkRefused(_ link: LinkID, peer: PeerID, reason: RefusalReason, at now: Double)
  /// Does what is due; after the deliveries of an update.
  func advance(to now: Double)
  /// Queues what was set since the last time; before the connections transmit.
  func transmit(at now: Double)
  /// Leaves everything; the layer is of no use after that.
  func shutdown()
}

extension LANClient: LobbyLayer {
  func linkRefused(_ link: LinkID, peer: PeerID, reason: RefusalReason, at now: Double) {
    linkRefused(link, peer: peer, reason: "\(reason)", at: now)
  }
}
