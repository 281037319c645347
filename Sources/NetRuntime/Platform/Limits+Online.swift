extension Limits {
  // MARK: Online service

  /// Bytes of the secret that a server shares with its programs.
  public static let onlineSecretSize = 128
}
