/// One thing that a dump tells. Memory that a record shows may be read until the next frame is asked for.
public enum DumpRecord {
  /// A sealed packet that was opened, or one before it was sealed.
  case packet(DumpPacket)
  /// A datagram that is no packet of a link.
  case datagram(DumpDatagram)
  /// A link was made; the number stands for it in all that follows, until another is made with it.
  case linkOpened(link: UInt32, PeerID, isKnown: Bool)
  case linkChanged(link: UInt32, DumpLinkChange)
  /// `Network.update_receive` began; `dt` in seconds as the script gave it.
  case receive(dt: Double)
  /// `Network.update_transmit` began.
  case transmit
  /// So many events had been handed to the script since `receive` when what follows was done; `isAll` when it had also
  /// been told that there are no more.
  case handed(events: Int, isAll: Bool)
  /// What `Network.write_dump_tag` wrote.
  case tag(String)
  /// What the script did to the game session.
  case call(SessionCall)
  /// A change to an object that went to nobody: a message of the session's reliable kind, or a block of state.
  case ownChange(UnsafeRawBufferPointer)
  /// The recording peer destroyed an object of its own. The birth tells objects apart that had one id.
  case ownEnd(id: UInt32, birth: UInt64)
  /// A message that the script sent to itself, as it would have travelled.
  case ownMessage(UnsafeRawBufferPointer)
  /// A network client was started.
  case client(DumpClient)
  /// From now on a peer that is silent for so many seconds counts as gone; 60 before the first such record.
  case pongTimeout(Double)
  /// The network client was shut down.
  case clientEnd
}

/// A packet as the link layer knows it.
public struct DumpPacket {
  public let direction: PacketTapping.Direction
  public let link: UInt32
  /// The other end; `PeerID.nobody` when the dump does not say.
  public let peer: PeerID
  /// Its number on its link and in its direction, from 1.
  public let sequence: UInt64
  /// Acknowledgement and frames; docs/wire.md, "DATA".
  public let body: UnsafeRawBufferPointer

  /// Bytes on the wire, those of UDP and below not counted.
  public var wireBytes: Int { body.count + PacketTapping.sealedOverhead }
}

/// A datagram outside links, or several alike.
public struct DumpDatagram: Equatable, Sendable {
  public let direction: PacketTapping.Direction
  public let port: PacketTapping.Port
  /// Its first byte, which tells datagrams of a port apart (docs/wire.md); 0 for an empty one.
  public let kind: UInt8
  /// Bytes of one on the wire, those of UDP and below not counted.
  public let size: Int
  /// How many were sent: a broadcast goes to each network interface.
  public let copies: Int
  /// The other end; 255.255.255.255 for a broadcast.
  public let endpoint: Endpoint

  public var wireBytes: Int { size * copies }
}

/// What became of a link.
public enum DumpLinkChange: Equatable, Sendable {
  case connected
  case broken(Reason)
  case closed(Reason)
  case refused(Refusal)

  /// Why a link ended; `DisconnectReason` says what each means.
  public enum Reason: UInt8, Sendable {
    case localClose, remoteClose, remoteShutdown, remoteBroke, timeout, replaced, malformed, backlog
  }

  /// Why a link did not come about; `RefusalReason` says what each means.
  public enum Refusal: UInt8, Sendable {
    case noAnswer, wrongSecret, version, idTaken, wrongPeer, full, schemaMismatch
  }
}

/// A client of a recording.
public struct DumpClient {
  /// The peer that recorded.
  public let peer: PeerID
  /// Its schema's `NetworkConfig.canonicalText`.
  public let canonicalText: String
  /// The schema as it was written, with what the canonical text leaves out; empty where it was not known.
  public let source: [UInt8]

  /// The schema, with everything that is known of it.
  /// - Throws: Where the texts are no schema.
  public func config() throws(ConfigError) -> NetworkConfig {
    if !source.isEmpty, let config = try? NetworkConfig.parse(source, file: "the dump's network config"),
      config.canonicalText == canonicalText
    {
      return config
    }
    return try NetworkConfig(canonicalText: canonicalText)
  }
}

/// What a script did to a game session, apart from its objects.
public enum SessionCall: Equatable, Sendable {
  /// `Network.create_game_session`.
  case create
  /// `GameSession.make_game_session_host`; the number names the session on the wire.
  case makeHost(session: UInt64)
  case addPeer(PeerID)
  case removePeer(PeerID)
  case leave
  case disconnectFromHost
  case shutdownHost
  case migrateHost
  case migrateObject(UInt32, to: PeerID)
  /// `Network.shutdown_game_session`, or the end of the client.
  case close
}
