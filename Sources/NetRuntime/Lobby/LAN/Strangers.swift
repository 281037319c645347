/// Peers that connected and are in no lobby of ours: newcomers that have not asked yet, and members that left and may
/// be back before the lobby's host tells. Each has `Limits.pendingJoinTime` to join, whatever lobby this peer is in.
struct Strangers {
  private var list: [(link: LinkID, peer: PeerID, since: Double)] = []

  /// False when there is no room: the connection has to be released.
  mutating func add(_ link: LinkID, _ peer: PeerID, at now: Double) -> Bool {
    guard list.count < Limits.pendingJoins else { return false }
    list.append((link, peer, now))
    return true
  }

  func contains(_ link: LinkID) -> Bool {
    list.contains { $0.link == link }
  }

  mutating func remove(_ link: LinkID) {
    list.removeAll { $0.link == link }
  }

  /// Forgets those for whom `isSettled` holds.
  mutating func forget(where isSettled: (LinkID, PeerID) -> Bool) {
    list.removeAll { isSettled($0.link, $0.peer) }
  }

  /// Takes out the next one whose time is over.
  mutating func nextOverdue(at now: Double) -> (link: LinkID, peer: PeerID)? {
    guard let oldest = list.first, now - oldest.since >= Limits.pendingJoinTime else { return nil }
    list.removeFirst()
    return (oldest.link, oldest.peer)
  }
}
