/// One attempt to connect, seen from the end that makes it.
struct InitiatorHandshake {
  private enum State {
    /// HELLO is sent until a cookie comes.
    case greeting(next: Double)
    /// CONNECT is sent until an answer comes.
    case connecting([UInt8], next: Double, since: Double)
    /// The other end's own attempt goes first.
    case yielding(until: Double)
  }

  enum Action {
    case nothing
    case send([UInt8])
    case giveUp(RefusalReason)
    case establish(NoiseResult, AcceptPayload)
  }

  let hello: Hello
  private let noise: NoiseInitiator
  private let first: [UInt8]
  private var state: State
  private let began: Double
  private var idTakenSince: Double?

  init(
    hello: Hello, statics: KeyPair, ephemeral: KeyPair, preSharedKey: [UInt8], payload: ConnectPayload, at now: Double
  ) {
    self.hello = hello
    var noise = NoiseInitiator(
      statics: statics, ephemeral: ephemeral, preSharedKey: preSharedKey, prologue: hello.prologue)
    first = noise.first(payload: payload.bytes)
    self.noise = noise
    state = .greeting(next: now)
    began = now
  }

  /// True while this end's attempt goes before one by a higher peer id.
  func hasPrecedence(at now: Double) -> Bool { now - began < LinkTimes.simultaneousOpen }

  var isYielding: Bool {
    if case .yielding = state { return true }
    return false
  }

  mutating func advance(at now: Double) -> Action {
    if let idTakenSince, now - idTakenSince >= LinkTimes.idPatience { return .giveUp(.idTaken) }
    guard now - began < LinkTimes.handshakeTimeout else { return .giveUp(idTakenSince == nil ? .noAnswer : .idTaken) }
    switch state {
    case .greeting(let next):
      guard now >= next else { return .nothing }
      state = .greeting(next: now + LinkTimes.handshakeResend)
      return .send(hello.datagram)
    case .connecting(let datagram, let next, let since):
      if now - since >= LinkTimes.cookiePatience {
        state = .greeting(next: now + LinkTimes.handshakeResend)
        return .send(hello.datagram)
      }
      guard now >= next else { return .nothing }
      state = .connecting(datagram, next: now + LinkTimes.handshakeResend, since: since)
      return .send(datagram)
    case .yielding(let until):
      guard now >= until else { return .nothing }
      state = .greeting(next: now + LinkTimes.handshakeResend)
      return .send(hello.datagram)
    }
  }

  mutating func takeCookie(_ cookie: [UInt8], at now: Double) -> Action {
    if isYielding { return .nothing }
    let datagram = hello.connect(cookie: cookie, noise: first)
    // Another cookie than the one in use is taken too: the first may have been forged, or be outdated.
    if case .connecting(datagram, _, _) = state { return .nothing }
    state = .connecting(datagram, next: now + LinkTimes.handshakeResend, since: now)
    return .send(datagram)
  }

  func takeAccept(_ message: [UInt8]) -> Action {
    do {
      let result = try noise.finish(message)
      guard let payload = AcceptPayload(result.payload) else { return .nothing }
      return .establish(result, payload)
    } catch .wrongSecret {
      return .giveUp(.wrongSecret)
    } catch {
      return .nothing
    }
  }

  mutating func takeRefusal(_ code: RefuseCode, version: UInt16, at now: Double) -> Action {
    switch code {
    case .version: return .giveUp(.version(here: HandshakeWire.version, there: version))
    case .wrongPeer: return .giveUp(.wrongPeer)
    case .full: return .giveUp(.full)
    case .idTaken:
      // The id's last bearer may be this very peer before a restart; it is let go once it has been silent.
      if idTakenSince == nil { idTakenSince = now }
      return .nothing
    }
  }

  mutating func yield(until time: Double) {
    state = .yielding(until: time)
  }
}
