/// A search for others to play with, by the rules of a hopper.
public struct MatchTicket: Equatable, Codable, Sendable {
  /// How far a search has come.
  public enum State: Equatable, Codable, Sendable {
    case searching
    /// The session where all that were matched meet.
    case found(EntryID)
    case expired
  }

  /// Drawn at random by who starts it.
  public var id: UInt64
  /// The session whose members are looking.
  public var entry: EntryID
  /// Who fits; the same for all that meet.
  public var hopper: Hopper
  /// Who plays, as the directory knows from `entry`.
  public var players: [PeerID]
  /// Numbers and texts that the hopper's rules compare.
  public var attributes: [String: Attribute]
  /// Seconds until the search ends without success.
  public var timeout: Double
  /// Whether others may only come to this session, which is not given up for another.
  public var keepsSession: Bool
  /// How far the search has come; a new one is searching.
  public var state: State

  /// What rules compare: numbers are finite.
  public enum Attribute: Equatable, Codable, Sendable {
    case number(Double)
    case text(String)
  }

  /// A search that begins.
  public init(
    id: UInt64, entry: EntryID, hopper: Hopper, attributes: [String: Attribute] = [:], timeout: Double,
    keepsSession: Bool
  ) {
    self.id = id
    self.entry = entry
    self.hopper = hopper
    players = []
    self.attributes = attributes
    self.timeout = timeout
    self.keepsSession = keepsSession
    state = .searching
  }
}

/// Who fits whom; tickets meet only in hoppers that are the same in every part.
public struct Hopper: Hashable, Codable, Sendable {
  /// What has to hold between every two tickets that meet.
  public enum Rule: Hashable, Codable, Sendable {
    /// Both have the same value.
    case same(attribute: String)
    /// Both numbers are no further apart than this.
    case within(attribute: String, difference: Double)
  }

  /// The game.
  public var title: String
  /// What keeps it apart from others: 1...`Limits.entryTextSize` bytes.
  public var name: String
  /// Players that meet at least: 1...`maximumPlayers`.
  public var minimumPlayers: Int
  /// Players that meet at most: 1...`Limits.lobbyMembers`.
  public var maximumPlayers: Int
  /// All have to hold: at most `Limits.ticketAttributes`.
  public var rules: [Rule]

  /// A hopper that lets all meet, unless it has rules.
  public init(title: String, name: String, minimumPlayers: Int, maximumPlayers: Int, rules: [Rule] = []) {
    self.title = title
    self.name = name
    self.minimumPlayers = minimumPlayers
    self.maximumPlayers = maximumPlayers
    self.rules = rules
  }
}

/// A player's word to another that it should come.
public struct Invitation: Equatable, Codable, Sendable {
  /// Drawn at random by the sender.
  public var id: UInt64
  /// Who sent it, by the directory's word.
  public var from: PeerID
  /// The game that it is to.
  public var title: String
  /// Where to; nil when `address` says it.
  public var entry: EntryID?
  /// A server's address, where `entry` is nil; at most `Limits.entryTextSize` bytes, as the texts below.
  public var address: Bytes
  /// What the sender's script has added.
  public var parameters: Bytes
  /// What a server asks of who comes; empty for none.
  public var password: Bytes

  /// An invitation of nobody yet: the directory sets who sent it.
  public init(
    id: UInt64, from: PeerID = .nobody, title: String, entry: EntryID? = nil, address: Bytes = "",
    parameters: Bytes = "", password: Bytes = ""
  ) {
    self.id = id
    self.from = from
    self.title = title
    self.entry = entry
    self.address = address
    self.parameters = parameters
    self.password = password
  }
}
