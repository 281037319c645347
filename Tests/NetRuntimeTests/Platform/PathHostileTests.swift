import Testing

@testable import NetRuntime

/// What others than the peers themselves can make of path finding: nothing.
@Suite struct PathHostileTests {
  private func bytes(_ write: (inout WireWriter) -> Void) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 1500) { buffer, count in
      var writer = WireWriter(UnsafeMutableRawBufferPointer(buffer))
      write(&writer)
      count = writer.count
    }
  }

  private func probe(_ sender: UInt64, _ receiver: UInt64, question: UInt64 = 0, answer: UInt64 = 0) -> [UInt8] {
    bytes {
      PathProbe(
        sender: PeerID(rawValue: sender), receiver: PeerID(rawValue: receiver), question: question, answer: answer
      ).write(&$0)
    }
  }

  private struct Scene {
    let world = PathWorld(seed: 1, .none)
    let peer: PathPeer
    let stranger: VirtualTransport
    let socket: SocketID

    init() throws {
      peer = try world.add(1)
      stranger = world.network.addHost()
      socket = try stranger.bind(port: 6000)
    }

    var target: Endpoint { Endpoint(address: peer.host.address, port: 5000) }
    func send(_ bytes: [UInt8]) { stranger.send(bytes, to: target, from: socket) }
  }

  @Test func anAnswerIsNoLongerThanItsQuestionAndThereIsOne() throws {
    let scene = try Scene()
    scene.send(probe(2, 1, question: 77))
    scene.world.step()
    #expect(scene.stranger.receiveAll(from: scene.socket) == [probe(1, 2, answer: 77)])
    // While the peer is looked for, the answer asks back in the same datagram.
    scene.peer.finder.find(PeerID(rawValue: 2), [])
    scene.send(probe(2, 1, question: 78))
    scene.world.step()
    let answers = scene.stranger.receiveAll(from: scene.socket)
    #expect(answers.count == 1 && answers[0].count == 40)
  }

  @Test func whatIsNotForThisPeerIsDropped() throws {
    let scene = try Scene()
    scene.send(probe(2, 3, question: 77))
    scene.send(probe(1, 1, question: 77))
    scene.send(probe(0, 1, question: 77))
    scene.send(probe(2, 1))
    scene.send(probe(2, 1, question: 77) + [0])
    scene.send(Array(probe(2, 1, question: 77).dropLast()))
    var other = probe(2, 1, question: 77)
    other[4] = 2
    scene.send(other)
    scene.world.run(0.1)
    #expect(scene.stranger.receiveAll(from: scene.socket).isEmpty)
  }

  @Test func forgedAnswersFindNoWay() throws {
    let scene = try Scene()
    scene.peer.finder.find(PeerID(rawValue: 2), [Endpoint(address: scene.stranger.address, port: 6000)])
    let random = SeededRandomSource(seed: 5)
    for _ in 0..<100 {
      for _ in 0..<20 { scene.send(probe(2, 1, question: random.next(), answer: random.next())) }
      scene.world.step()
    }
    #expect(scene.peer.news.isEmpty)
    #expect(scene.peer.finder.ping(PeerID(rawValue: 2)) == nil)
  }

  /// A question is only answered from where it was sent to.
  @Test func anAnswerFromElsewhereOrForAnotherPeerFindsNoWay() throws {
    let scene = try Scene()
    let finder = scene.peer.finder
    finder.find(PeerID(rawValue: 2), [Endpoint(address: scene.stranger.address, port: 6000)])
    let elsewhere = try scene.stranger.bind(port: 6001)
    scene.world.step()
    let asked = try #require(scene.stranger.receiveAll(from: scene.socket).first)
    let nonce = asked[24..<32].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    scene.stranger.send(probe(2, 1, answer: nonce), to: scene.target, from: elsewhere)
    scene.send(probe(3, 1, answer: nonce))
    scene.world.run(0.5)
    #expect(scene.peer.news.isEmpty)
    scene.world.run(5)
    // And not after a long time.
    scene.send(probe(2, 1, answer: nonce))
    scene.world.run(1)
    #expect(scene.peer.news == [.failed(PeerID(rawValue: 2))])
  }

  @Test func whoPretendsDoesNotBeatTheDirectorysAddress() throws {
    let scene = try Scene()
    let friend = try scene.world.add(2)
    let thief = try PathPeer(scene.world.network.addHost(), id: 2, at: 0)
    scene.world.peers.append(thief)
    thief.finder.find(scene.peer.id, scene.peer.finder.localEndpoints)
    friend.finder.find(scene.peer.id, scene.peer.finder.localEndpoints)
    scene.world.run(0.2)
    scene.peer.finder.find(friend.id, friend.finder.localEndpoints)
    #expect(scene.world.run(atMost: 1) { scene.peer.found(friend) != nil })
    #expect(scene.peer.found(friend) == Endpoint(address: friend.host.address, port: 5000))
  }

  @Test func aFloodOfProbesTakesNoMemoryAndStopsNoGame() throws {
    let scene = try Scene()
    let friend = try scene.world.add(2)
    scene.peer.connects = true
    scene.world.introduce(scene.peer, friend)
    for index in 0..<60 {
      for sender in 0..<2000 { scene.send(probe(UInt64(sender + 10), 1, question: UInt64(index + 1))) }
      scene.world.step()
    }
    #expect(friend.events == [.connected])
    #expect(scene.peer.finder.searches.count == 1)
    #expect(scene.peer.finder.searches[0].candidates.count == 1)
    let answers = scene.stranger.receiveAll(from: scene.socket).count
    #expect(answers <= 60 * Limits.pathDatagrams)
  }

  @Test func learntCandidatesAreBounded() throws {
    var search = PathSearch(PeerID(rawValue: 2), [], relay: nil, at: 0)
    for port in 1...100 as ClosedRange<UInt16> {
      let endpoint = Endpoint(address: 0x0A00_0009, port: port)
      #expect(search.wantsProof(of: endpoint) == (port <= Limits.learntCandidates))
      search.answered(from: endpoint, roundTrip: 0.1, at: 0)
    }
    #expect(search.candidates.count == Limits.learntCandidates)
    for port in 1...100 as ClosedRange<UInt16> {
      search.refresh((0..<20).map { Endpoint(address: 0x0A00_0100 + $0, port: port) }, relay: nil, at: 0)
    }
    #expect(search.candidates.count <= 3 * Limits.playerEndpoints + Limits.learntCandidates)
  }

  @Test func soManyPeersAreLookedForAndMeasured() throws {
    let scene = try Scene()
    let finder = scene.peer.finder
    for id in 0...Limits.pathPeers { finder.find(PeerID(rawValue: UInt64(id + 2)), []) }
    #expect(finder.searches.count == Limits.pathPeers)
    #expect(finder.next() == .failed(PeerID(rawValue: UInt64(Limits.pathPeers + 2))))
    for id in 0..<2 * Limits.measuredPeers { finder.note(0.5, of: PeerID(rawValue: UInt64(1000 + id))) }
    #expect(finder.ping(PeerID(rawValue: 1000)) == nil)
    #expect(finder.ping(PeerID(rawValue: UInt64(1000 + Limits.measuredPeers))) == 0.5)
  }

  @Test func soManyDatagramsWaitForAFrame() throws {
    let scene = try Scene()
    for _ in 0..<Limits.pathDatagrams + 100 { scene.send(probe(2, 1, question: 7)) }
    scene.world.step()
    #expect(scene.stranger.receiveAll(from: scene.socket).count == Limits.pathDatagrams)
  }

  @Test func aFloodLeavesTheGameItsTurn() throws {
    let network = VirtualNetwork(seed: 1)
    let transport = PathTransport(network.addHost())
    let socket = try transport.bind(port: 5000)
    transport.watch(socket)
    for _ in 0..<2 * 4096 {
      transport.send(probe(2, 1, question: 7), to: Endpoint(address: 0x0A00_0001, port: 5000), from: socket)
    }
    // The virtual socket holds as many as are taken in one call.
    #expect(Limits.pathDatagramsPerReceive == Limits.virtualSocketQueue)
    #expect(transport.receiveBytes(from: socket) == nil)
    transport.send([16], to: Endpoint(address: 0x0A00_0001, port: 5000), from: socket)
    #expect(transport.receiveBytes(from: socket)?.bytes == [16])
  }

  @Test func impossibleCandidatesAreNotAsked() throws {
    let scene = try Scene()
    let impossible = ["0.0.0.1:5", "224.0.0.1:5", "255.255.255.255:5", "10.0.0.2:0"].compactMap { Endpoint($0) }
    scene.peer.finder.find(PeerID(rawValue: 2), impossible)
    for endpoint in impossible { scene.peer.finder.probe(endpoint, id: PeerID(rawValue: 2)) }
    scene.world.run(1)
    #expect(scene.world.network.datagramsSent == 0)
  }

  @Test func anyBytesAreTaken() throws {
    let world = PathWorld(seed: 3, .none)
    try world.addRelay()
    let peer = try world.add(1)
    let friend = try world.add(2)
    world.introduce(peer, friend)
    let stranger = world.network.addHost()
    let socket = try stranger.bind(port: 6000)
    let random = SeededRandomSource(seed: 11)
    let head: [UInt8] = [0x53, 0x57, 0x41, 0x59, 1]
    let sizes = [8, 16, 24, 32, 40, 48, 56, 64, 72, 500, 1500]
    for round in 0..<4000 {
      var datagram = [UInt8](
        repeating: 0, count: round % 2 == 0 ? sizes[round / 2 % sizes.count] : Int(random.next(below: 70)))
      datagram.withUnsafeMutableBytes { random.fill($0) }
      for (index, byte) in head.enumerated() where index < datagram.count { datagram[index] = byte }
      if datagram.count > 7 {
        datagram[5] = UInt8(random.next(below: 10))
        datagram[6] = UInt8(random.next(below: 3))
        datagram[7] = 0
      }
      let ends = [Endpoint(address: peer.host.address, port: 5000), world.relayEndpoint]
      for end in ends { stranger.send(datagram, to: end, from: socket) }
      if round % 50 == 0 { world.step() }
    }
    world.run(1)
    #expect(peer.found(friend) != nil)
    #expect(peer.finder.searches.count == 1)
    #expect(world.relay?.server.counts.players == 2)
  }
}
