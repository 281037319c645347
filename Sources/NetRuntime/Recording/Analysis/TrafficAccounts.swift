/// The accounts that bits are booked to, numbered without gaps: one for each purpose that a reader may ask for.
///
/// Every bit of the wire belongs to exactly one account, so that the accounts' sum is the wire.
public struct TrafficAccounts: Sendable {
  /// What an account holds.
  public enum Purpose: Equatable, Sendable {
    case overhead(TrafficOverhead)
    case resends
    /// By the first byte of the message.
    case session(UInt8)
    case lobby(UInt8)
    /// Length, index and fill of a message; its count is the number of messages.
    case messageHead(Int)
    case messageArguments(Int)
    /// What an object's message or its part of a block has around the values of fields; its count is that of objects.
    case object(type: Int, ObjectPart)
    case field(type: Int, field: Int, FieldPart)
    /// About objects whose type the recording does not tell.
    case unknownObjects
  }

  /// The occasions on which something is said about an object.
  public enum ObjectPart: Int, CaseIterable, Sendable {
    case creation = 0
    case updates
    case ownership
    case destruction

    /// In words for a reader.
    public var name: String { "\(self)" }
  }

  /// The occasions on which the value of a field travels.
  public enum FieldPart: Int, CaseIterable, Sendable {
    case creation = 0
    case updates
    case ownership

    /// In words for a reader.
    public var name: String { "\(self)" }
  }

  /// Kinds of messages of session and lobby that have an account each; the last one takes those beyond it.
  private static let kinds = 64

  /// How many accounts there are.
  public let count: Int
  private let messages: Int
  private let objects: Int
  private let fields: Int
  /// The number of the first field of each type, and of all fields at the end.
  private let firstFields: [Int]

  private static let resendsAccount = TrafficOverhead.allCases.count
  private static let unknownAccount = resendsAccount + 1
  private static let sessionBase = unknownAccount + 1
  private static let lobbyBase = sessionBase + kinds
  private static let messageBase = lobbyBase + kinds

  init(_ config: NetworkConfig) {
    var firstFields = [0]
    for type in config.objects { firstFields.append(firstFields[firstFields.count - 1] + type.fields.count) }
    self.firstFields = firstFields
    messages = config.messages.count
    objects = Self.messageBase + 2 * messages
    fields = objects + ObjectPart.allCases.count * config.objects.count
    count = fields + FieldPart.allCases.count * (firstFields.last ?? 0)
  }

  @inline(__always)
  func overhead(_ part: TrafficOverhead) -> Int { part.rawValue }
  @inline(__always)
  var resends: Int { Self.resendsAccount }
  @inline(__always)
  var unknownObjects: Int { Self.unknownAccount }
  @inline(__always)
  func session(_ kind: UInt8) -> Int { Self.sessionBase + min(Int(kind), Self.kinds - 1) }
  @inline(__always)
  func lobby(_ kind: UInt8) -> Int { Self.lobbyBase + min(Int(kind), Self.kinds - 1) }
  @inline(__always)
  func messageHead(_ index: Int) -> Int { Self.messageBase + 2 * index }
  @inline(__always)
  func messageArguments(_ index: Int) -> Int { Self.messageBase + 2 * index + 1 }
  @inline(__always)
  func object(_ type: Int, _ part: ObjectPart) -> Int { objects + ObjectPart.allCases.count * type + part.rawValue }
  @inline(__always)
  func field(_ type: Int, _ field: Int, _ part: FieldPart) -> Int {
    fields + FieldPart.allCases.count * (firstFields[type] + field) + part.rawValue
  }

  /// What an account of 0 ..< `count` holds.
  public func purpose(of account: Int) -> Purpose {
    if account >= fields {
      let (number, part) = (account - fields).quotientAndRemainder(dividingBy: FieldPart.allCases.count)
      let type = (firstFields.firstIndex { $0 > number } ?? 1) - 1
      return .field(type: type, field: number - firstFields[type], FieldPart(rawValue: part) ?? .updates)
    }
    if account >= objects {
      let (type, part) = (account - objects).quotientAndRemainder(dividingBy: ObjectPart.allCases.count)
      return .object(type: type, ObjectPart(rawValue: part) ?? .updates)
    }
    if account >= Self.messageBase {
      let (index, part) = (account - Self.messageBase).quotientAndRemainder(dividingBy: 2)
      return part == 0 ? .messageHead(index) : .messageArguments(index)
    }
    if account >= Self.lobbyBase { return .lobby(UInt8(account - Self.lobbyBase)) }
    if account >= Self.sessionBase { return .session(UInt8(account - Self.sessionBase)) }
    if account == Self.unknownAccount { return .unknownObjects }
    return TrafficOverhead(rawValue: account).map { .overhead($0) } ?? .resends
  }

  /// The kind that an account belongs to.
  public func kind(of account: Int) -> TrafficKind {
    switch purpose(of: account) {
    case .overhead: .overhead
    case .resends: .resends
    case .session, .lobby: .housekeeping
    case .messageHead, .messageArguments: .messages
    case .object, .field, .unknownObjects: .objects
    }
  }
}
