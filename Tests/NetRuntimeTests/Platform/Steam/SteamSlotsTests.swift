import Testing

@testable import NetRuntime

@Suite("Places of a Steam game server")
struct SteamSlotsTests {
  private let anna = PeerID(rawValue: 1)
  private let bob = PeerID(rawValue: 2)

  @Test func aPlayerComesIsThereAndLeaves() {
    var slots = SteamServerSlots()
    var connected: Set<PeerID> = []
    #expect(slots.update([anna], at: 0, isConnected: connected.contains) == [.came(anna)])
    #expect(slots.update([anna], at: 1, isConnected: connected.contains).isEmpty)
    connected = [anna]
    #expect(slots.update([anna, bob], at: 2, isConnected: connected.contains) == [.isThere(anna), .came(bob)])
    #expect(slots.isThere(anna) && !slots.isThere(bob))
    #expect(slots.update([bob], at: 3, isConnected: connected.contains) == [.left(anna)])
    #expect(!slots.isThere(anna))
  }

  @Test func whoNeverConnectsLosesItsPlace() {
    var slots = SteamServerSlots()
    #expect(slots.update([anna], at: 5) { _ in false } == [.came(anna)])
    #expect(slots.update([anna], at: 5 + Limits.steamSlotTime - 0.1) { _ in false }.isEmpty)
    #expect(slots.update([anna], at: 5 + Limits.steamSlotTime) { _ in false } == [.expired(anna)])
  }

  @Test func whoWasPutOutMayComeBack() {
    var slots = SteamServerSlots()
    _ = slots.update([anna], at: 0) { _ in true }
    slots.remove(anna)
    #expect(slots.update([], at: 1) { _ in true }.isEmpty)
    #expect(slots.update([anna], at: 2) { _ in true } == [.came(anna), .isThere(anna)])
    slots.remove(anna)
    #expect(slots.update([anna], at: 3) { _ in true } == [.came(anna), .isThere(anna)])
  }
}
