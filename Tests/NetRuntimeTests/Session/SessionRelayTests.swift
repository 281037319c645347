import Testing

@testable import NetRuntime

/// Unreliable messages between two clients of a client-server session.
@Suite struct SessionRelayTests {
  private static let schema = """
    network_type = "client-server"
    types = { small = { type = "int" min = 0 max = 255 } }
    objects = { token = { fields = [ { name = "value" type = "small" } ] } }
    messages = {
      order = { args = ["small"] session_bound = true }
      glance = { args = ["small"] session_bound = true reliable = false priority = 4 }
    }
    """

  @Test func messagesThatNoDatagramHoldsArriveToo() throws {
    let world = try LinkedWorld(3, schema: Self.schema, LinkFaults(latency: 0.03))
    world.run(0.5)
    for index in 1...2 { try world.peers[0].session.addPeer(world.peers[index].id) }
    world.run(1)
    let target = world.peers[2]
    var arrived: [Int] = []
    target.session.decodeMessage = { _, body in
      arrived.append(body.count)
      return nil
    }
    let sizes = [100, 1000, 1100, 1140, 1150, 1200, 2000, 8000]
    for size in sizes {
      let body = [UInt8](repeating: 1, count: size)
      let session = world.peers[1].session
      #expect(session.relaysMessages(to: target.id))
      try body.withUnsafeBytes { try session.relay($0, isReliable: false, priority: 1, to: target.id) }
      world.run(0.5)
    }
    #expect(arrived == sizes)
  }

  @Test func theHostPassesMessagesOnWithTheirPriority() throws {
    let world = try SessionTestWorld.joined(3, clientServer: true, schema: Self.schema)
    world.loss = 0
    var priorities: [Float] = []
    world[0].links.onUnreliable = { peer, _, bytes, priority in
      if peer == world[2].id, bytes.first == SessionMessage.Kind.relayed.rawValue { priorities.append(priority) }
    }
    try world[1].sendMessage(7, to: world[2].id, isReliable: false)
    world.step(30)
    // What no schema knows goes on like any other message: only its receiver judges it.
    try world[1].game.relay(
      UnsafeRawBufferPointer(start: nil, count: 0), isReliable: false, priority: 9, to: world[2].id)
    world.step(30)
    #expect(priorities == [4, 1])
  }

  @Test func anIDQuarantineThatIsNeverEmptyStaysSmall() {
    var quarantine = IDQuarantine()
    var acknowledged = [UInt64](repeating: 0, count: Limits.peers)
    var freed: [UInt32] = []
    for number in 1...10_000 as ClosedRange<UInt64> {
      quarantine.add(UInt32(number))
      var offsets = [UInt64](repeating: 0, count: Limits.peers)
      offsets[1] = number
      quarantine.close(offsets: offsets)
      acknowledged[1] = number - min(number, 3)
      while let id = quarantine.next(acknowledged: acknowledged) { freed.append(id) }
      #expect(!quarantine.isEmpty)
    }
    #expect(freed == Array(1...9997))
    #expect(quarantine.closed.count < 200)
  }
}
