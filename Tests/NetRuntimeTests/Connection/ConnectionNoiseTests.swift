import Testing

@testable import NetRuntime

/// The literals come from scripts/noise_vectors.py, which knows only the Noise specification.
@Suite struct ConnectionNoiseTests {
  private struct Transcript {
    let preSharedKey: [UInt8]
    let first: String
    let second: String
    let initiatorKey: String
    let responderKey: String
  }

  private static let transcripts = [
    Transcript(
      preSharedKey: [UInt8](repeating: 0, count: 32),
      first: "0faa684ed28867b97f4a6a2dee5df8ce974e76b7018e3f22a1c4cf2678570f20df85b3c1129d842530dcb1cef7"
        + "46dd07f2fb611f07c05d862f9aec55c6eaee7277d593861b42b4827b3e725e4375c158731d3f0e469269c9964b"
        + "213ed3028188e25a0d011e80f809a282b2699d",
      second: "ff2ee45601ec1b67310c7790404585ae697331eee1c1f8cf2419731c1fff3e6b1cc47bc7bacc67f97a5426ff07"
        + "6348219aeed2940edd87d119439c195b4a5906fdc413bf4ff00ab7a2c4552fa7249a209e6d3daa44459a22bc66"
        + "10151df8a5fa6f9277413f7f989968d8232774ba",
      initiatorKey: "078f68390dc93342f55f8a6c6bf929a3686842aff47b2cb6549ef345fae55daa",
      responderKey: "783c98df283f24fb359dc183b85a048c5a74d5a361b865f3c598caad4746abcc"),
    Transcript(
      preSharedKey: [UInt8](0..<32),
      first: "0faa684ed28867b97f4a6a2dee5df8ce974e76b7018e3f22a1c4cf2678570f20df85b3c1129d842530dcb1cef7"
        + "46dd07f2fb611f07c05d862f9aec55c6eaee7277d593861b42b4827b3e725e4375c158731d3f0e469269c9964b"
        + "213ed3028188e25a0d011e80f809a282b2699d",
      second: "ff2ee45601ec1b67310c7790404585ae697331eee1c1f8cf2419731c1fff3e6b1cc47bc7bacc67f97a5426ff07"
        + "6348219aeed2940edd87d119439c195b4a5906fdc413bf4ff00ab7a2c4552fa7249a203b1fb91e94f3adf0fa0e"
        + "438eda5de2fdd50b4b418bdbdb78f7624f9f6cd1",
      initiatorKey: "1703236a3833e313feb681de5d1bba2725d337adcc176ac7a56f2ea9036f321a",
      responderKey: "50886cfe23400db366307f93f36b6bc725049ea7fe1a43d6fa081f1244f8dcec"),
  ]

  private static let statics = (
    initiator: KeyPair(secret: [UInt8](repeating: 0x11, count: 32)),
    responder: KeyPair(secret: [UInt8](repeating: 0x33, count: 32))
  )
  private static let ephemerals = (
    initiator: KeyPair(secret: [UInt8](repeating: 0x22, count: 32)),
    responder: KeyPair(secret: [UInt8](repeating: 0x44, count: 32))
  )

  private func initiator(_ preSharedKey: [UInt8], prologue: String = "prologue") -> NoiseInitiator {
    NoiseInitiator(
      statics: Self.statics.initiator, ephemeral: Self.ephemerals.initiator, preSharedKey: preSharedKey,
      prologue: Array(prologue.utf8))
  }

  private func responder(_ preSharedKey: [UInt8], prologue: String = "prologue") -> NoiseResponder {
    NoiseResponder(statics: Self.statics.responder, preSharedKey: preSharedKey, prologue: Array(prologue.utf8))
  }

  @Test func transcriptsAreTheSpecifications() throws {
    for transcript in Self.transcripts {
      var one = initiator(transcript.preSharedKey)
      let first = one.first(payload: Array("first payload".utf8))
      #expect(hexadecimal(first) == transcript.first)
      var two = responder(transcript.preSharedKey)
      #expect(try two.read(first) == Array("first payload".utf8))
      #expect(two.remoteStatic == Self.statics.initiator.publicKey)
      let (second, theirs) = try two.answer(ephemeral: Self.ephemerals.responder, payload: Array("second payload".utf8))
      #expect(hexadecimal(second) == transcript.second)
      let ours = try one.finish(second)
      #expect(ours.payload == Array("second payload".utf8))
      #expect(ours.remoteStatic == Self.statics.responder.publicKey)
      for result in [ours, theirs] {
        #expect(hexadecimal(result.initiatorKey) == transcript.initiatorKey)
        #expect(hexadecimal(result.responderKey) == transcript.responderKey)
      }
    }
  }

  @Test func anotherSecretIsToldFromForgery() throws {
    var one = initiator(NoiseIX.preSharedKey(of: [1]))
    var two = responder(NoiseIX.preSharedKey(of: [2]))
    _ = try two.read(one.first(payload: []))
    let (second, _) = try two.answer(ephemeral: Self.ephemerals.responder, payload: [])
    #expect(throws: NoiseError.wrongSecret) { try one.finish(second) }
    var altered = second
    altered[40] ^= 1
    #expect(throws: NoiseError.forged) { try one.finish(altered) }
  }

  @Test func anotherPrologueIsRefused() throws {
    var one = initiator(NoiseIX.preSharedKey(of: nil))
    var two = responder(NoiseIX.preSharedKey(of: nil), prologue: "other")
    let first = one.first(payload: [])
    #expect(throws: NoiseError.forged) { try two.read(first) }
  }

  @Test func everyAlteredByteAndEveryCutIsRefused() throws {
    var one = initiator(NoiseIX.preSharedKey(of: nil))
    let first = one.first(payload: [1, 2, 3])
    for index in first.indices {
      var altered = first
      altered[index] ^= 0x40
      #expect(throws: NoiseError.self) {
        var two = responder(NoiseIX.preSharedKey(of: nil))
        _ = try two.read(altered)
      }
    }
    for count in 0..<first.count {
      #expect(throws: NoiseError.forged) {
        var two = responder(NoiseIX.preSharedKey(of: nil))
        _ = try two.read(Array(first.prefix(count)))
      }
    }
  }

  @Test func aKeyOfSmallOrderIsRefused() {
    let secret = [UInt8](repeating: 0x11, count: 32)
    #expect(Sodium.diffieHellman(secret: secret, publicKey: [UInt8](repeating: 0, count: 32)) == nil)
  }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { byte in
    let digits = String(byte, radix: 16)
    return digits.count < 2 ? "0" + digits : digits
  }.joined()
}
