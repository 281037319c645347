/// All entries, those of one kind and title side by side, so that a list looks at these alone and copies none.
struct EntryShelves: Sendable {
  /// An entry, with what lists ask of each.
  struct Slot: Sendable {
    var entry: DirectoryEntry
    /// Places that anybody could take now.
    var freePlaces: Int
    var region: Int
    /// Whether it may be in a list at all.
    var isListed: Bool

    init(_ entry: DirectoryEntry) {
      self.entry = entry
      freePlaces = entry.freePlaces
      region = RegionDistance.index(of: entry.region)
      isListed = !entry.isClosed && (entry.visibility == .everyone || entry.visibility == .unseen)
    }
  }

  private struct Name: Hashable {
    var kind: DirectoryEntry.Kind
    var title: String
  }

  private struct Place {
    var shelf: Int
    var index: Int
  }

  private var places: [EntryID: Place] = [:]
  private var shelves: [ContiguousArray<Slot>] = []
  private var numbers: [Name: Int] = [:]
  private var emptyShelves: [Int] = []

  var count: Int { places.count }
  var ids: [EntryID] { Array(places.keys) }

  subscript(id: EntryID) -> DirectoryEntry? { withEntry(id) { $0 } }

  /// Looks at an entry where it lies; nil for one that is not there.
  func withEntry<Result>(_ id: EntryID, _ body: (DirectoryEntry) -> Result) -> Result? {
    guard let place = places[id] else { return nil }
    return body(shelves[place.shelf][place.index].entry)
  }

  /// The entries of a kind and title, in no order.
  func shelf(_ kind: DirectoryEntry.Kind, _ title: String) -> ContiguousArray<Slot> {
    guard let number = numbers[Name(kind: kind, title: title)] else { return [] }
    return shelves[number]
  }

  /// Puts an entry in, in place of the one that has its id. An id keeps its kind and title.
  mutating func put(_ entry: DirectoryEntry) {
    if let place = places[entry.id] {
      let old = shelves[place.shelf][place.index].entry
      if old.kind == entry.kind, old.title == entry.title {
        shelves[place.shelf][place.index] = Slot(entry)
        return
      }
      remove(entry.id)
    }
    let shelf = shelfNumber(Name(kind: entry.kind, title: entry.title))
    places[entry.id] = Place(shelf: shelf, index: shelves[shelf].count)
    shelves[shelf].append(Slot(entry))
  }

  mutating func remove(_ id: EntryID) {
    guard let place = places.removeValue(forKey: id) else { return }
    let entry = shelves[place.shelf][place.index].entry
    let last = shelves[place.shelf].count - 1
    if place.index != last {
      shelves[place.shelf].swapAt(place.index, last)
      places[shelves[place.shelf][place.index].entry.id]?.index = place.index
    }
    shelves[place.shelf].removeLast()
    if last == 0 {
      shelves[place.shelf] = []
      numbers[Name(kind: entry.kind, title: entry.title)] = nil
      emptyShelves.append(place.shelf)
    }
  }

  private mutating func shelfNumber(_ name: Name) -> Int {
    if let number = numbers[name] { return number }
    let number = emptyShelves.popLast() ?? shelves.count
    if number == shelves.count { shelves.append([]) }
    numbers[name] = number
    return number
  }
}
