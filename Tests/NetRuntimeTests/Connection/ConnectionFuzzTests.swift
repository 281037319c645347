import Testing

@testable import NetRuntime

/// Whatever arrives, nothing traps, and nobody but the real peer gets anywhere.
@Suite struct ConnectionFuzzTests {
  /// Seals a payload as `from` would and gives it to `to`.
  private func inject(_ payload: [UInt8], from: TestPeer, to: TestPeer) throws {
    let link = try #require(from.connections.table.pointee[from.link(to: to)])
    let cipher = try #require(link.pointee.sealing)
    let sequence = link.pointee.sent.next
    link.pointee.sent.append(SentPacket())
    var packet = [UInt8](repeating: 0, count: PacketHeader.size) + payload + [UInt8](repeating: 0, count: 16)
    packet.withUnsafeMutableBytes { bytes in
      PacketHeader.write(
        to: bytes.baseAddress!, connectionID: link.pointee.remoteConnectionID, sequence: sequence)
      cipher.seal(bytes.baseAddress!, header: PacketHeader.size, count: payload.count, sequence: sequence)
      from.transport.send(UnsafeRawBufferPointer(bytes), to: to.endpoint, from: from.socket)
    }
  }

  private let noAcknowledgement = [UInt8](repeating: 0, count: 12)

  @Test(
    arguments: [
      ([], PacketFault.truncated),
      ([0], .unknownFrame),
      ([99, 1, 2, 3], .unknownFrame),
      ([1, 0, 0], .truncated),
      ([1, 0, 0, 0, 0, 0, 0], .emptyFrame),
      ([1, 0, 0, 0, 0, 5, 0, 1, 2], .truncated),
      // Reliable data far beyond what this end said it would hold.
      ([1, 0, 0, 0, 0x10, 1, 0, 1], .streamBeyondWindow),
      // Before the stream's start, which is far beyond its end.
      ([1, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 1], .streamBeyondWindow),
      // Over 32 KiB, and a length of four bytes.
      ([1, 0, 0, 0, 0, 3, 0, 0x86, 0x80, 0x08], .messageTooLong),
      ([1, 0, 0, 0, 0, 3, 0, 0x80, 0x80, 0x80], .lengthTooLong),
      ([2], .truncated),
      ([2, 0x80], .truncated),
      ([2, 0x80, 0x80, 0x80, 0x80], .lengthTooLong),
      ([2, 0x28, 1, 2, 3], .truncated),
      ([3, 0, 0], .emptyFrame),
      ([3, 9, 0, 1], .truncated),
      ([4, 1], .truncated),
      ([5], .truncated),
      ([6, 0, 0, 0], .truncated),
      ([6, 77, 0, 0, 0, 0], .unknownCloseReason),
      // A message between connection layers on a link whose schemas agree.
      ([1, 0, 0, 0, 0, 2, 0, 0x07, 0x01], .unknownConnectionMessage),
    ] as [([UInt8], PacketFault)])
  func malformedFramesBreakTheLinkByName(frames: [UInt8], fault: PacketFault) throws {
    let (world, one, two) = try TestWorld.connected()
    try inject(frames.isEmpty ? [0, 0, 0] : noAcknowledgement + frames, from: one, to: two)
    world.step()
    if frames.isEmpty {
      // Too short to be a packet at all: not even looked at.
      #expect(two.events == [.connected])
      return
    }
    #expect(two.events == [.connected, .broken(.malformed(fault))])
    world.run(0.1)
    #expect(one.events == [.connected, .broken(.remoteBroke)])
    #expect(two.connections.state(of: two.link(to: one)) == .broken)
  }

  @Test func acknowledgementsOfWhatWasNeverSentBreakTheLink() throws {
    for (newest, mask) in [(1000, 0), (5, UInt64.max), (0xFFFF_FFFF, 0)] as [(UInt32, UInt64)] {
      let (world, one, two) = try TestWorld.connected()
      var payload = noAcknowledgement
      payload.withUnsafeMutableBytes { bytes in
        bytes.storeBytes(of: newest, as: UInt32.self)
        bytes.storeBytes(of: mask, toByteOffset: 4, as: UInt64.self)
      }
      try inject(payload, from: one, to: two)
      world.step()
      #expect(two.events == [.connected, .broken(.malformed(.acknowledgementOfUnsent))])
    }
  }

