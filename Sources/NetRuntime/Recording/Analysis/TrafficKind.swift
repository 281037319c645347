/// Which way a datagram went, seen from the peer that recorded it.
public typealias TrafficDirection = PacketTapping.Direction

extension PacketTapping.Direction {
  /// Both directions, in the order of their numbers.
  public static let both: [PacketTapping.Direction] = [.received, .sent]
}

/// What bits on the wire are for, in the few kinds that a chart can show.
public enum TrafficKind: UInt8, CaseIterable, Sendable {
  /// Game objects: their creation, updates, ownership and destruction.
  case objects = 0
  /// The script's own messages.
  case messages = 1
  /// What lobby and game session tell their members.
  case housekeeping = 2
  /// Bytes of the reliable stream that went or came before.
  case resends = 3
  /// All that carries the rest: heads, acknowledgements, seals, pings, handshakes.
  case overhead = 4

  /// In words for a reader.
  public var name: String {
    switch self {
    case .objects: "objects"
    case .messages: "messages"
    case .housekeeping: "lobby and session"
    case .resends: "resends"
    case .overhead: "overhead"
    }
  }
}

/// The parts of overhead that are told apart.
public enum TrafficOverhead: Int, CaseIterable, Sendable {
  /// Kind, connection id and sequence number of sealed packets.
  case packetHeads = 0
  case acknowledgements
  /// What seals a packet: the tag of its cipher.
  case seals
  /// Kinds, offsets and lengths of frames, and what is common to a block of state.
  case frameHeads
  /// PING and PONG.
  case pings
  /// The end of a connection.
  case closes
  /// MEASURE and REPORT, of quality of service.
  case measures
  /// Datagrams before a connection exists.
  case handshakes
  /// Datagrams of the lobby port.
  case discovery
  /// The schema's text, sent where two schemas differ.
  case schemas
  /// Received and not used: repeated, damaged or of strangers.
  case discarded
  /// Messages of which a part was still missing at the end.
  case unfinished
  /// Of messages that began before the recording, or that do not read.
  case unreadable

  /// Whether each datagram has counted once in one of the parts for which this is so.
  public var countsDatagrams: Bool {
    switch self {
    case .packetHeads, .handshakes, .discovery, .discarded: true
    default: false
    }
  }

  /// In words for a reader.
  public var name: String {
    switch self {
    case .packetHeads: "packet heads"
    case .acknowledgements: "acknowledgements"
    case .seals: "seals"
    case .frameHeads: "frame heads"
    case .pings: "pings"
    case .closes: "ends of connections"
    case .measures: "measurements of the way"
    case .handshakes: "handshakes"
    case .discovery: "finding lobbies"
    case .schemas: "comparing schemas"
    case .discarded: "discarded datagrams"
    case .unfinished: "unfinished messages"
    case .unreadable: "unreadable messages"
    }
  }
}
