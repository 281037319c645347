/// What a browser looks for. Filters all have to hold; `near` orders what is left.
public struct EntryQuery: Equatable, Codable, Sendable {
  /// How data is compared with what a filter gives: the data stands on the left.
  public enum Comparison: String, Codable, Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  }

  /// How far away a host may be.
  public enum Distance: String, Codable, Sendable {
    case close, `default`, far, world
  }

  /// What has to hold of an entry.
  public enum Filter: Equatable, Codable, Sendable {
    /// Compares the data of a key as bytes, in the order of their values; data that is not set is "".
    case text(key: Bytes, Comparison, Bytes)
    /// Compares the data of a key as an integer; data that is none never fits, except with `notEqual`.
    case number(key: Bytes, Comparison, Int64)
    /// Free places at least.
    case places(Int)
    case distance(Distance)
    /// One of the keywords is this.
    case keyword(Bytes)
    case hasPassword(Bool)
    /// Nobody is in it.
    case isEmpty(Bool)
    case isFull(Bool)
    /// A friend of the player is in it.
    case withFriends
    case host(PeerID)
  }

  /// Entries of this kind alone.
  public var kind: DirectoryEntry.Kind
  /// Entries of this game alone.
  public var title: String
  /// All have to hold: at most `Limits.listFilters`.
  public var filters: [Filter]
  /// Nearest first, each key after the one before it.
  public var near: [Near]
  /// 1...`Limits.listedEntries`.
  public var limit: Int

  /// Orders by how far the integer of a key is from a value; data that is no integer comes last.
  public struct Near: Equatable, Codable, Sendable {
    /// A key of the entry's data.
    public var key: Bytes
    /// What the nearest have.
    public var value: Int64

    /// The order by one key.
    public init(key: Bytes, value: Int64) {
      self.key = key
      self.value = value
    }
  }

  /// All entries of a kind and game, unless more is given.
  public init(
    kind: DirectoryEntry.Kind, title: String, filters: [Filter] = [], near: [Near] = [],
    limit: Int = Limits.listedEntries
  ) {
    self.kind = kind
    self.title = title
    self.filters = filters
    self.near = near
    self.limit = limit
  }
}
