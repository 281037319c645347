extension DirectoryState {
  /// Lets time pass: players that were silent for too long are signed out, and tickets end without success.
  public mutating func advance(to now: Double) {
    while let subject = deadlines.removeFirst(dueAt: now) {
      switch subject {
      case .player(let player): expire(player, at: now)
      case .ticket(let ticket): expireTicket(ticket, at: now)
      }
    }
    matchTickets()
  }

  private mutating func expire(_ player: PeerID, at now: Double) {
    guard let last = heard[player], let run = players[player]?.run else { return }
    if last + Limits.heartbeatTimeout > now {
      deadlines.add(.player(player), at: last + Limits.heartbeatTimeout)
    } else {
      end(player, run: run, because: .expired)
    }
  }

  /// Notes when a player was last heard of.
  mutating func hear(_ player: PeerID, at time: Double) {
    heard[player] = time
    deadlines.add(.player(player), at: time + Limits.heartbeatTimeout)
  }
}
