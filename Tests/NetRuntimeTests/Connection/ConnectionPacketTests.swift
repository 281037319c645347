import Testing

@testable import NetRuntime

@Suite struct ConnectionPacketTests {
  @Test func replayWindowAgreesWithASet() {
    for seed in 1...20 as ClosedRange<UInt64> {
      let random = SeededRandomSource(seed: seed)
      var window = ReplayWindow()
      defer { window.destroy() }
      var seen: Set<UInt64> = []
      var highest: UInt64 = 0
      for _ in 0..<3000 {
        let step: UInt64 = random.next(below: 50) == 0 ? 5000 : 100
        let sequence = max(1, highest + random.next(below: step) - min(highest, random.next(below: 2600)))
        let isFresh = sequence > highest || (highest - sequence < ReplayWindow.span && !seen.contains(sequence))
        #expect(window.isFresh(sequence) == isFresh)
        if isFresh {
          window.insert(sequence)
          seen.insert(sequence)
          highest = max(highest, sequence)
        }
        #expect(window.highest == highest)
        var mask: UInt64 = 0
        for bit in 0..<64 as Range<UInt64> where highest > bit + 1 && seen.contains(highest - 1 - bit) {
          mask |= 1 << bit
        }
        #expect(window.mask == mask)
      }
      #expect(!window.isFresh(0))
    }
  }

  @Test func sequenceNumbersAreCompletedAcrossTheirHalves() {
    #expect(expand(5, near: 0) == 5)
    #expect(expand(0xFFFF_FFFF, near: 0) == 0xFFFF_FFFF)
    #expect(expand(3, near: 0xFFFF_FFFE) == 0x1_0000_0003)
    #expect(expand(0xFFFF_FFFE, near: 0x1_0000_0003) == 0xFFFF_FFFE)
    #expect(expand(7, near: 0x7_0000_0000) == 0x7_0000_0007)
  }

  @Test(arguments: [CipherKind.chaCha20Poly1305, .aes256GCM])
  func sealedPacketsOpenOnlyUnaltered(kind: CipherKind) {
    guard kind == .chaCha20Poly1305 || Sodium.hasAES else { return }
    let cipher = PacketCipher(kind, key: [UInt8](0..<32))
    defer { cipher.destroy() }
    let clear = [UInt8](0..<60)
    var packet = clear + [UInt8](repeating: 0, count: 16)
    packet.withUnsafeMutableBytes { cipher.seal($0.baseAddress!, header: 9, count: 51, sequence: 77) }
    #expect(opens(cipher, packet, sequence: 77) == clear)
    #expect(Array(packet[0..<9]) == Array(clear[0..<9]) && Array(packet[9..<60]) != Array(clear[9..<60]))
    for index in packet.indices {
      var altered = packet
      altered[index] ^= 1
      #expect(opens(cipher, altered, sequence: 77) == nil)
    }
    #expect(opens(cipher, packet, sequence: 78) == nil)
    #expect(opens(cipher, Array(packet.prefix(20)), sequence: 77) == nil)
  }

  /// Header and content of a packet, or nil when it does not open.
  private func opens(_ cipher: PacketCipher, _ packet: [UInt8], sequence: UInt64) -> [UInt8]? {
    var packet = packet
    let count = packet.count - 9
    let isOpen = packet.withUnsafeMutableBytes { bytes in
      cipher.open(bytes.baseAddress!, header: 9, count: count, sequence: sequence)
    }
    return isOpen ? Array(packet.dropLast(16)) : nil
  }

  @Test func messageHeadsReadBack() {
    var bytes = [UInt8](repeating: 0, count: 3)
    for length in [0, 1, 31, 32, 100, 4095, 4096, 32767, 32768] {
      let value = MessageHead.value(.rpc, length: length)
      let size = MessageHead.size(value)
      bytes.withUnsafeMutableBytes { bytes in
        MessageHead.write(value, size: size, to: bytes.baseAddress!)
        for count in 0...3 {
          let read = MessageHead.read(UnsafeRawPointer(bytes.baseAddress!), count: count)
          #expect(count < size ? read.size == 0 : read == (value, size))
        }
      }
    }
  }

  @Test func acknowledgementsTellEachPacketOnce() {
    // A receiver and a sender that agree on nothing but the numbers; the news together are exactly what arrived.
    for seed in 1...30 as ClosedRange<UInt64> {
      let random = SeededRandomSource(seed: seed)
      var sent = SentPackets()
      var window = ReplayWindow()
      defer {
        sent.destroy()
        window.destroy()
      }
      var told: Set<UInt64> = []
      var arrived: Set<UInt64> = []
      for _ in 0..<400 {
        for _ in 0..<random.next(below: 20) {
          var packet = SentPacket()
          packet.sequence = sent.next
          if random.next(below: 4) > 0 {
            window.insert(sent.next)
            arrived.insert(sent.next)
          }
          sent.append(packet)
        }
        let acknowledgement = acknowledgement(newest: window.highest, mask: window.mask)
        guard let (newest, news) = sent.acknowledge(acknowledgement) else {
          Issue.record("refused")
          return
        }
        if newest > 0 { told.insert(newest) }
        for bit in 0..<64 as Range<UInt64> where news & 1 << bit != 0 { told.insert(newest - 1 - bit) }
      }
      #expect(told == arrived, "seed \(seed)")
    }
  }

  private func acknowledgement(newest: UInt64, mask: UInt64) -> Acknowledgement {
    withUnsafeTemporaryAllocation(byteCount: 12, alignment: 8) { buffer in
      Acknowledgement.write(to: buffer.baseAddress!, newest: newest, mask: mask)
      return Acknowledgement(buffer.baseAddress!)
    }
  }
}
