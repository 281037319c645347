/// A compiled `.network_config`: what peers send each other, and how it is packed.
///
/// Messages and objects are sorted by the hashes of their names, so that an index means the same on every peer whatever
/// the order in the file.
public final class NetworkConfig: Sendable {
  public let topology: Topology
  /// Bytes of unacknowledged reliable data a peer.
  public let reliableSendBufferSize: Int
  /// Bytes of reliable data held a peer while earlier data is missing.
  public let reliableReceiveBufferSize: Int
  /// The named entries of `types`, sorted by name.
  public let types: [FieldType]
  public let messages: [MessageType]
  public let objects: [ObjectType]
  /// What `hash` is computed over: the schema without its formatting, and what a peer with another schema fetches to
  /// name the differences.
  public let canonicalText: String
  /// MurmurHash64A of `canonicalText`: peers with different hashes do not connect.
  public let hash: UInt64
  /// The text that it was read from, byte for byte; empty where there was none.
  public let source: [UInt8]
  /// What parsing found odd but not wrong: unknown options, each with its place in the file.
  public let warnings: [ConfigError]

  private let typeIndex: [String: Int]
  private let messageIndex: [String: Int]
  private let objectIndex: [String: Int]
  private let codecs: CodecStore

  init(
    topology: Topology, reliableSendBufferSize: Int = defaultBufferSize,
    reliableReceiveBufferSize: Int = defaultBufferSize,
    types: [FieldType] = [], messages: [MessageType], objects: [ObjectType], warnings: [ConfigError] = [],
    source: [UInt8] = []
  ) {
    self.source = source
    self.topology = topology
    self.reliableSendBufferSize = reliableSendBufferSize
    self.reliableReceiveBufferSize = reliableReceiveBufferSize
    self.warnings = warnings
    self.types = types.sorted { $0.name < $1.name }
    self.messages = messages.sorted { NetworkConfig.precedes($0.name, $1.name) }
    self.objects = objects.sorted { NetworkConfig.precedes($0.name, $1.name) }
    typeIndex = Self.index(self.types.map(\.name))
    messageIndex = Self.index(self.messages.map(\.name))
    objectIndex = Self.index(self.objects.map(\.name))
    canonicalText = Self.canonicalText(topology: topology, messages: self.messages, objects: self.objects)
    hash = MurmurHash64A.hash(canonicalText)
    codecs = CodecStore(
      messages: self.messages.map { $0.arguments.map(\.codec) },
      objects: self.objects.map { $0.fields.map(\.type.codec) })
  }

  public static let defaultBufferSize = 32768

  private static func index(_ names: [String]) -> [String: Int] {
    Dictionary(names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  private static func precedes(_ left: String, _ right: String) -> Bool {
    (MurmurHash64A.hash(left), left) < (MurmurHash64A.hash(right), right)
  }
}

extension NetworkConfig {
  /// Who talks to whom in a session.
  public enum Topology: String, Sendable {
    case peerToPeer = "peer-to-peer"
    case clientServer = "client-server"
  }

  /// The entry of `types` of that name, or else the kind of that name.
  public func type(named name: String) -> FieldType? {
    typeIndex[name].map { types[$0] } ?? FieldType.builtin.first { $0.name == name }
  }

  public func messageIndex(named name: String) -> Int? { messageIndex[name] }

  public func objectIndex(named name: String) -> Int? { objectIndex[name] }

  public func message(named name: String) -> MessageType? { messageIndex[name].map { messages[$0] } }

  public func object(named name: String) -> ObjectType? { objectIndex[name].map { objects[$0] } }

  /// The codecs of a message's arguments, valid as long as the config lives: for loops that must not count references.
  /// Empty for an index out of range.
  public func codecs(ofMessage index: Int) -> UnsafeBufferPointer<FieldCodec> { codecs.span(at: index) }

  /// The codecs of an object's fields, in the same way.
  public func codecs(ofObject index: Int) -> UnsafeBufferPointer<FieldCodec> {
    index < 0 ? codecs.span(at: -1) : codecs.span(at: messages.count &+ index)
  }

  /// The hash as scripts see it: 16 hexadecimal digits.
  public var hashText: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The same schema with other buffer sizes: settings.ini may override them.
  public func withBufferSizes(send: Int?, receive: Int?) -> NetworkConfig {
    NetworkConfig(
      topology: topology, reliableSendBufferSize: send ?? reliableSendBufferSize,
      reliableReceiveBufferSize: receive ?? reliableReceiveBufferSize, types: types, messages: messages,
      objects: objects, warnings: warnings, source: source)
  }
}

/// A message: what `RPC.name(peer, ...)` sends.
public final class MessageType: Sendable {
  public let name: String
  public let arguments: [FieldType]
  public let isReliable: Bool
  /// Used for unreliable messages only; lower is more urgent.
  public let priority: Double
  /// Whether the message travels only between members of one game session.
  public let isSessionBound: Bool
  /// Bits of the longest packed arguments.
  public let maximumBits: Int

  init(name: String, arguments: [FieldType], isReliable: Bool, priority: Double, isSessionBound: Bool) {
    self.name = name
    self.arguments = arguments
    self.isReliable = isReliable
    self.priority = priority
    self.isSessionBound = isSessionBound
    maximumBits = arguments.reduce(0) { $0 + $1.codec.maximumBits }
  }
}

/// A type of game object: a record of fields that its owner sets and every peer reads.
public final class ObjectType: Sendable {
  public struct Field: Sendable {
    public let name: String
    public let type: FieldType
  }

  public let name: String
  public let fields: [Field]
  /// Lower is more urgent.
  public let priority: Double
  /// Least seconds between two updates of an object.
  public let updateRate: Double
  /// Bits of the longest packed fields.
  public let maximumBits: Int
  private let fieldIndex: [String: Int]

  init(name: String, fields: [Field], priority: Double, updateRate: Double) {
    self.name = name
    self.fields = fields
    self.priority = priority
    self.updateRate = updateRate
    maximumBits = fields.reduce(0) { $0 + $1.type.codec.maximumBits }
    fieldIndex = Dictionary(
      fields.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  public func fieldIndex(named name: String) -> Int? { fieldIndex[name] }
}

/// The codecs of all entries in one block of memory that never moves.
private final class CodecStore: Sendable {
  private let entries: [Range<Int>]
  nonisolated(unsafe) private let memory: UnsafeMutableBufferPointer<FieldCodec>

  init(messages: [[FieldCodec]], objects: [[FieldCodec]]) {
    let lists = messages + objects
    memory = .allocate(capacity: lists.reduce(0) { $0 + $1.count })
    var ranges: [Range<Int>] = []
    var start = 0
    for list in lists {
      for (offset, codec) in list.enumerated() { memory.initializeElement(at: start + offset, to: codec) }
      ranges.append(start..<start + list.count)
      start += list.count
    }
    entries = ranges
  }

  deinit { memory.deallocate() }

  func span(at index: Int) -> UnsafeBufferPointer<FieldCodec> {
    guard entries.indices.contains(index) else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(rebasing: memory[entries[index]])
  }
}
