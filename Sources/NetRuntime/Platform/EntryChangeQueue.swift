/// A lobby's changes on their way to the directory. All that has gathered is asked for together; where the directory
/// refuses that, its halves are asked for, and so on, until those are left alone that it does not take.
struct EntryChangeQueue {
  /// One change, by the number that the lobby's mirror knows it by.
  struct Change: Equatable {
    var number: UInt64
    var change: EntryChange
  }

  /// What is asked for with one request.
  struct Batch {
    var number: UInt64
    var changes: [Change]
  }

  private var unsent: [Change] = []
  private var underWay: [Batch] = []
  /// Parts of what was refused or could not be taken, in their order; they are asked for before anything new.
  private var repeated: [[Change]] = []
  private var lastBatch: UInt64 = 0

  /// Whether no request is under way.
  var isIdle: Bool { underWay.isEmpty }

  /// - Returns: The number of a change that waits and means the same thing; the new value takes its place, so that what
  ///   waits does not grow with time.
  mutating func replace(with change: EntryChange) -> UInt64? {
    guard let slot = change.slot else { return nil }
    for index in unsent.indices.reversed() {
      // What comes after another host, or after somebody was put out, may mean something else.
      guard let other = unsent[index].change.slot else { return nil }
      if other == slot {
        unsent[index].change = change
        return unsent[index].number
      }
    }
    return nil
  }

  mutating func append(_ change: Change) { unsent.append(change) }

  /// What is to be asked for next; nil for nothing.
  mutating func next() -> Batch? {
    let changes: [Change]
    if !repeated.isEmpty {
      changes = repeated.removeFirst()
    } else {
      changes = Array(unsent.prefix(Limits.entryChanges))
      unsent.removeFirst(changes.count)
    }
    guard !changes.isEmpty else { return nil }
    lastBatch += 1
    underWay.append(Batch(number: lastBatch, changes: changes))
    return underWay.last
  }

  /// A batch was answered for good, for all of it.
  /// - Returns: What it was.
  mutating func finish(_ number: UInt64) -> [Change] {
    guard let index = underWay.firstIndex(where: { $0.number == number }) else { return [] }
    return underWay.remove(at: index).changes
  }

  /// A batch could not be taken now; it is asked for again.
  /// - Returns: What need not be asked for again, for a later batch says otherwise.
  mutating func postpone(_ number: UInt64) -> [Change] {
    let (changes, old) = withdraw(number)
    if !changes.isEmpty { repeated.insert(changes, at: 0) }
    return old
  }

  /// A batch was refused; nothing of it was done.
  /// - Returns: What is refused by itself, and what need not be asked for again, for a later batch says otherwise.
  mutating func refuse(_ number: UInt64) -> (refused: [Change], old: [Change]) {
    let (changes, old) = withdraw(number)
    guard changes.count + old.count > 1 else { return (changes, old) }
    let half = changes.count / 2
    let parts = [Array(changes[..<half]), Array(changes[half...])].filter { !$0.isEmpty }
    repeated.insert(contentsOf: parts, at: 0)
    return ([], old)
  }

  private mutating func withdraw(_ number: UInt64) -> (changes: [Change], old: [Change]) {
    let changes = finish(number)
    let later = Set(underWay.lazy.filter { $0.number > number }.flatMap(\.changes).compactMap(\.change.slot))
    func isOld(_ change: Change) -> Bool { change.change.slot.map(later.contains) ?? false }
    return (changes.filter { !isOld($0) }, changes.filter(isOld))
  }

  mutating func removeAll() { self = EntryChangeQueue() }
}

extension EntryChange {
  /// What a change sets: of two changes of one slot the later one counts alone.
  enum Slot: Hashable {
    case data(Bytes)
    case name
    case sessionHost
    case visibility
    case closed
    case maximum
    case keywords
    case password
    case dataOfMember(PeerID, Bytes)
    case ownData(Bytes)
  }

  /// Nil for what is done, and not set.
  var slot: Slot? {
    switch self {
    case .setData(let key, _): .data(key)
    case .setName: .name
    case .setSessionHost: .sessionHost
    case .setVisibility: .visibility
    case .setClosed: .closed
    case .setMaximum: .maximum
    case .setKeywords: .keywords
    case .setPassword: .password
    case .setDataOfMember(let player, let key, _): .dataOfMember(player, key)
    case .setMemberData(let key, _): .ownData(key)
    case .setHost, .reserve, .kick, .drop: nil
    }
  }
}

extension DirectoryError {
  /// Whether the same request may be taken a moment later.
  var isPassing: Bool {
    switch self {
    case .unavailable, .tooManyRequests: true
    default: false
    }
  }

  /// Whether the player is signed in no more: what it asked for may be asked again once it is.
  public var isEndOfRun: Bool {
    switch self {
    case .signedOut, .expired: true
    default: false
    }
  }

  /// Whether it is no matter what the player asks of the entry.
  var concernsWholeEntry: Bool {
    switch self {
    case .badSecret, .unknownEntry, .notMember: true
    default: isEndOfRun
    }
  }
}
