/// Finds rooms of this game on PSN.
public final class PSNRoomBrowser {
  private let title: String
  private let online: OnlineService
  private let now: () -> Double
  /// When the search that is under way is given up.
  private var deadline: Double?
  private var searches = 0
  private var found: [DirectoryEntry] = []

  init(title: String, online: OnlineService, now: @escaping () -> Double) {
    self.title = title
    self.online = online
    self.now = now
  }

  /// Looks for rooms; while a search is under way this does nothing. What was found before stays listed until it ends.
  public func refresh() {
    guard !isRefreshing else { return }
    searches += 1
    let number = searches
    deadline = now() + Limits.psnSearchTime
    online.ask(.list(EntryQuery(kind: .psnRoom, title: title))) { [weak self] result in
      guard let self, number == searches, deadline != nil else { return }
      deadline = nil
      found = if case .success(.entries(let entries)) = result { entries } else { [] }
    }
  }

  /// Whether an answer is awaited; it ends by itself, without rooms, when none comes.
  public var isRefreshing: Bool {
    if let deadline, now() >= deadline {
      self.deadline = nil
      found = []
    }
    return deadline != nil
  }

  /// How many rooms are listed.
  public var count: Int { found.count }

  /// One of the rooms, counted from 0; nil outside of the list.
  public func room(at index: Int) -> (id: EntryID, name: Bytes, data: Bytes)? {
    guard found.indices.contains(index) else { return nil }
    let entry = found[index]
    return (entry.id, entry.name, entry.data[PSNRoom.dataKey] ?? "")
  }
}
