extension PeerID {
  /// The id of a player that has given no other: its name's hash, in the form of a Steam id (15 hexadecimal digits that
  /// begin with 11). Equal names are one player everywhere.
  public init(playerName name: String) {
    let hash = MurmurHash64A.hash(name)
    self.init(rawValue: 0x0110_0000_0000_0000 | hash & 0x000f_ffff_ffff_ffff)
  }
}
