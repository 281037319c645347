extension Limits {
  /// Bytes of one UDP datagram that this layer sends; below the smallest path MTU met in practice (1,280) less IP and
  /// UDP headers.
  public static let packetSize = 1200
  /// Links of one peer at once, in any state: four times the largest session that is planned for.
  public static let links = 256
  /// Handshakes answered but not yet confirmed; the oldest gives way, so a flood costs memory for this many and no
  /// more.
  public static let pendingHandshakes = 64
  /// Links that exist only to show a stranger how the schemas differ.
  public static let schemaChecks = 8
  /// Bytes of the engine's own reliable messages that may wait on one link; a peer that lets more pile up is lost
  /// anyway.
  public static let engineBacklog = 16 * 1024 * 1024
  /// Bytes a peer may announce as its receive window; more would only let the send buffer grow.
  public static let receiveWindow = 16 * 1024 * 1024
  /// Bytes that a peer holds of the reliable stream at least: with less the stream would crawl, and with none stand
  /// still.
  public static let leastReceiveWindow = 256
  /// Unreliable messages that wait on one link: beyond a transmit's worth the least urgent is dropped.
  public static let unreliableMessages = 512
  /// Bytes of unreliable messages that wait on one link.
  public static let unreliableBytes = 64 * 1024
  /// Bytes of deliveries that wait to be taken before the socket is left unread, so that a flood stays in the kernel's
  /// bounded buffer.
  public static let inboxBytes = 1024 * 1024
  /// Packets whose fate a link remembers: one second at the default rate.
  public static let packetsInFlight = 1024
  /// Pieces of the reliable stream in flight on one link.
  public static let segmentsInFlight = 1024
  /// Bytes of the reliable stream that are sent once more at a time before they count as lost, where it is urgent: four
  /// datagrams' worth, a quarter of the default burst.
  public static let repeatedBytes = 4096
  /// How often they are: of four packets on a way that loses each tenth, all are lost once in ten thousand times.
  static let repeats: UInt8 = 3
  /// Datagrams of a link in which reliable data, unreliable messages and state each come first at least once.
  public static let datagramsPerTurn: UInt8 = 8
  /// Bytes of the block of state in the datagram in which state comes first: the longest field, with its object's head
  /// and the bits of presence of all fields.
  public static let stateTurnBytes = 640
  /// Bytes a second that a link may send without quality of service, IP heads included: 2 Mbit/s. A game needs a tenth;
  /// five such links fit the upload of a common home, and a late join is not slower than with more.
  public static let sendRate = 250_000
  /// Bytes of that rate that may be saved up: two transmits' worth, so that a burst after a pause adds less than 15 ms
  /// of queue to such an upload.
  public static let sendBurst = 16 * 1024
  /// Datagrams that are handed to the system in one call: together below the 65,507 bytes that it takes.
  public static let datagramsTogether = 48
  /// Datagrams to one link in one transmit, whatever the rate allows.
  public static let datagramsPerTransmit = 256
}

/// Times of the connection layer that no script sets, in seconds.
enum LinkTimes {
  /// Between two resends of a handshake's datagram.
  static let handshakeResend = 0.25
  /// Until an attempt to connect without an answer is given up, and until an unconfirmed handshake is forgotten.
  static let handshakeTimeout = 10.0
  /// Until an initiator whose CONNECT is not answered asks for a fresh cookie.
  static let cookiePatience = 2.0
  /// A cookie is good for this long to twice as long.
  static let cookieRotation = 30.0
  /// How long the lower peer id's attempt to connect takes precedence.
  static let simultaneousOpen = 1.0
  /// A peer silent for this long gives up its id to a newcomer.
  static let idSilence = 3.0
  /// How long a newcomer keeps knocking while its id is taken: the silence and one second of margin.
  static let idPatience = 4.5
  /// How long a closing link tries to get its last data across.
  static let linger = 2.0
  /// Silence after which data that is still missing is given up, once the other end has closed in an orderly way, and
  /// in a hurry.
  static let closePatience = 2.5
  static let shutdownPatience = 1.0
  /// How long a link that the other end closed still answers repeated closes.
  static let drain = 2.5
  /// How long a link with another schema may live.
  static let schemaCheck = 10.0
}
