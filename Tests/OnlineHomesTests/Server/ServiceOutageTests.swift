import Logging
import NetRuntime
import Testing

@testable import OnlineHomes

/// The service itself, without a server: the test gives its turns and its clock.
@Suite("What a server does when its store or itself stood still")
struct ServiceOutageTests {
  private let store = TestStore()
  private let clock = TestClock()
  private let anna = PeerID(rawValue: 1)
  private let lobby = EntryID(rawValue: 9)

  private func start() throws -> DirectoryService {
    var logger = Logger(label: "server") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .critical
    let clock = clock
    return try DirectoryService(
      store: store, metrics: ServerMetrics(), logger: logger, newsBase: 1, clock: { clock.now })
  }

  private func play(_ service: DirectoryService) async throws {
    try await service.signIn(DirectoryIdentity(id: anna, name: "anna"), run: 5)
    let made = await service.perform([.makeLobby(9, host: 1)], as: anna, run: 5)
    #expect(made.results.allSatisfy { if case .success = $0 { true } else { false } })
  }

  private func isThere(_ service: DirectoryService) async -> Bool {
    await service.gauges.entries[.steamLobby] == 1
  }

  @Test func anOutageOfTheStoreSignsNobodyOut() async throws {
    let service = try start()
    try await play(service)
    store.fail(.max)
    let asked = await service.perform([.set("k", "v", of: 9)], as: anna, run: 5)
    #expect(asked.results == [.failure(.unavailable("its store failed"))])
    for _ in 0..<13 {
      clock.advance(by: 1)
      await service.tick()
      try await service.heartbeat(anna, run: 5)
    }
    store.fail(0)
    await service.tick()
    #expect(await service.isWell)
    #expect(await isThere(service))
    // From here on the silent are gone again.
    clock.advance(by: 1.9)
    await service.tick()
    for _ in 0..<6 {
      clock.advance(by: 1.9)
      await service.tick()
    }
    #expect(await !isThere(service))
  }

  @Test func whoCouldNotBeHeardStays() async throws {
    let service = try start()
    try await play(service)
    clock.advance(by: Limits.heartbeatTimeout + Limits.serverStall + 1)
    await service.tick()
    #expect(await isThere(service))
    clock.advance(by: Limits.heartbeatTimeout + 1)
    _ = await service.perform([.friends], as: anna, run: 5)
    #expect(await isThere(service), "what is asked may come before a tick")
    for _ in 0..<7 {
      clock.advance(by: Limits.serverStall - 0.1)
      await service.tick()
    }
    #expect(await !isThere(service), "a server that takes its turns hears who is silent")
  }

  @Test func heartbeatsOfAProgramWithoutAServerSayNothing() async throws {
    let record = PlayerRecord(
      identity: DirectoryIdentity(id: anna, name: "anna"), shown: DirectoryPlayer(id: anna, name: "anna"), run: 5)
    _ = try store.exchange(since: 0) { _, _ in
      [DirectoryRecord(.player, "1", .player(record)), DirectoryRecord(.heartbeat, "1", .heartbeat(1))]
    }
    let service = try start()
    await service.tick()
    try await service.heartbeat(anna, run: 5)
    for _ in 0..<5 {
      clock.advance(by: 1)
      await service.tick()
    }
    // The store is read again.
    store.fail(1)
    _ = await service.perform([.keep(key: "k", value: "v")], as: anna, run: 5)
    await service.tick()
    try await service.heartbeat(anna, run: 5)
  }

  @Test func whatIsTooLargeForTheStoreIsRefusedAlone() async throws {
    let service = try start()
    try await play(service)
    store.limitNotes(10)
    async let other: Void = service.signIn(DirectoryIdentity(id: PeerID(rawValue: 2), name: "bob"), run: 6)
    let outcome = await service.perform(
      [
        .keep(key: "a", value: "small"), .keep(key: "b", value: "much too large"), .set("k", "v", of: 9),
      ], as: anna, run: 5)
    try await other
    let error = StoreError.tooLarge(path: "here", record: "the notes")
    #expect(outcome.results[0] == .success(.done))
    #expect(outcome.results[1] == .failure(.malformed(error.description)))
    guard case .success(.entry(let entry)) = outcome.results[2] else {
      Issue.record("\(outcome.results[2])")
      return
    }
    #expect(entry.data["k"] == "v")
    #expect(await service.isWell || store.exchanges > 0)
    let kept = await service.perform([.kept(prefix: "")], as: anna, run: 5)
    #expect(kept.results == [.success(.notes(["a": "small"]))])
    #expect(await service.isWell)
  }
}
