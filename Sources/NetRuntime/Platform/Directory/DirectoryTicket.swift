/// A search for others to play with, by the rules of a hopper.
public struct MatchTicket: Equatable, Codable, Sendable {
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
  public var hopper: Hopper
  /// Who plays, as the directory knows from `entry`.
  public var players: [PeerID]
  /// Numbers and texts that the hopper's rules compare.
  public var attributes: [String: Attribute]
  /// Seconds until the search ends without success.
  public var timeout: Double
  /// Whether others may only come to this session, which is not given up for another.
  public var keepsSession: Bool
  public var state: State

  public enum Attribute: Equatable, Codable, Sendable {
    case number(Double)
    case text(String)
  }

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
  public enum Rule: Hashable, Codable, Sendable {
    /// Both have the same value.
    case same(attribute: String)
    /// Both numbers are no further apart than this.
    case within(attribute: String, difference: Double)
  }

  /// The game.
  public var title: String
  public var name: String
  public var minimumPlayers: Int
  public var maximumPlayers: Int
  public var rules: [Rule]

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
  public var from: PeerID
  public var title: String
  /// Where to; nil when `address` says it.
  public var entry: EntryID?
  public var address: Bytes
  public var parameters: Bytes
  public var password: Bytes

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
