extension NetworkRuntime {
  /// Keeps messages of a name out of the log, sent and received ones, for as long as this runtime lives.
  public func ignoreInLog(message name: String) throws(NetworkError) {
    let config = try running().config
    guard config.messages.contains(where: { $0.name == name }) else {
      throw .unknownMessage(name, nearest: nearestName(to: name, in: config.messages.lazy.map(\.name)))
    }
    unloggedNames.insert(name)
    layOutUnlogged(config)
  }

  /// Messages are asked for by their index.
  func layOutUnlogged(_ config: NetworkConfig) {
    isUnlogged = config.messages.map { unloggedNames.contains($0.name) }
  }

  func logSent(_ index: Int, to peer: PeerID) {
    guard isUnlogged.indices.contains(index), !isUnlogged[index] else { return }
    environment.log(.messages, "sent `\(messageName(index))` to peer \(peer)")
  }

  func logReceived(_ index: Int, from peer: PeerID) {
    guard isUnlogged.indices.contains(index), !isUnlogged[index] else { return }
    environment.log(.messages, "received `\(messageName(index))` from peer \(peer)")
  }

  /// Warns once a client when its network is of no more use.
  func tellFailure() {
    guard hasFailed, !hasToldFailure else { return }
    hasToldFailure = true
    let reason: LogLine =
      environment.transport.hasFailed
      ? "a socket died" : "\(subsystem?.platformClient?.contextLoss?.description ?? "the player was signed out")"
    environment.log(.warnings, "\(reason): the network cannot be used any more, and Network.fatal_error gives true")
  }

  private func messageName(_ index: Int) -> String { subsystem?.config.messages[index].name ?? "" }

  /// Hands the log of details on, or takes it away.
  func adoptShownLog() {
    let details = environment.shownLog() >= .spew ? environment.log : nil
    subsystem?.connections.detailLog = details
    session?.detailLog = details
  }
}