  @Test func dataBehindTheAnnouncedEndBreaksTheLink() throws {
    let (world, one, two) = try TestWorld.connected()
    try inject(noAcknowledgement + [6, 0, 2, 0, 0, 0] + [1, 0, 0, 0, 0, 4, 0, 4, 1, 4, 1], from: one, to: two)
    world.step()
    #expect(two.events == [.connected, .broken(.malformed(.streamBeyondEnd))])
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func randomSealedContentNeverTraps(seed: UInt64) throws {
    let random = SeededRandomSource(seed: seed)
    for _ in 0..<10 {
      let (world, one, two) = try TestWorld.connected(seed: seed)
      for _ in 0..<30 {
        var frames: [UInt8] = random.next(below: 2) == 0 ? noAcknowledgement : []
        for _ in 0..<random.next(below: 4) {
          // Mostly plausible: a real kind of frame and small numbers.
          frames.append(UInt8(random.next(below: 8)))
          for _ in 0..<random.next(below: 12) {
            frames.append(UInt8(random.next(below: random.next(below: 2) == 0 ? 6 : 256)))
          }
        }
        try inject(frames, from: one, to: two)
        world.step()
        if two.connections.state(of: two.link(to: one)) != .connected { break }
      }
    }
  }

  @Test func randomDatagramsChangeNothing() throws {
    let (world, one, two) = try TestWorld.connected()
    let random = SeededRandomSource(seed: 5)
    for _ in 0..<20_000 {
      var datagram = random.bytes(Int(random.next(below: 300)))
      if !datagram.isEmpty && random.next(below: 3) > 0 {
        datagram[0] = [1, 2, 3, 4, 5, 16][Int(random.next(below: 6))]
      }
      if datagram.count > 8 && random.next(below: 2) == 0 {
        datagram.replaceSubrange(1..<8, with: HandshakeWire.magic + [1, 0])
      }
      datagram.withUnsafeMutableBytes { two.connections.handle($0, from: one.endpoint) }
    }
    try one.send([1], to: two)
    world.run(0.2)
    #expect(two.events == [.connected] && two.messages == [[1]])
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func alteredAndCutRealDatagramsChangeNothing(seed: UInt64) throws {
    // A middleman passes on what the two say to each other, and alongside it altered, cut and repeated copies.
    let world = TestWorld(seed: seed)
    let one = try world.add(1)
    let two = try world.add(2)
    let middle = world.network.addHost()
    let toOne = try middle.bind(port: 1)
    let toTwo = try middle.bind(port: 2)
    let random = SeededRandomSource(seed: seed)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1500, alignment: 8)
    defer { buffer.deallocate() }
    var past: [[UInt8]] = []
    one.connections.connect(to: two.id, at: Endpoint(address: middle.address, port: 1))
    for number in 0..<300 {
      if number < 150, one.connections.link(to: two.id) != nil { try one.send(numbered(number, size: 40), to: two) }
      world.step()
      for (from, to, peer) in [(toOne, toTwo, two), (toTwo, toOne, one)] {
        while let datagram = middle.receive(into: buffer, from: from) {
          let real = Array(buffer[0..<datagram.count])
          past.append(real)
          var copies = [real, Array(real.prefix(Int(random.next(below: UInt64(real.count)))))]
          copies.append(past[Int(random.next(below: UInt64(past.count)))])
          for _ in 0..<3 {
            var altered = real
            altered[Int(random.next(below: UInt64(real.count)))] ^= 1 << UInt8(random.next(below: 8))
            copies.append(altered)
          }
          // An altered copy may win the race; of a handshake that would be no more than a loss.
          for copy in copies.reversed() where copy == real || !isRefusal(copy) {
            copy.withUnsafeBytes { middle.send($0, to: peer.endpoint, from: to) }
          }
        }
      }
    }
    #expect(one.events == [.connected] && two.events == [.connected])
    let isComplete = two.messages == (0..<150).map { numbered($0, size: 40) }
    #expect(isComplete, "\(two.messages.count) messages")
  }

  /// Only somebody on the way can forge a refusal, and the middleman is; that is not what is looked at here.
  private func isRefusal(_ datagram: [UInt8]) -> Bool {
    datagram.first == DatagramKind.refuse.rawValue || datagram.first == DatagramKind.accept.rawValue
  }

  @Test func aReplayedSessionIsIgnored() throws {
    let world = TestWorld()
    let one = try world.add(1)
    let two = try world.add(2)
    let tap = world.network.addHost()
    let toTwo = try tap.bind(port: 2)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1500, alignment: 8)
    defer { buffer.deallocate() }
    one.connections.connect(to: two.id, at: Endpoint(address: tap.address, port: 2))
    var recorded: [[UInt8]] = []
    for frame in 0..<60 {
      if frame == 30 { try one.send([9], to: two) }
      world.step()
      while let datagram = tap.receive(into: buffer, from: toTwo) {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[0..<datagram.count])
        if datagram.source == one.endpoint { recorded.append(Array(bytes)) }
        tap.send(bytes, to: datagram.source == one.endpoint ? two.endpoint : one.endpoint, from: toTwo)
      }
    }
    #expect(two.messages == [[9]])
    for datagram in recorded { datagram.withUnsafeBytes { tap.send($0, to: two.endpoint, from: toTwo) } }
    world.run(1)
    #expect(two.messages == [[9]])
    #expect(two.events == [.connected])
  }
}
