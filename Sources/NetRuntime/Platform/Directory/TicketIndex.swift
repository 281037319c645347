/// All tickets, by what they are looked up with.
struct TicketIndex: Sendable {
  private var records: [UInt64: TicketRecord] = [:]
  private var byEntry: [EntryID: Set<UInt64>] = [:]
  private var byOwner: [PeerID: Set<UInt64>] = [:]
  /// Those that are searching, the oldest first.
  private var byHopper: [Hopper: [UInt64]] = [:]

  var ids: [UInt64] { Array(records.keys) }

  subscript(id: UInt64) -> TicketRecord? { records[id] }

  func of(entry: EntryID) -> [UInt64] { (byEntry[entry] ?? []).sorted() }
  func owned(by player: PeerID) -> [UInt64] { (byOwner[player] ?? []).sorted() }
  /// The tickets that are searching, the oldest first.
  func searching(in hopper: Hopper) -> [UInt64] { byHopper[hopper] ?? [] }

  /// Puts a ticket in, in place of the one that has its id.
  mutating func put(_ record: TicketRecord) {
    let id = record.ticket.id
    remove(id)
    records[id] = record
    byEntry[record.ticket.entry, default: []].insert(id)
    byOwner[record.owner, default: []].insert(id)
    guard record.ticket.state == .searching else { return }
    // From the end, for a new one is the youngest.
    let queue = byHopper[record.ticket.hopper] ?? []
    let place = queue.lastIndex { records[$0].map { $0.isOlder(than: record) } ?? true }.map { $0 + 1 } ?? 0
    byHopper[record.ticket.hopper, default: []].insert(id, at: place)
  }

  @discardableResult
  mutating func remove(_ id: UInt64) -> TicketRecord? {
    guard let record = records.removeValue(forKey: id) else { return nil }
    byEntry[record.ticket.entry]?.remove(id)
    if byEntry[record.ticket.entry]?.isEmpty == true { byEntry[record.ticket.entry] = nil }
    byOwner[record.owner]?.remove(id)
    if byOwner[record.owner]?.isEmpty == true { byOwner[record.owner] = nil }
    byHopper[record.ticket.hopper]?.removeAll { $0 == id }
    if byHopper[record.ticket.hopper]?.isEmpty == true { byHopper[record.ticket.hopper] = nil }
    return record
  }
}

extension TicketRecord {
  func isOlder(than other: TicketRecord) -> Bool {
    let age = deadline - ticket.timeout
    let otherAge = other.deadline - other.ticket.timeout
    return age != otherAge ? age < otherAge : ticket.id < other.ticket.id
  }
}
