/// An entry as this peer sees it: the directory's word, and on top of that what this peer has changed and the directory
/// has not answered.
struct EntryMirror {
  /// The newest that the directory said.
  private(set) var confirmed: DirectoryEntry
  /// `confirmed` with this peer's own changes.
  private(set) var shown: DirectoryEntry
  private var pending: [(number: UInt64, player: PeerID, changes: [EntryChange])] = []
  private var lastNumber: UInt64 = 0

  init(_ entry: DirectoryEntry) {
    confirmed = entry
    shown = entry
  }

  /// Takes what the directory says; an older word than the last is ignored.
  /// - Returns: Whether it is news.
  mutating func adopt(_ entry: DirectoryEntry) -> Bool {
    guard entry.revision >= confirmed.revision else { return false }
    let isNew = entry != confirmed
    confirmed = entry
    rebuild()
    return isNew
  }

  /// Takes the directory's first word of a new stay, whatever was known before: an entry of the same id may have ended
  /// and begun anew since.
  mutating func restart(_ entry: DirectoryEntry) {
    confirmed = entry
    rebuild()
  }

  /// Shows changes before the directory has answered.
  /// - Returns: The number by which the answer is told.
  mutating func change(_ changes: [EntryChange], by player: PeerID) -> UInt64 {
    lastNumber &+= 1
    pending.append((lastNumber, player, changes))
    show(changes, by: player)
    return lastNumber
  }

  /// Shows a change in place of one of the same slot that the directory was not asked for.
  mutating func replace(_ number: UInt64, with change: EntryChange) {
    guard let index = pending.firstIndex(where: { $0.number == number }) else { return }
    pending[index].changes = [change]
    rebuild()
  }

  /// The directory has answered: what it took is in what it says from now on.
  mutating func settle(_ number: UInt64) {
    pending.removeAll { $0.number == number }
    rebuild()
  }

  private mutating func rebuild() {
    shown = confirmed
    for change in pending { show(change.changes, by: change.player) }
  }

  /// All or nothing, as the directory does it.
  private mutating func show(_ changes: [EntryChange], by player: PeerID) {
    var changed = shown
    for change in changes {
      guard (try? changed.apply(change, by: player)) != nil else { return }
    }
    shown = changed
  }
}
