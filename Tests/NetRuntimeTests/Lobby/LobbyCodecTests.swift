import Testing

@testable import NetRuntime

@Suite struct LobbyCodecTests {
  private static func sample(_ random: SeededRandomSource) -> LobbyMessage {
    func data(_ limit: Int) -> LobbyData {
      var data = LobbyData()
      for _ in 0..<random.next(below: 6) {
        let key = (0..<random.next(below: 12)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let value = (0..<random.next(below: 90)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        _ = try? data.set(key, to: value, limit: limit)
      }
      return data
    }
    func member() -> LobbySnapshot.Member {
      .init(
        peer: PeerID(rawValue: random.next() | 1),
        endpoint: Endpoint(
          address: UInt32(truncatingIfNeeded: random.next()), port: UInt16(truncatingIfNeeded: random.next())))
    }
    let term = UInt32(truncatingIfNeeded: random.next())
    let peer = PeerID(rawValue: random.next())
    let reasons = LobbyMessage.LeaveReason.allCases
    let reason = reasons[Int(random.next(below: UInt64(reasons.count)))]
    switch random.next(below: 12) {
    case 0: return .join(lobby: random.next(), data(Limits.memberDataSize))
    case 1: return .ownData(data(Limits.memberDataSize))
    case 2:
      return .state(
        LobbySnapshot(
          lobby: random.next(), term: term, maximum: 8, sessionHost: peer,
          members: (0..<random.next(below: 9)).map { _ in member() },
          data: data(Limits.lobbyDataSize)))
    case 3: return .refuse(.full(maximum: 9))
    case 4: return .refuse(.notHost)
    case 5: return .memberJoined(term: term, member())
    case 6: return .memberLeft(term: term, peer, reason)
    case 7: return .memberData(term: term, peer, data(Limits.memberDataSize))
    case 8: return .data(term: term, data(Limits.lobbyDataSize))
    case 9: return .sessionHost(term: term, peer)
    case 10: return .leave(lobby: random.next())
    default: return .removed(lobby: random.next(), term: term, reason)
    }
  }

  private static func decode(_ bytes: [UInt8]) -> LobbyMessage? {
    bytes.withUnsafeBytes { LobbyMessage(encoded: $0) }
  }

  private static func mutated(_ bytes: [UInt8], _ random: SeededRandomSource) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.next(below: 3) {
      switch random.next(below: 4) {
      case 0 where !bytes.isEmpty:
        bytes[Int(random.next(below: UInt64(bytes.count)))] ^= UInt8(1 << random.next(below: 8))
      case 1: bytes = Array(bytes.prefix(Int(random.next(below: UInt64(bytes.count + 1)))))
      case 2: bytes.append(UInt8(truncatingIfNeeded: random.next()))
      case 3 where !bytes.isEmpty: bytes[Int(random.next(below: UInt64(bytes.count)))] = 255
      default: break
      }
    }
    return bytes
  }

  @Test func `every message reads back as it was written`() {
    let random = SeededRandomSource(seed: 11)
    for _ in 0..<1000 {
      let message = Self.sample(random)
      #expect(Self.decode(message.encoded) == message)
    }
  }

  @Test func `a message cut short or too long is none`() {
    let random = SeededRandomSource(seed: 12)
    for _ in 0..<100 {
      let message = Self.sample(random)
      let encoded = message.encoded
      for count in 0..<encoded.count {
        // A shorter message may make sense, yet it is not this one.
        #expect(Self.decode(Array(encoded[..<count])) != message)
      }
    }
    #expect(Self.decode(LobbyMessage.leave(lobby: 1).encoded + [0]) == nil)
    #expect(Self.decode([]) == nil)
    #expect(Self.decode([0]) == nil)
    #expect(Self.decode([200, 1, 2, 3]) == nil)
  }

  @Test func `what reads at all writes back the same bytes`() {
    let random = SeededRandomSource(seed: 13)
    var read = 0
    for _ in 0..<8000 {
      let bytes = Self.mutated(Self.sample(random).encoded, random)
      guard let message = Self.decode(bytes) else { continue }
      read += 1
      #expect(message.encoded == bytes)
    }
    #expect(read > 300)
  }

  @Test func `limits hold for what comes from the wire`() {
    let large = LobbyData.Entry(key: [1], value: [UInt8](repeating: 0, count: Limits.memberDataSize))
    var encoded: [UInt8] = [2, 1]
    encoded += [UInt8(large.value.count & 255), UInt8(large.value.count >> 8)] + large.key + large.value
    #expect(Self.decode(encoded) == nil)
    // The same key twice.
    #expect(Self.decode([2, 1, 0, 0, 65, 1, 0, 0, 65]) == nil)
    #expect(Self.decode([2, 1, 0, 0, 65, 1, 0, 0, 66]) != nil)
    // One key over the count.
    let many = (0...Limits.lobbyKeys).flatMap { [2, 0, 0, UInt8($0 & 255), UInt8($0 >> 8)] as [UInt8] }
    #expect(Self.decode([9, 0, 0, 0, 0] + many.dropLast(5)) != nil)
    #expect(Self.decode([9, 0, 0, 0, 0] + many) == nil)
    let members = (1...Limits.lobbyMembers + 1).map {
      LobbySnapshot.Member(peer: PeerID(rawValue: UInt64($0)), endpoint: .sender)
    }
    var snapshot = LobbySnapshot(
      lobby: 1, term: 1, maximum: 64, sessionHost: .nobody, members: members, data: LobbyData())
    #expect(Self.decode(LobbyMessage.state(snapshot).encoded) == nil)
    snapshot.members.removeLast()
    #expect(Self.decode(LobbyMessage.state(snapshot).encoded) != nil)
    snapshot.members[3] = snapshot.members[4]
    #expect(Self.decode(LobbyMessage.state(snapshot).encoded) == nil)
  }

  @Test func `datagrams read back, damaged ones read as themselves or not at all`() {
    let random = SeededRandomSource(seed: 14)
    for _ in 0..<250 {
      let nonce = random.next()
      let count = Int(random.next(below: 3000))
      let data = [UInt8](repeating: 5, count: min(count, LANLobbyInfo.room))
      let samples: [LANDatagram] = [
        .query(nonce: nonce),
        .queryMore(nonce: nonce, cookie: random.next(), revision: 7, offset: 9),
        .info(
          LANLobbyInfo(
            nonce: nonce, cookie: 1, host: PeerID(rawValue: 2), lobby: 9, schemaHash: 3, gamePort: 4, members: 5,
            maximum: 6,
            revision: 7, dataCount: UInt16(count), data: data)),
        .chunk(
          LANDataChunk(
            nonce: nonce, host: PeerID(rawValue: 2), revision: 3, dataCount: UInt16(count), offset: 0, data: data)),
      ]
      for sample in samples {
        let encoded = sample.encoded
        #expect(encoded.count <= LANDatagram.size)
        #expect(encoded.withUnsafeBytes { LANDatagram(encoded: $0) } == sample)
        let damaged = Self.mutated(encoded, random)
        if let read = damaged.withUnsafeBytes({ LANDatagram(encoded: $0) }) {
          #expect(read.encoded.count <= LANDatagram.size)
        }
      }
    }
  }

  @Test func `random bytes never trap and rarely read`() {
    let random = SeededRandomSource(seed: 15)
    let head = Array(LANDatagram.query(nonce: 0).encoded.prefix(7))
    for _ in 0..<8000 {
      var bytes = [UInt8](repeating: 0, count: Int(random.next(below: 120)))
      bytes.withUnsafeMutableBytes { random.fill($0) }
      if !bytes.isEmpty { bytes[0] = UInt8(random.next(below: 14)) }
      if let message = Self.decode(bytes) { #expect(message.encoded == bytes) }
      var datagram = head + bytes
      datagram[6] = UInt8(random.next(below: 6))
      #expect(datagram.withUnsafeBytes { LANDatagram(encoded: $0) }?.encoded.count ?? 0 <= LANDatagram.size)
    }
  }

  /// Whatever members say, no machine traps, grows without bound or loses itself.
  @Test(arguments: 1...20) func `a machine survives hostile members`(seed: UInt64) {
    let random = SeededRandomSource(seed: seed)
    var machine = LobbyMachine(hosting: PeerID(rawValue: 1), lobby: 5, maximum: 8)
    if seed % 2 == 0 {
      machine = LobbyMachine(joining: PeerID(rawValue: 1))
      _ = machine.willConnect(to: PeerID(rawValue: 2), lobby: 5)
    }
    var now = 0.0
    for _ in 0..<1000 {
      let peer = PeerID(rawValue: random.next(below: 5))
      now += random.nextUnit()
      var message = Self.sample(random)
      // Near terms and known peers lead further than random ones.
      let term = machine.term &+ UInt32(random.next(below: 3)) &- 1
      switch random.next(below: 4) {
      case 0:
        message = .state(
          LobbySnapshot(
            lobby: random.next(below: 4) == 0 ? 6 : 5, term: term, maximum: 4, sessionHost: peer,
            members: (1...4).filter { _ in random.next(below: 4) > 0 }.map {
              .init(peer: PeerID(rawValue: $0), endpoint: .sender)
            }, data: LobbyData()))
      case 1: message = .memberLeft(term: term, PeerID(rawValue: random.next(below: 5)), .lost)
      default: break
      }
      _ = machine.receive(message, from: peer, at: Endpoint(address: 1, port: 1), now: now)
      switch random.next(below: 30) {
      case 0: _ = machine.linkDown(peer, isBroken: true, at: now)
      case 1: _ = machine.linkUp(peer)
      case 2: _ = machine.advance(to: now)
      case 3: _ = machine.flush()
      default: break
      }
      #expect(machine.members.count <= Limits.lobbyMembers)
      #expect(machine.data.size <= Limits.lobbyDataSize)
      #expect(Set(machine.members.map(\.peer)).count == machine.members.count)
      if machine.isActive && machine.state == .joined { #expect(machine.contains(machine.localPeer)) }
      if machine.isHost { #expect(machine.memberIDs.first == machine.localPeer) }
    }
  }
}
