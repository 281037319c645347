extension Limits {
  /// Peers that an analysis of traffic tells apart, four times what a session holds: those that came and went in a long
  /// recording. Further ones count as one.
  public static let analysedPeers = 256
}
