extension PathFinder {
  /// Takes a datagram, whoever wrote it.
  func take(_ datagram: PathDatagram, from source: Endpoint) {
    switch datagram {
    case .probe(let probe): take(probe, from: source)
    case .address(let nonce, let endpoint, let challenge):
      guard source == relay?.grant.endpoint,
        relay?.located(nonce, at: endpoint, challenge: challenge, now: time) == true
      else { return }
      log(.messages, "the server sees this peer at \(endpoint)")
      endpointsChanged()
    case .registered(let nonce, let isFull):
      guard source == relay?.grant.endpoint, relay?.registered(nonce, isFull: isFull, now: time) == true else { return }
      if isFull { log(.warnings, "the relay has no room for another player") }
    }
  }

  private func take(_ probe: PathProbe, from source: Endpoint) {
    let peer = probe.sender
    guard probe.receiver == localPeer, peer != localPeer else { return }
    if probe.answer != 0 {
      guard let roundTrip = nonces.age(probe.answer, of: peer, at: source, now: time) else { return }
      if let index = index(of: peer) {
        searches[index].answered(from: source, roundTrip: roundTrip, at: time)
      } else {
        note(roundTrip, of: peer)
      }
    }
    guard probe.question != 0 else { return }
    // A relayed way that nobody looks for here is to end.
    if RelayTunnel.contains(source), index(of: peer) == nil { return }
    // One datagram for one, and no bytes more: nobody can make this peer send more to a third than they sent themselves.
    let wantsProof = probe.answer == 0 && index(of: peer).map { searches[$0].wantsProof(of: source) } ?? false
    send(
      PathProbe(
        sender: localPeer, receiver: peer,
        question: wantsProof ? nonces.make(for: peer, at: source, now: time) : 0, answer: probe.question),
      to: source)
  }

  /// Asks the server for this peer's address, and registers at its relay, when it is time.
  func advanceRelay() {
    guard var client = relay else { return }
    let grant = client.grant
    client.advance(to: time, hasPeers: transport.tunnel.hasPeers, random: random) { action in
      switch action {
      case .ask(let nonce):
        send(to: grant.endpoint) { writer in
          PathWire.writeHead(.whereAmI, &writer)
          writer.write(nonce)
          writer.pad(to: PathWire.addressSize)
        }
      case .register(let nonce, let challenge):
        let peers = transport.tunnel.peers
        send(to: grant.endpoint) { writer in
          PathWire.writeHead(.register, detail: UInt16(peers.count), &writer)
          writer.write(localPeer.rawValue)
          writer.write(nonce)
          writer.write(challenge)
          for peer in peers { writer.write(peer.rawValue) }
          grant.key.sign(&writer)
        }
      }
    }
    relay = client
  }
}
