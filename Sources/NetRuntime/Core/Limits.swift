/// Every limit of the engine, with the reason for its value. `docs/limits.md` is the same list for readers.
public enum Limits {
  // MARK: Transport

  /// Bytes of the longest datagram that travels: an Ethernet frame's payload. Longer ones would be cut into IP fragments, and one lost fragment loses all.
  public static let datagramSize = 1500

  /// Bytes of receive buffer asked of the operating system for each socket: a second of 16 peers' traffic while a game loads a level.
  public static let socketReceiveBufferSize = 4 << 20

  /// Datagrams that wait in one socket of the virtual network; more are dropped, as a full receive buffer does.
  public static let virtualSocketQueue = 4096
}
