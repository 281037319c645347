extension DirectoryState {
  /// Takes in what a store has, from other programs that use it too. What is the same as here is not news.
  /// - Parameters:
  ///   - isWhole: The records are all there are: what is not among them is gone.
  ///   - now: Seconds, on the clock that all users of the store share. Players that come without a heartbeat count as
  ///     heard of now. A heartbeat from the future is from before the machine was started: its player is dead. A search that would
  ///     end later than it may take begins anew.
  public mutating func absorb(_ records: [DirectoryRecord], isWhole: Bool, at now: Double) {
    if isWhole { dropAll(but: records) }
    var withHeartbeat: Set<String> = []
    for record in records where record.kind == .heartbeat && record.content != nil { withHeartbeat.insert(record.key) }
    // Players first: who is there decides who is told of the rest.
    for record in records where record.kind == .player { absorb(record, at: now, withHeartbeat) }
    for record in records where record.kind != .player { absorb(record, at: now, withHeartbeat) }
    // One of a player that is not signed in says nothing.
    for key in withHeartbeat {
      guard let player = PeerID(hexadecimal: key.utf8), players[player]?.run == nil else { continue }
      heard[player] = nil
    }
  }

  private mutating func absorb(_ record: DirectoryRecord, at now: Double, _ withHeartbeat: Set<String>) {
    guard let number = UInt64(hexadecimalDigits: record.key.utf8), number != 0 else { return }
    let player = PeerID(rawValue: number)
    switch (record.kind, record.content) {
    case (.player, .player(let known)?) where known.identity.id == player:
      absorb(known, at: withHeartbeat.contains(record.key) ? nil : now)
    case (.heartbeat, .heartbeat(let time)?): absorbHeartbeat(of: player, time, at: now)
    case (.entry, .entry(let entry)?) where record.key == entry.id.description:
      guard (try? entry.checkLimits()) != nil else { break }
      if shelves[entry.id] != entry { install(entry.id, entry, why: .dropped) }
    case (.invitations, .invitations(let waiting)?): setInvitations(waiting, of: player)
    case (.ticket, .ticket(let ticket)?) where record.key == String(ticket.ticket.id, radix: 16):
      absorb(ticket, at: now)
    case (.notes, .notes(let kept)?): notes[player] = kept
    case (let kind, nil): absorbEnd(of: kind, number)
    // What a damaged or newer store has.
    default: break
    }
  }

  private mutating func absorb(_ record: PlayerRecord, at time: Double?) {
    let id = record.identity.id
    let before = players[id]
    guard before != record else { return }
    // Who signs out by itself is told nothing any more.
    if let run = before?.run, run != record.run {
      news.append((id, .signedOut(record.run == nil ? .expired : .signedOut, run: run)))
    }
    if record.run != nil, before?.run != record.run, let time { hear(id, at: time) }
    put(record)
    if let run = record.run, before?.run != run { deliverAbsorbedInvitations(of: id) }
  }

  private mutating func deliverAbsorbedInvitations(of player: PeerID) {
    for invitation in invitations[player] ?? [] { tell(player, .invitation(invitation)) }
  }

  private mutating func absorbHeartbeat(of player: PeerID, _ time: Double, at now: Double) {
    // Others may have read the clock a little later than the caller.
    let isOfAnotherBoot = !(time <= now + Limits.heartbeatTimeout)
    let time = isOfAnotherBoot ? now - Limits.heartbeatTimeout : min(time, now)
    hear(player, at: time)
  }

  private mutating func absorb(_ known: TicketRecord, at now: Double) {
    guard tickets[known.ticket.id] != known, (try? Self.check(known.ticket)) != nil else { return }
    var record = known
    // One that ends so late was begun before the machine was started.
    let isOfAnotherBoot = !(record.deadline <= now + record.ticket.timeout + Limits.ticketGrace)
    if isOfAnotherBoot { record.deadline = now + record.ticket.timeout }
    let before = tickets[record.ticket.id]?.ticket
    tickets.put(record)
    deadlines.add(.ticket(record.ticket.id), at: record.deadline)
    if before != record.ticket { tellTicket(record.ticket) }
  }

  private mutating func absorbEnd(of kind: DirectoryRecord.Kind, _ number: UInt64) {
    let player = PeerID(rawValue: number)
    switch kind {
    case .player:
      if let run = players[player]?.run { news.append((player, .signedOut(.expired, run: run))) }
      forgetAbsorbed(player)
    case .heartbeat: if players[player]?.run == nil { heard[player] = nil }
    case .entry: if shelves[EntryID(rawValue: number)] != nil { install(EntryID(rawValue: number), nil, why: .ended) }
    case .invitations: invitations[player] = nil
    case .ticket: absorbEndOfTicket(number)
    case .notes: notes[player] = nil
    }
  }

  private mutating func forgetAbsorbed(_ player: PeerID) {
    let pending = changed
    forget(player)
    changed = pending
  }

  private mutating func absorbEndOfTicket(_ id: UInt64) {
    guard var ticket = tickets.remove(id)?.ticket, ticket.state == .searching else { return }
    ticket.state = .expired
    tellTicket(ticket)
  }

  /// Takes what is in no record for gone, in an order in which nobody is told of what is gone with it.
  private mutating func dropAll(but records: [DirectoryRecord]) {
    changed = ChangedRecords()
    var kept: [DirectoryRecord.Kind: Set<String>] = [:]
    for record in records where record.content != nil { kept[record.kind, default: []].insert(record.key) }
    for record in self.records.reversed() where kept[record.kind]?.contains(record.key) != true {
      UInt64(hexadecimalDigits: record.key.utf8).map { absorbEnd(of: record.kind, $0) }
    }
  }

  // MARK: - For a store

  /// What changed since the last call, in the order in which it first did.
  public mutating func takeRecords() -> [DirectoryRecord] {
    defer { changed = ChangedRecords() }
    return changed.subjects.map(record)
  }

  /// All there is, players first and in the order of ids; a copy that absorbs it whole is equal to this.
  public var records: [DirectoryRecord] {
    var subjects: [ChangedRecords.Subject] = []
    subjects += players.keys.sorted().map { .player($0) }
    subjects += heard.keys.sorted().map { .heartbeat($0) }
    subjects += notes.keys.sorted().map { .notes($0) }
    subjects += shelves.ids.sorted().map { .entry($0) }
    subjects += invitations.keys.sorted().map { .invitations($0) }
    subjects += tickets.ids.sorted().map { .ticket($0) }
    return subjects.map(record)
  }

  private func record(of subject: ChangedRecords.Subject) -> DirectoryRecord {
    switch subject {
    case .player(let id): DirectoryRecord(.player, id.description, players[id].map { .player($0) })
    case .heartbeat(let id): DirectoryRecord(.heartbeat, id.description, heard[id].map { .heartbeat($0) })
    case .entry(let id): DirectoryRecord(.entry, id.description, shelves[id].map { .entry($0) })
    case .invitations(let id): DirectoryRecord(.invitations, id.description, invitations[id].map { .invitations($0) })
    case .ticket(let id): DirectoryRecord(.ticket, String(id, radix: 16), tickets[id].map { .ticket($0) })
    case .notes(let id): DirectoryRecord(.notes, id.description, notes[id].map { .notes($0) })
    }
  }

  /// What a player has to know now, as news: who has lost some gets all of it anew. Entries, tickets and acquaintances
  /// that the player knows and that are not among it are gone.
  public func present(for player: PeerID) -> [DirectoryChange] {
    let entries = entries(of: player).compactMap { shelves[$0] }
    return entries.map { .entry(shown($0, to: player)) }
      + acquaintances(of: player).map { .acquaintance($0) }
      + (invitations[player] ?? []).map { .invitation($0) }
      + entries.flatMap { tickets.of(entry: $0.id) }.compactMap { tickets[$0].map { .ticket($0.ticket) } }
  }
}

/// What is to be written, each once.
struct ChangedRecords: Sendable {
  enum Subject: Hashable, Sendable {
    case player(PeerID)
    case heartbeat(PeerID)
    case entry(EntryID)
    case invitations(PeerID)
    case ticket(UInt64)
    case notes(PeerID)
  }

  private(set) var subjects: [Subject] = []
  private var known: Set<Subject> = []

  mutating func mark(_ subject: Subject) {
    if known.insert(subject).inserted { subjects.append(subject) }
  }
}
