/// What scripts ask of a session.
extension GameSession {
  public var isInSession: Bool { membership.isInSession }
  public var isHost: Bool { membership.isHost }

  /// The session's host, also after the session ended; nil while none is known.
  public var host: PeerID? { membership.host }

  /// Whether the connection to the host was lost.
  public var hostError: Bool { membership.hostError }

  /// All members, this peer first on the host and the host first on clients; nobody outside a session.
  public var peers: [PeerID] {
    guard membership.isInSession else { return [] }
    var list = membership.members.map { ($0.info.join, $0.peer) }
    list.append((membership.ownJoin, links.localPeer))
    list.sort { $0.0 < $1.0 }
    return list.map(\.1)
  }

  public var otherPeers: [PeerID] { membership.members.map(\.peer) }

  /// Other members that have received all objects.
  public var synchronizedPeers: [PeerID] { membership.members.filter(\.isSynced).map(\.peer) }

  /// Other members that are still receiving the objects that were there before them.
  public var synchronizingPeers: [PeerID] { membership.members.filter { !$0.isSynced }.map(\.peer) }

  /// A member that asked to be let out, until it is removed; nil on clients.
  public var wantsToLeave: PeerID? {
    membership.isHost ? membership.members.first { $0.wantsToLeave }?.peer : nil
  }

  /// A member whose connection is lost, until it is removed; nil on clients.
  public var brokenConnection: PeerID? {
    membership.isHost ? membership.members.first { $0.isBroken }?.peer : nil
  }

  /// Whether a peer is a member, this peer included.
  public func isMember(_ peer: PeerID) -> Bool {
    membership.isInSession && (peer == links.localPeer || membership.member(peer) != nil)
  }

  public func exists(_ id: UInt32) -> Bool { table.row(of: id) != nil }

  /// Index of the object's type in the schema.
  public func objectType(of id: UInt32) throws(SessionError) -> Int {
    guard let row = table.row(of: id) else { throw .noObject(id) }
    return Int(table.rows[row].type)
  }

  public func owner(of id: UInt32) throws(SessionError) -> PeerID {
    guard let row = table.row(of: id) else { throw .noObject(id) }
    return table.rows[row].ownerPeer
  }

  /// The objects of a peer, lowest id first.
  public func objects(ownedBy peer: PeerID) -> [UInt32] {
    var list: [UInt32] = []
    for row in 0..<table.rowCount where table.rows[row].exists && table.rows[row].ownerPeer == peer {
      list.append(table.rows[row].id)
    }
    return list.sorted()
  }
}
