/// Players that are no acquaintances and whose names were asked for.
struct SteamStrangers {
  /// What came of asking for a player.
  enum Answer {
    /// Nil for nobody.
    case found(DirectoryPlayer?)
    case failed
  }

  private struct Stranger {
    var player: DirectoryPlayer?
    var isAsked = false
    /// When it is asked for again, by who wants to know it.
    var nextAsk: Double
  }

  private final class Known {
    var strangers: [PeerID: Stranger] = [:]
  }

  private let known = Known()

  /// A player, as the directory has told of it last; nil while it has not. Asks where that is too long ago.
  /// - Parameter ask: Gets the answer, at some time.
  func find(_ id: PeerID, at now: Double, _ ask: (@escaping (Answer) -> Void) -> Void) -> DirectoryPlayer? {
    if known.strangers[id] == nil, known.strangers.count >= Limits.relations { known.strangers.removeAll() }
    var stranger = known.strangers[id] ?? Stranger(nextAsk: now)
    guard !stranger.isAsked, now >= stranger.nextAsk else { return stranger.player }
    stranger.isAsked = true
    stranger.nextAsk = now + Limits.steamAskInterval
    known.strangers[id] = stranger
    ask { [known] answer in
      known.strangers[id]?.isAsked = false
      if case .found(let player) = answer { known.strangers[id]?.player = player }
    }
    return known.strangers[id]?.player
  }
}
