import NetRuntime

/// Puts answers, which come by one connection, and news, which come by another, into one order: an answer is kept back
/// until the news of what it did are there. Those may tell of later changes, too, which whoever waits for the answer
/// cannot make anything of; so an answer tells the newest of an entry.
struct NewsGate {
  private struct Held {
    var news: UInt64
    var answers: [DirectoryNews]
    var deadline: Double
  }

  /// The number of the newest news.
  private(set) var seen: UInt64?
  private var held: [Held] = []
  private let player: PeerID
  /// The entries that the player is in, as far as it was told.
  private var entries: [EntryID: DirectoryEntry] = [:]
  /// What the player was told of others.
  private var acquaintances: [PeerID: Acquaintance] = [:]
  /// Searches that have not ended, as far as the player was told.
  private var searches: [UInt64: MatchTicket] = [:]

  /// - Parameter player: Whose news these are.
  init(of player: PeerID) { self.player = player }

  var isEmpty: Bool { held.isEmpty }

  /// Answers came, which go with the news up to a number.
  /// - Returns: What may be told now.
  mutating func hold(_ answers: [DirectoryNews], until news: UInt64, at now: Double) -> [DirectoryNews] {
    held.append(Held(news: news, answers: answers, deadline: now + Limits.newsDelay))
    return release()
  }

  /// News came.
  /// - Returns: What may be told behind them.
  mutating func pass(_ number: UInt64) -> [DirectoryNews] {
    seen = number
    return release()
  }

  private mutating func release() -> [DirectoryNews] {
    guard let seen, let last = held.lastIndex(where: { $0.news <= seen }) else { return [] }
    defer { held.removeFirst(last + 1) }
    return held[...last].flatMap(\.answers).flatMap(brought)
  }

  /// An answer as it is true now that its news are there.
  private func brought(_ answer: DirectoryNews) -> [DirectoryNews] {
    if case .answer(let number, .success(.friends(let all))) = answer {
      return [.answer(number: number, .success(.friends(all.map { acquaintances[$0.player.id] ?? $0 })))]
    }
    guard case .answer(let number, .success(.entry(let entry))) = answer else { return [answer] }
    if let newer = entries[entry.id] {
      return [newer.revision > entry.revision ? .answer(number: number, .success(.entry(newer))) : answer]
    }
    // The player was told that it is no longer in it, and had not heard that it was.
    guard entry.member(player) != nil else { return [answer] }
    return [answer, .change(.left(entry.id, .dropped), for: player)]
  }

  /// Answers whose news stay away.
  mutating func takeLate(at now: Double) -> [DirectoryNews] {
    let late = held.prefix { $0.deadline <= now }
    guard !late.isEmpty else { return [] }
    defer { held.removeFirst(late.count) }
    return late.flatMap(\.answers)
  }

  mutating func takeAll() -> [DirectoryNews] {
    defer { held.removeAll() }
    return held.flatMap(\.answers)
  }

  // MARK: What was told

  /// The player was told of a change.
  mutating func note(_ change: DirectoryChange) {
    switch change {
    case .entry(let entry): entries[entry.id] = entry
    case .left(let id, _): entries[id] = nil
    case .acquaintance(let acquaintance): acquaintances[acquaintance.player.id] = acquaintance
    case .ticket(let ticket): searches[ticket.id] = ticket.state == .searching ? ticket : nil
    case .invitation: break
    }
  }

  /// All that the player has to know.
  /// - Returns: The changes that it was not told of.
  mutating func adopt(_ all: NewsRefresh) -> [DirectoryChange] {
    let gone = entries.keys.filter { id in !all.entries.contains { $0.id == id } }.sorted()
    let news = all.entries.filter { entries[$0.id]?.revision != $0.revision }
    let over = searches.values.filter { search in !all.tickets.contains { $0.id == search.id } }
    entries = Dictionary(all.entries.map { ($0.id, $0) }) { first, _ in first }
    let others: [DirectoryChange] =
      all.acquaintances.map { .acquaintance($0) } + all.invitations.map { .invitation($0) }
      + all.tickets.map { .ticket($0) } + over.sorted { $0.id < $1.id }.map { .ticket($0.ended) }
    for change in others { note(change) }
    return gone.map { .left($0, .dropped) } + news.map { .entry($0) } + others
  }
}

extension MatchTicket {
  /// The search as it is once its time is over.
  fileprivate var ended: MatchTicket {
    var ticket = self
    ticket.state = .expired
    return ticket
  }
}
