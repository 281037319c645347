import Testing

@testable import NetRuntime

@Suite struct SessionMachineTests {
  private func sight(_ state: LobbyState, members: Int = 1, minimum: Int64 = 1) -> SessionMachine.Sight {
    SessionMachine.Sight(state: state, memberCount: members, minimum: minimum, timeout: 30)
  }

  @Test func aSessionIsReadyOnceItIsJoined() {
    var machine = SessionMachine()
    machine.observe(sight(.creating), at: 0)
    #expect(machine.status == .working)
    machine.observe(sight(.joined), at: 1)
    #expect(machine.status == .ready)
    machine.observe(sight(.failed), at: 2)
    #expect(machine.status == .broken)
    machine.observe(sight(.joined), at: 3)
    #expect(machine.status == .broken)
  }

  @Test func itWaitsForTheMembersThatItNeeds() {
    var machine = SessionMachine()
    machine.observe(sight(.joined, members: 1, minimum: 2), at: 0)
    #expect(machine.status == .working)
    machine.observe(sight(.joined, members: 2, minimum: 2), at: 29)
    #expect(machine.status == .ready)
    machine.observe(sight(.joined, members: 1, minimum: 2), at: 60)
    #expect(machine.status == .ready)
    var other = SessionMachine()
    other.observe(sight(.joined, members: 1, minimum: 2), at: 0)
    other.observe(sight(.joined, members: 1, minimum: 2), at: 30)
    #expect(other.status == .broken)
  }

  @Test func leavingEndsWithTheServicesWordOrWithoutIt() {
    for status in [LobbyState.joining, .joined, .failed] {
      var machine = SessionMachine()
      machine.observe(sight(status), at: 0)
      let began = machine.leave(at: 1)
      let again = machine.leave(at: 1)
      #expect(began && !again)
      #expect(machine.status == .working)
      var silent = machine
      machine.left()
      #expect(machine.status == .shutdown)
      machine.observe(sight(.joined), at: 2)
      #expect(machine.status == .shutdown)
      silent.observe(sight(.failed), at: 1 + Limits.sessionJobTime)
      #expect(silent.status == .shutdown)
    }
  }

  @Test func lookupsEndAndAreFreed() throws {
    var lookups = SessionLookups()
    let id = try lookups.begin(.description, at: 0)
    #expect(try lookups.status(id, .description, at: 1) == .working)
    #expect(throws: XboxLiveError.lookupState(id, .working)) { try lookups.free(id, .description, at: 1) }
    #expect(throws: XboxLiveError.lookupState(id, .working)) { try lookups.result(id, .description, at: 1) }
    #expect(throws: XboxLiveError.self) { try lookups.status(id, .property, at: 1) }
    lookups.end(id, .description(name: "a", template: "b"))
    lookups.end(id, nil)
    #expect(try lookups.result(id, .description, at: 1) == .description(name: "a", template: "b"))
    try lookups.free(id, .description, at: 1)
    #expect(try lookups.status(id, .description, at: 1) == .notRunning)
    #expect(throws: XboxLiveError.unknownLookup(id)) { try lookups.free(id, .description, at: 1) }
    #expect(throws: XboxLiveError.unknownLookup(id)) { try lookups.result(id, .description, at: 1) }
  }

  @Test func lookupsThatNobodyAnswersFailAndThereAreSoMany() throws {
    var lookups = SessionLookups()
    let first = try lookups.begin(.property, at: 0)
    #expect(try lookups.status(first, .property, at: Limits.sessionJobTime) == .failed)
    #expect(throws: XboxLiveError.lookupState(first, .failed)) { try lookups.result(first, .property, at: 99) }
    for _ in 1..<Limits.unfreedLookups { _ = try lookups.begin(.property, at: 0) }
    #expect(throws: XboxLiveError.tooManyLookups) { try lookups.begin(.property, at: 0) }
    try lookups.free(first, .property, at: 99)
    #expect(try lookups.begin(.property, at: 0) == Limits.unfreedLookups + 1)
  }

  @Test func aLookupTellsWhyItFailed() throws {
    let numbers = ConsoleNumbers()
    var lookups = SessionLookups(numbers)
    let id = try lookups.begin(.description, at: 0)
    lookups.end(id, nil, why: "no reason")
    #expect(throws: XboxLiveError.lookupFailed(id, why: "no reason")) { try lookups.result(id, .description, at: 1) }
    try lookups.free(id, .description, at: 1)
    var others = SessionLookups(numbers)
    #expect(try others.begin(.description, at: 2) == id + 1)
  }

  @Test func ofASingleJobTheLastOneCounts() {
    var job = SingleJob()
    #expect(job.status(at: 0) == .notRunning)
    let run = job.begin(at: 0)
    #expect(run == 1 && job.status(at: 1) == .working)
    job.end(0, .complete)
    #expect(job.status(at: 1) == .working)
    job.end(1, .complete)
    #expect(job.status(at: 1) == .complete)
    let former = job.begin(at: 2)
    let last = job.begin(at: 3)
    job.end(former, .complete)
    #expect(job.status(at: 2 + Limits.sessionJobTime) == .working)
    #expect(job.status(at: 3 + Limits.sessionJobTime) == .failed)
    job.end(last, .complete)
    #expect(job.status(at: 99) == .failed)
  }

  @Test func constantsAreNamedAsScriptsCallThem() {
    #expect(SessionJobStatus.allCases.map(\.name) == ["COMPLETE", "FAILED", "NOT_RUNNING", "WORKING"])
    #expect(MultiplayerSession.Status.allCases.map(\.name) == ["BROKEN", "READY", "SHUTDOWN", "WORKING"])
    #expect(SmartMatchStatus.allCases.map(\.name) == ["EXPIRED", "FOUND", "SEARCHING", "UNKNOWN"])
  }
}
