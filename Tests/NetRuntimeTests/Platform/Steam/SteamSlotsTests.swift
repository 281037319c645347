import Testing

@testable import NetRuntime

@Suite("Places of a Steam game server")
struct SteamSlotsTests {
  private let anna = PeerID(rawValue: 1)
  private let bob = PeerID(rawValue: 2)

  /// What an update finds, as the players who are connected.
  private func update(
    _ slots: inout SteamServerSlots, _ peers: [PeerID], run: UInt64 = 1, at now: Double, connected: [PeerID] = []
  ) -> [SteamServerSlots.Action] {
    slots.update(peers.map { .init(peer: $0, run: run) }, at: now, isConnected: connected.contains)
  }

  @Test func aPlayerComesIsThereAndLeaves() {
    var slots = SteamServerSlots()
    let first = update(&slots, [anna], at: 0)
    let second = update(&slots, [anna], at: 1)
    let third = update(&slots, [anna, bob], at: 2, connected: [anna])
    #expect(slots.isThere(anna) && !slots.isThere(bob))
    let fourth = update(&slots, [bob], at: 3, connected: [anna])
    #expect([first, second, third, fourth] == [[.came(anna)], [], [.isThere(anna), .came(bob)], [.left(anna)]])
    #expect(!slots.isThere(anna))
  }

  @Test func whoNeverConnectsLosesItsPlace() {
    var slots = SteamServerSlots()
    let times = [5, 5 + Limits.steamSlotTime - 0.1, 5 + Limits.steamSlotTime]
    let found = times.map { update(&slots, [anna], at: $0) }
    #expect(found == [[.came(anna)], [], [.expired(anna)]])
  }

  @Test func whoWasPutOutMayComeBack() {
    var slots = SteamServerSlots()
    _ = update(&slots, [anna], at: 0, connected: [anna])
    slots.remove(anna)
    let gone = update(&slots, [], at: 1)
    let back = update(&slots, [anna], at: 2, connected: [anna])
    slots.remove(anna)
    let again = update(&slots, [anna], at: 3, connected: [anna])
    #expect([gone, back, again] == [[], [.came(anna), .isThere(anna)], [.came(anna), .isThere(anna)]])
  }

  @Test func whoBeganAnewBetweenTwoLooksHasLeftAndCome() {
    var slots = SteamServerSlots()
    _ = update(&slots, [anna], at: 0, connected: [anna])
    let anew = update(&slots, [anna], run: 2, at: 1)
    #expect(anew == [.left(anna), .came(anna)] && !slots.isThere(anna))
    let there = update(&slots, [anna], run: 2, at: 2, connected: [anna])
    #expect(there == [.isThere(anna)])
    slots.remove(anna)
    let removed = update(&slots, [anna], run: 3, at: 3, connected: [anna])
    #expect(removed == [.came(anna), .isThere(anna)])
  }

  @Test func whoBeganAnewHasTheFullTimeToConnect() {
    var slots = SteamServerSlots()
    _ = update(&slots, [anna], at: 0)
    _ = update(&slots, [anna], run: 2, at: 10)
    let first = update(&slots, [anna], run: 2, at: Limits.steamSlotTime)
    let second = update(&slots, [anna], run: 2, at: 10 + Limits.steamSlotTime)
    #expect([first, second] == [[], [.expired(anna)]])
  }
}
