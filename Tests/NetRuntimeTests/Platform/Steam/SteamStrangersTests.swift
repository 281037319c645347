import Testing

@testable import NetRuntime

@Suite("Users who are no friends")
struct SteamStrangersTests {
  /// What strangers are asked for, and how many times.
  private final class Service {
    let strangers = SteamStrangers()
    var answers: [(SteamStrangers.Answer) -> Void] = []

    func name(at now: Double, of id: UInt64 = 1) -> String? {
      strangers.find(PeerID(rawValue: id), at: now) { answers.append($0) }?.name
    }

    func answer(_ answer: SteamStrangers.Answer) {
      let waiting = answers
      answers = []
      for one in waiting { one(answer) }
    }
  }

  private static func found(_ name: String) -> SteamStrangers.Answer {
    .found(DirectoryPlayer(id: PeerID(rawValue: 1), name: name))
  }

  @Test func theyAreAskedForOnceInAWhile() {
    let service = Service()
    #expect(service.name(at: 10) == nil)
    #expect(service.name(at: 100) == nil && service.answers.count == 1, "the answer is awaited")
    service.answer(Self.found("anna"))
    let later = 10 + Limits.steamAskInterval
    #expect(service.name(at: later - 0.1) == "anna" && service.answers.isEmpty)
    // What was known is shown until there is something newer.
    #expect(service.name(at: later) == "anna" && service.answers.count == 1)
    service.answer(Self.found("ann"))
    #expect(service.name(at: later) == "ann" && service.answers.isEmpty)
  }

  @Test func whatFailedIsAskedForAgain() {
    let service = Service()
    _ = service.name(at: 0)
    service.answer(.failed)
    #expect(service.name(at: 1) == nil && service.answers.isEmpty)
    #expect(service.name(at: Limits.steamAskInterval) == nil && service.answers.count == 1)
    // Nobody had the id, and then somebody has.
    service.answer(.found(nil))
    _ = service.name(at: 2 * Limits.steamAskInterval)
    service.answer(Self.found("anna"))
    #expect(service.name(at: 2 * Limits.steamAskInterval) == "anna")
    _ = service.name(at: 3 * Limits.steamAskInterval)
    service.answer(.failed)
    #expect(service.name(at: 3 * Limits.steamAskInterval) == "anna")
  }

  @Test func soManyAreRemembered() {
    let service = Service()
    for id in 1...UInt64(Limits.relations + 1) { _ = service.name(at: 0, of: id) }
    service.answer(Self.found("anna"))
    #expect(service.name(at: 0, of: 1) == nil, "forgotten, and asked for again")
    #expect(service.name(at: 0, of: UInt64(Limits.relations + 1)) == "anna")
  }
}
