/// The lines of the tables that show traffic: what each is called, and the accounts that it sums up.
public struct TrafficRows: Sendable {
  /// The tables.
  public enum Section: String, CaseIterable, Sendable {
    case messages
    case objects
    case fields
    case housekeeping
    case overhead

    /// What the rows count.
    public var counted: String {
      switch self {
      case .messages, .housekeeping: "messages"
      case .objects: "times"
      case .fields: "values"
      case .overhead: "count"
      }
    }

    /// The table's title.
    public var title: String {
      switch self {
      case .messages: "messages"
      case .objects: "object types"
      case .fields: "fields"
      case .housekeeping: "lobby and session"
      case .overhead: "overhead"
      }
    }
  }

  public struct Row: Sendable {
    public let section: Section
    public let name: String
    /// Its bits are the sum of these.
    public let accounts: [Int]
    /// What it counts is the sum of these.
    public let counted: [Int]
    /// What the row is made of; none for most.
    public var parts: [Part] = []

    init(_ section: Section, _ name: String, _ accounts: [Int], counted: [Int], parts: [Part] = []) {
      self.section = section
      self.name = name
      self.accounts = accounts
      self.counted = counted
      self.parts = parts
    }
  }

  /// A part of a row, which has the accounts of the row among its parts.
  public struct Part: Sendable {
    public let name: String
    public let accounts: [Int]
    public let counted: [Int]
  }

  /// All rows, by section; the sections together hold every account, those of fields twice: with their type, too.
  public let rows: [Row]

  public init(_ config: NetworkConfig, _ accounts: TrafficAccounts) {
    var rows: [Row] = []
    for (index, message) in config.messages.enumerated() {
      let (head, arguments) = (accounts.messageHead(index), accounts.messageArguments(index))
      let parts = [
        Part(name: "head", accounts: [head], counted: [head]),
        Part(name: "arguments", accounts: [arguments], counted: [head]),
      ]
      rows.append(Row(.messages, message.name, [head, arguments], counted: [head], parts: parts))
    }
    var fields: [Row] = []
    for (index, type) in config.objects.enumerated() {
      rows.append(Self.row(type, index, accounts))
      for (field, entry) in type.fields.enumerated() {
        let parts = TrafficAccounts.FieldPart.allCases.map { part in
          let account = accounts.field(index, field, part)
          return Part(name: part.name, accounts: [account], counted: [account])
        }
        let all = parts.flatMap(\.accounts)
        fields.append(Row(.fields, "\(type.name).\(entry.name)", all, counted: all, parts: parts))
      }
    }
    rows.append(Row(.objects, "(type not known)", accounts.unknownObjects))
    rows += fields
    for account in 0..<accounts.count {
      switch accounts.purpose(of: account) {
      case .session(let kind): rows.append(Row(.housekeeping, "session: " + Self.sessionName(kind), account))
      case .lobby(let kind): rows.append(Row(.housekeeping, "lobby: " + Self.lobbyName(kind), account))
      case .overhead(let part): rows.append(Row(.overhead, part.name, account))
      case .resends: rows.append(Row(.overhead, TrafficKind.resends.name, account))
      default: continue
      }
    }
    self.rows = rows
  }

  /// An object type: its parts are the occasions, with the values that travel on them.
  private static func row(_ type: ObjectType, _ index: Int, _ accounts: TrafficAccounts) -> Row {
    let parts = TrafficAccounts.ObjectPart.allCases.map { part in
      let head = accounts.object(index, part)
      var all = [head]
      if let occasion = TrafficAccounts.FieldPart(part) {
        all += type.fields.indices.map { accounts.field(index, $0, occasion) }
      }
      return Part(name: part.name, accounts: all, counted: [head])
    }
    return Row(
      .objects, type.name, parts.flatMap(\.accounts), counted: parts.flatMap(\.counted), parts: parts)
  }

  private static func sessionName(_ kind: UInt8) -> String {
    SessionMessage.Kind(rawValue: kind).map { words("\($0)") } ?? "kind \(kind)"
  }

  private static func lobbyName(_ kind: UInt8) -> String {
    LobbyMessage.Kind(rawValue: kind).map { words("\($0)") } ?? "kind \(kind)"
  }

  /// "memberAdded" as "member added".
  private static func words(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }
  }
}

extension TrafficRows.Row {
  fileprivate init(_ section: TrafficRows.Section, _ name: String, _ account: Int) {
    self.init(section, name, [account], counted: [account])
  }

  /// The row itself as if it was a part.
  public var whole: TrafficRows.Part { TrafficRows.Part(name: name, accounts: accounts, counted: counted) }
}

extension TrafficRows.Part {
  /// Its bits on a page of the ledger.
  public func bits(_ page: TrafficLedger.Page) -> Int { accounts.reduce(0) { $0 + page.bits[$1] } }

  /// What it counts on a page of the ledger.
  public func count(_ page: TrafficLedger.Page) -> Int { counted.reduce(0) { $0 + page.counts[$1] } }
}

extension TrafficAccounts.FieldPart {
  /// The occasion on which values of fields travel, if they do.
  fileprivate init?(_ part: TrafficAccounts.ObjectPart) {
    switch part {
    case .creation: self = .creation
    case .updates: self = .updates
    case .ownership: self = .ownership
    case .destruction: return nil
    }
  }
}
