/// A client of one server's relay: asks where the server sees this peer, and registers there while there are peers to
/// exchange datagrams with. Time and answers come in, datagrams go out.
struct RelayClient {
  enum Action: Equatable {
    case ask(nonce: UInt64)
    case register(nonce: UInt64, challenge: UInt64)
  }

  private enum Question: Equatable {
    /// When to ask next.
    case waiting(until: Double)
    case asked(nonce: UInt64, again: Double)
  }

  private enum Registration: Equatable {
    case none
    case asked(nonce: UInt64, again: Double, times: Int)
    case standing(until: Double)
  }

  /// Questions without an answer after which the challenge counts as outdated, as it is when the relay was started anew.
  private static let patience = 3

  let grant: RelayGrant
  /// Where the server sees this peer; nil until it has said so.
  private(set) var address: Endpoint?
  private var challenge: UInt64?
  private var question = Question.waiting(until: -.infinity)
  private var registration = Registration.none

  init(_ grant: RelayGrant) {
    self.grant = grant
  }

  /// The peers to exchange datagrams with have changed.
  mutating func peersChanged() {
    registration = .none
  }

  /// Does what the time has come for.
  mutating func advance(to now: Double, hasPeers: Bool, random: any RandomSource, _ act: (Action) -> Void) {
    switch question {
    case .waiting(let time) where now >= time, .asked(_, let time) where now >= time:
      // 0 is no nonce, so that an answer to none is none.
      let nonce = max(1, random.next())
      question = .asked(nonce: nonce, again: now + PathTimes.serverPatience)
      act(.ask(nonce: nonce))
    default: break
    }
    guard hasPeers else {
      registration = .none
      return
    }
    guard let challenge, let times = timesAsked(at: now) else { return }
    guard times < Self.patience else {
      self.challenge = nil
      question = .waiting(until: now)
      registration = .none
      return
    }
    let nonce = max(1, random.next())
    registration = .asked(nonce: nonce, again: now + PathTimes.serverPatience, times: times + 1)
    act(.register(nonce: nonce, challenge: challenge))
  }

  /// How often the relay was asked in vain, where it has to be asked now; nil where it has not.
  private func timesAsked(at now: Double) -> Int? {
    switch registration {
    case .none: 0
    case .asked(_, let again, let times): now >= again ? times : nil
    case .standing(let until): now >= until ? 0 : nil
    }
  }

  /// The server has said where it sees this peer.
  /// - Returns: True when it sees it elsewhere than before.
  mutating func located(_ nonce: UInt64, at endpoint: Endpoint, challenge: UInt64, now: Double) -> Bool {
    guard case .asked(nonce, _) = question else { return false }
    question = .waiting(until: now + PathTimes.addressInterval)
    self.challenge = challenge
    guard address != endpoint, PathCandidate.isPossible(endpoint) else { return false }
    address = endpoint
    return true
  }

  /// The relay has answered a registration.
  /// - Returns: False when it answered something else.
  mutating func registered(_ nonce: UInt64, isFull: Bool, now: Double) -> Bool {
    guard case .asked(nonce, _, _) = registration else { return false }
    registration =
      isFull
      ? .asked(nonce: 0, again: now + PathTimes.registration, times: 0)
      : .standing(until: now + PathTimes.registration)
    return true
  }
}
