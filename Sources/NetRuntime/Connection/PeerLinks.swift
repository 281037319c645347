/// What the rooms above the transport need of the connections to other peers: `Connections` gives it, tests may give a
/// double.
///
/// A link is one connection's lifetime. When a peer comes back after its connection ended, it has a new link.
public protocol PeerLinks: AnyObject {
  /// This peer.
  var localPeer: PeerID { get }

  /// The link to a peer, in any state; nil when there is none.
  func link(to peer: PeerID) -> LinkID?

  /// The peer at the other end; `PeerID.nobody` when the link no longer exists.
  func peer(of link: LinkID) -> PeerID

  /// What the link can do now; `closed` when it no longer exists.
  func state(of link: LinkID) -> LinkState

  /// Queues one message on the link's reliable ordered stream; before the handshake ends it waits.
  ///
  /// The script's share is the schema's `reliable_send_buffer_size`: a message that does not fit is not queued. The
  /// engine's own share always takes the message.
  /// - Returns: The stream offset behind the message: the other end has it, in order, once `acknowledgedOffset` has
  ///   reached that.
  @discardableResult
  func sendReliable(
    _ channel: MessageChannel, _ body: UnsafeRawBufferPointer, to link: LinkID, share: BufferShare
  ) throws(SendError) -> UInt64

  /// Sends the oldest of the reliable stream that is not acknowledged once more with the next packet, without waiting
  /// for a sign that it is lost; `Limits.repeatedBytes` at most, nothing more than `Limits.repeats` times, and not while the rate is short.
  func repeatUnacknowledged(on link: LinkID)

  /// How far the other end has received the reliable stream without a gap, in bytes from its start.
  func acknowledgedOffset(of link: LinkID) -> UInt64

  /// Queues one message that may be lost; lower `priority` is more urgent, and waiting makes a message more urgent.
  func sendUnreliable(
    _ channel: MessageChannel, _ body: UnsafeRawBufferPointer, priority: Float, to link: LinkID
  ) throws(SendError)

  /// Seconds since anything authentic came over the link; infinity when it no longer exists.
  func silence(of link: LinkID) -> Double

  /// Seconds of silence after which a peer counts as gone.
  var pongTimeout: Double { get }

  /// Bytes of the script's share of each reliable send buffer.
  var reliableBufferSize: Int { get }

  /// Bytes left in the script's share of the reliable send buffer.
  func reliableBytesLeft(on link: LinkID) -> Int

  /// Bytes of bulk data that may be queued now, so that it takes no more than half of what the link can send from
  /// others, and all that they leave. One message may be longer; then it is negative for a while.
  func bulkBytesLeft(on link: LinkID) -> Int
}

/// A connection's handle: small, dense (usable as an index into an array) and never used for two connections at once.
public struct LinkID: Hashable, Sendable {
  /// Where the link stands in the table of links, from 0; a number is used again after its link ended.
  public let index: UInt16
  /// Tells links apart that used the same index one after another.
  public let generation: UInt16

  public init(index: UInt16, generation: UInt16) {
    self.index = index
    self.generation = generation
  }
}

/// What a link can do.
public enum LinkState: UInt8, Sendable {
  /// The handshake is under way; messages are queued.
  case connecting
  case connected
  /// The other end fell silent or misbehaved; nothing is sent any more, and the link stays until it is destroyed.
  case broken
  /// Ended by either end.
  case closed
}

/// Which room a message belongs to; two bits at the head of every message.
public enum MessageChannel: UInt8, Sendable {
  case lobby = 0
  case session = 1
  case rpc = 2
  /// The connection layer's own: schema exchange.
  case connection = 3
}

/// Whose part of the reliable send buffer a message takes.
public enum BufferShare: Sendable {
  case script
  case engine
  /// The engine's, of what comes in great amounts and can wait; `bulkBytesLeft` says how much may be queued.
  case bulk
}

/// Why a message was not queued.
public enum SendError: Error, Equatable, Sendable {
  /// The script's share of the reliable send buffer has too little room.
  case bufferFull(needed: Int, left: Int)
  /// The message is longer than any message may be (`Limits.messageSize`).
  case tooLong(Int)
  /// The link is broken or closed.
  case notConnected
}

/// One message that arrived; `body` may be read until the next delivery is asked for.
public struct Delivery {
  public let link: LinkID
  public let peer: PeerID
  public let channel: MessageChannel
  public let isReliable: Bool
  /// Sequence number of the packet that made the message deliverable; grows with every packet of the link.
  public let packet: UInt64
  public let body: UnsafeRawBufferPointer

  public init(
    link: LinkID, peer: PeerID, channel: MessageChannel, isReliable: Bool, packet: UInt64, body: UnsafeRawBufferPointer
  ) {
    self.link = link
    self.peer = peer
    self.channel = channel
    self.isReliable = isReliable
    self.packet = packet
    self.body = body
  }
}

/// Fills what is left of a link's datagrams with the latest state, and is told what became of it.
///
/// Records are the source's own numbers: what it needs to know which changes a packet carried.
public protocol StateSource: AnyObject {
  /// Whether any change waits for a link, so that room should be left for it.
  func hasState(for link: LinkID) -> Bool

  /// Writes one block of state for a link, of at most `capacity` bytes.
  /// - Returns: Bytes written, 0 when there is nothing to say; `records` has grown by what the block carries.
  func writeState(
    for link: LinkID, into buffer: UnsafeMutableRawBufferPointer, records: inout [UInt64], at now: Double
  ) -> Int

  /// A packet that carried these records arrived at the other end.
  func stateAcknowledged(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID)

  /// A packet that carried these records is taken for lost.
  func stateLost(_ records: UnsafeBufferPointer<UInt64>, on link: LinkID)
}
