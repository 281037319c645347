/// Every limit of the engine, with the reason for its value. `docs/limits.md` is the same list for readers.
public enum Limits {
  // MARK: Transport

  /// Bytes of the longest datagram that travels: an Ethernet frame's payload. Longer ones would be cut into IP
  /// fragments, and one lost fragment loses all.
  public static let datagramSize = 1500

  /// Bytes of receive buffer asked of the operating system for each socket: a second of 16 peers' traffic while a game
  /// loads a level.
  public static let socketReceiveBufferSize = 4 << 20

  /// Datagrams that wait in one socket of the virtual network; more are dropped, as a full receive buffer does.
  public static let virtualSocketQueue = 4096

  /// Datagrams that a transport made bad holds at one time; more are lost. Some seconds of a busy host's traffic, in
  /// 12 MB.
  public static let faultyDatagrams = 8192

  /// Seconds of data that wait where bandwidth is limited by a fault; more is lost. As much as cheap routers keep.
  public static let faultyQueueTime = 0.5

  // MARK: Schema and packing

  /// Bytes of a `.network_config` or `settings.ini`: far above any real file, small enough that a wrong file is
  /// refused at once.
  public static let configFileSize = 1024 * 1024
  /// Bytes of a schema's canonical text, which a joiner fetches from a host that it does not trust yet.
  public static let schemaTextSize = 256 * 1024
  /// Levels of braces and brackets: a config needs five, and the parser recurses once a level.
  public static let configDepth = 32
  /// Entries of `types`, `messages` and `objects` each: wire indices stay below 16 bits.
  public static let schemaEntries = 4096
  /// Arguments of a message or fields of an object: dirty bits of an object fit four words.
  public static let fieldsPerEntry = 256
  /// UTF-8 bytes of a message's, object's, field's or type's name.
  public static let nameSize = 128
  /// Bytes of one packed message or object, its header included: the reliable buffer's default size, so that one
  /// message can always be sent.
  public static let messageSize = 32 * 1024
  /// Bytes of `messageSize` that packed arguments or fields leave to headers.
  public static let messageHeaderSize = 64
  /// Bytes of a string argument or field: half a message.
  public static let stringSize = 16 * 1024
  /// Elements of an array argument or field; `messageSize` bounds most element kinds earlier.
  public static let arrayCount = 16 * 1024
  /// Bytes of each reliable buffer: one full datagram at least, and not so much that a peer's gaps can exhaust memory.
  public static let reliableBufferSizes = 2048...16 * 1024 * 1024
  /// Lines that a comparison of two schemas lists before it says how many more there are.
  public static let schemaDifferences = 16

  // MARK: Scripts

  /// Bytes of one script file: above any that a person writes, small enough that a wrong file is refused before it
  /// fills the memory.
  public static let scriptFileSize = 16 << 20
  /// Names that a process remembers by their hashes: enough for every resource of a large game; those that come later
  /// stay hashes.
  public static let rememberedNames = 65_536
  /// Peers that are remembered as known after their connection has ended, so that strangers who come and go cannot
  /// fill the memory.
  public static let knownPeers = 65_536
}
