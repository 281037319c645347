/// Sees every datagram that a peer sends and takes, in order, with what is inside of those that are sealed: what a
/// recording or a display of the traffic hangs on to.
///
/// Each datagram is told exactly once, by `packet` where it is a sealed packet of a link, else by `datagram`: what both
/// are told together is what the sockets sent and took. Memory that is handed over may be read during the call only.
public protocol PacketTap: AnyObject {
  /// A sealed packet, before it was sealed or after it was opened. On the wire it has `PacketTapping.sealedOverhead`
  /// bytes more than its body.
  /// - Parameters:
  ///   - sequence: The packet's number on its link and in its direction, from 1.
  ///   - body: Acknowledgement and frames (docs/wire.md, "DATA").
  func packet(
    _ direction: PacketTapping.Direction, _ link: LinkID, _ peer: PeerID, sequence: UInt64,
    body: UnsafeRawBufferPointer)

  /// Any other datagram: of a handshake, of the lobby port, or one that could not be opened.
  /// - Parameters:
  ///   - bytes: The whole datagram as it was on the wire.
  ///   - copies: Datagrams like this that were sent: a broadcast goes to each network interface.
  func datagram(
    _ direction: PacketTapping.Direction, _ port: PacketTapping.Port, bytes: UnsafeRawBufferPointer,
    endpoint: Endpoint, copies: Int)

  /// A link was made.
  /// - Parameter isKnown: Whether the rooms above see it; a link that only compares schemas is hidden.
  func opened(_ link: LinkID, _ peer: PeerID, isKnown: Bool)

  /// What became of a link that the rooms above see.
  func changed(_ link: LinkID, _ peer: PeerID, _ event: LinkEvent)
}

/// What the words of `PacketTap` mean.
public enum PacketTapping {
  /// Which way a datagram went.
  public enum Direction: UInt8, Sendable {
    case received = 0
    case sent = 1
  }

  /// Which of a peer's sockets a datagram went through.
  public enum Port: UInt8, Sendable {
    /// That of the connections.
    case game = 0
    /// Those on which lobbies are looked for and found.
    case lobby = 1
  }

  /// Bytes of a sealed packet on the wire besides its body: head and tag.
  public static let sealedOverhead = PacketHeader.size + PacketCipher.tagSize
}
