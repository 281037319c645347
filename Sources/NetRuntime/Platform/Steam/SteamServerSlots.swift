/// The places of a game server: who got one, and whether it has come.
struct SteamServerSlots {
  private enum Slot: Equatable {
    /// The directory has given a place; the player's connection is awaited.
    case given(deadline: Double)
    case there
    /// Put out here.
    case removed
  }

  /// What an update found.
  enum Action: Equatable {
    case came(PeerID)
    case isThere(PeerID)
    case left(PeerID)
    case expired(PeerID)
  }

  private var slots: [PeerID: Slot] = [:]

  func isThere(_ peer: PeerID) -> Bool { slots[peer] == .there }

  /// Ends a player's place.
  mutating func remove(_ peer: PeerID) { slots[peer] = .removed }

  /// - Parameter peers: Who has a place, by the directory's word and with what was changed here.
  mutating func update(_ peers: [PeerID], at now: Double, isConnected: (PeerID) -> Bool) -> [Action] {
    var actions: [Action] = []
    for peer in slots.keys.filter({ !peers.contains($0) }).sorted() {
      if slots.removeValue(forKey: peer) != .removed { actions.append(.left(peer)) }
    }
    for peer in peers {
      // Who was put out is not listed, unless it has come back.
      if slots[peer] == nil || slots[peer] == .removed {
        slots[peer] = .given(deadline: now + Limits.steamSlotTime)
        actions.append(.came(peer))
      }
      guard case .given(let deadline)? = slots[peer] else { continue }
      if isConnected(peer) {
        slots[peer] = .there
        actions.append(.isThere(peer))
      } else if now >= deadline {
        actions.append(.expired(peer))
      }
    }
    return actions
  }
}
