extension Limits {
  // MARK: Lobby

  /// Members of a lobby: each is connected to each, so the packets of a frame grow with the square.
  public static let lobbyMembers = 64
  /// Bytes of a lobby's data on the wire: 14 answers to a browser, and half of one message to a newcomer.
  public static let lobbyDataSize = 16 << 10
  /// Bytes of one member's data on the wire; a newcomer gets that of all members.
  public static let memberDataSize = 4 << 10
  /// Keys of a lobby's or member's data: looked up one after another.
  public static let lobbyKeys = 256
  /// Bytes of a key; its length takes one byte on the wire.
  public static let lobbyKeySize = 255
  /// Connected peers that have not joined yet; more are sent away.
  public static let pendingJoins = 32
  /// Seconds that a connected peer may stay without joining.
  public static let pendingJoinTime = 10.0
  /// Datagrams read from a lobby port in one update, so that a flood cannot hold up the game.
  public static let lobbyDatagramsPerUpdate = 256
  /// Lobbies that a browser lists; with `lobbyDataSize` it bounds what strangers can make it keep.
  public static let browserLobbies = 128
}
