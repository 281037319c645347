/// What became of a link. A link's last event is `refused` or `closed`; `broken` comes before `closed`.
public enum LinkEvent: Equatable, Sendable {
  /// Both ends have agreed on keys and have the same schema.
  case connected
  /// The other end fell silent or misbehaved. The link stays until `Connections.close` is called for it.
  case broken(DisconnectReason)
  /// The link ended in an orderly way; it no longer exists.
  case closed(DisconnectReason)
  /// The attempt to connect failed; the link no longer exists.
  case refused(RefusalReason)
}

/// Why a link ended.
public enum DisconnectReason: Equatable, Sendable {
  /// This end closed it.
  case localClose
  /// The other end closed it.
  case remoteClose
  /// The other end's program shut its networking down.
  case remoteShutdown
  /// The other end broke the link: it took this end's data for malformed, or its own backlog ran over.
  case remoteBroke
  /// Nothing was heard for the pong timeout.
  case timeout
  /// The peer came back with a new connection, such as after a restart.
  case replaced
  /// The other end sent sealed data that breaks the wire specification.
  case malformed(PacketFault)
  /// More of the engine's reliable data piled up than may wait (`Limits.engineBacklog`).
  case backlog
}

extension DisconnectReason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .localClose: "closed by this peer"
    case .remoteClose: "closed by the other peer"
    case .remoteShutdown: "the other peer shut its network down"
    case .remoteBroke: "the other peer broke the connection off"
    case .timeout: "the other peer did not answer within the pong timeout"
    case .replaced: "the other peer came back with a new connection"
    case .malformed(let fault): "the other peer sent malformed data (\(fault))"
    case .backlog: "too much reliable data is waiting for the other peer"
    }
  }
}

/// What was wrong with a sealed packet.
public enum PacketFault: UInt8, Sendable {
  case truncated
  case unknownFrame
  case emptyFrame
  case acknowledgementOfUnsent
  case streamBeyondWindow
  case streamBeyondEnd
  case messageTooLong
  case lengthTooLong
  case unknownCloseReason
  case unknownConnectionMessage
  case reportOfUnsent
}

extension PacketFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .truncated: "packet ends inside a frame"
    case .unknownFrame: "unknown kind of frame"
    case .emptyFrame: "frame without content"
    case .acknowledgementOfUnsent: "acknowledgement of a packet that was never sent"
    case .streamBeyondWindow: "reliable data beyond the receive window"
    case .streamBeyondEnd: "reliable data behind the end of the stream"
    case .messageTooLong: "message over \(Limits.messageSize) bytes"
    case .lengthTooLong: "length of a message takes over three bytes"
    case .unknownCloseReason: "unknown reason of a close"
    case .reportOfUnsent: "report of a packet that was never sent"
    case .unknownConnectionMessage: "unknown message between connection layers"
    }
  }
}

/// Why an attempt to connect failed.
public enum RefusalReason: Equatable, Sendable {
  /// Nobody answered.
  case noAnswer
  /// The two ends have different shared secrets.
  case wrongSecret
  /// The other end speaks other versions of the protocol.
  case version(here: UInt16, there: UInt16)
  /// Another peer at the other end already has this peer's id.
  case idTaken
  /// The peer at the address is not the one that was asked for.
  case wrongPeer
  /// The other end has no room for another connection.
  case full
  /// The schemas differ; `differences` lists how, and is empty when the other schema could not be fetched.
  case schemaMismatch(differences: [String])
}

extension RefusalReason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noAnswer: return "no answer"
    case .wrongSecret: return "wrong shared secret"
    case .version(let here, let there): return "protocol version \(here) here, \(there) at the other peer"
    case .idTaken: return "another peer already has this peer id"
    case .wrongPeer: return "another peer is at this address"
    case .full: return "the other peer has no room for another connection"
    case .schemaMismatch(let differences):
      if differences.isEmpty { return "the network configs differ" }
      return "the network configs differ: \(differences.joined(separator: "; "))"
    }
  }
}
