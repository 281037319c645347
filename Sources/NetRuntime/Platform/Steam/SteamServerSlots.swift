/// The places of a game server: who got one, and whether it has come.
struct SteamServerSlots {
  /// Who asks for a place.
  struct Guest: Equatable {
    var peer: PeerID
    /// Tells one run of its program from the next.
    var run: UInt64
  }

  private enum Phase: Equatable {
    /// The directory has given a place; the player's connection is awaited.
    case given(deadline: Double)
    case there
    /// Put out here.
    case removed
  }

  private struct Slot {
    var run: UInt64
    var phase: Phase
  }

  /// What an update found.
  enum Action: Equatable {
    case came(PeerID)
    case isThere(PeerID)
    case left(PeerID)
    case expired(PeerID)
  }

  private var slots: [PeerID: Slot] = [:]

  func isThere(_ peer: PeerID) -> Bool { slots[peer]?.phase == .there }

  /// Ends a player's place.
  mutating func remove(_ peer: PeerID) { slots[peer]?.phase = .removed }

  /// - Parameter guests: Who has a place, by the directory's word and with what was changed here.
  mutating func update(_ guests: [Guest], at now: Double, isConnected: (PeerID) -> Bool) -> [Action] {
    var actions: [Action] = []
    let runs = Dictionary(guests.map { ($0.peer, $0.run) }) { first, _ in first }
    // A program that began anew has left in between, seen or not.
    for (peer, slot) in slots.sorted(by: { $0.key < $1.key }) where runs[peer] != slot.run {
      slots[peer] = nil
      if slot.phase != .removed { actions.append(.left(peer)) }
    }
    for (peer, run) in guests.map({ ($0.peer, $0.run) }) where runs[peer] == run {
      // Who was put out is not listed, unless it has come back.
      var slot = slots[peer] ?? Slot(run: run, phase: .removed)
      if slot.phase == .removed {
        slot.phase = .given(deadline: now + Limits.steamSlotTime)
        actions.append(.came(peer))
      }
      if case .given(let deadline) = slot.phase {
        if isConnected(peer) {
          slot.phase = .there
          actions.append(.isThere(peer))
        } else if now >= deadline {
          actions.append(.expired(peer))
        }
      }
      slots[peer] = slot
    }
    return actions
  }
}
