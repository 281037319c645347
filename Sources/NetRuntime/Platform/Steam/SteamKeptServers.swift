/// The player's favourite servers, and those that it was on last: kept by the directory, for this player alone.
final class SteamKeptServers {
  enum Kind: String {
    case favorite, history

    /// What the keys of the notes begin with.
    var prefix: Bytes { Bytes("steam.\(rawValue):") }
  }

  let kind: Kind
  private let ask: SteamAsk
  private let log: Log
  /// With a number each that is higher for what was added later.
  private var places: [SteamServerPlace: Int64] = [:]
  /// Changes made before the directory told what was kept, the last one of each server.
  private var early: [(place: SteamServerPlace, isAdded: Bool)]?
  private var fetch = Fetch.asked
  private var waiting: (() -> Void)?

  /// How it stands with what was kept.
  private enum Fetch {
    case asked
    /// The directory did not tell; the time is set by the next frame.
    case refused
    case again(at: Double)
    case known
  }

  init(_ kind: Kind, ask: SteamAsk, log: @escaping Log) {
    self.kind = kind
    self.ask = ask
    self.log = log
    early = []
    askForAll()
  }

  private func askForAll() {
    fetch = .asked
    ask.kept(kind.prefix) { [weak self] notes in self?.take(notes) }
  }

  /// Asks again where the directory did not tell.
  func advance(to now: Double) {
    switch fetch {
    case .refused: fetch = .again(at: now + Limits.steamAskInterval)
    case .again(let time): if now >= time { askForAll() }
    case .asked, .known: break
    }
  }

  /// The latest first.
  var list: [SteamServerPlace] {
    places.sorted { ($0.value, $0.key.text) > ($1.value, $1.key.text) }.map(\.key)
  }

  func contains(_ place: SteamServerPlace) -> Bool { places[place] != nil }

  /// Adds a server. Of the history it becomes the latest, and the oldest goes when there is no room; of favourites
  /// nothing happens to one that is there, nor when there is no room.
  func add(_ place: SteamServerPlace) {
    note(place, isAdded: true)
    if kind == .favorite, contains(place) { return }
    if !contains(place), places.count >= Limits.steamKeptServers {
      guard kind == .history, let oldest = list.last else {
        return log(.warnings, "there are \(Limits.steamKeptServers) favourite servers already; none was added")
      }
      forget(oldest)
    }
    let number = (places.values.max() ?? 0) &+ 1
    places[place] = number
    if early == nil { write(place, SteamServerKeys.number(number)) }
  }

  func remove(_ place: SteamServerPlace) {
    note(place, isAdded: false)
    if contains(place) { forget(place) }
  }

  private func note(_ place: SteamServerPlace, isAdded: Bool) {
    early?.removeAll { $0.place == place }
    early?.append((place, isAdded))
  }

  /// Calls back once it is known what was kept: at once, where it is. A later call takes the place of one that waits.
  func whenKnown(_ body: @escaping () -> Void) {
    if early == nil { body() } else { waiting = body }
  }

  private func forget(_ place: SteamServerPlace) {
    places[place] = nil
    if early == nil { write(place, nil) }
  }

  private func write(_ place: SteamServerPlace, _ value: Bytes?) {
    ask.tell(.keep(key: Bytes(kind.prefix.array + Array(place.text.utf8)), value: value)) { [weak self, log] error in
      if let self, error.isEndOfRun || error.isPassing { return putOff(place, isAdded: value != nil) }
      log(.warnings, "the list of servers was not kept: \(error)")
    }
  }

  /// Makes a change again once the directory has told what it keeps.
  private func putOff(_ place: SteamServerPlace, isAdded: Bool) {
    early = early ?? []
    note(place, isAdded: isAdded)
    fetch = .refused
  }

  private func take(_ notes: [Bytes: Bytes]?) {
    guard let changes = early else { return }
    guard let notes else {
      fetch = .refused
      return
    }
    fetch = .known
    early = nil
    places = [:]
    for (key, value) in notes {
      let text = String(decoding: key.array.dropFirst(kind.prefix.count), as: UTF8.self)
      guard let place = SteamServerPlace(text) else { continue }
      places[place] = value.integer ?? 0
    }
    for change in changes {
      if change.isAdded { add(change.place) } else { remove(change.place) }
    }
    waiting?()
    waiting = nil
  }
}
