import Testing

@testable import NetRuntime

/// Limits of sessions and schemas that are long to reach.
@Suite struct LimitsSessionTests {
  /// Bytes of objects that went to a member with each step.
  private func joining(cutOff: Bool) throws -> [Int] {
    let world = try SessionTestWorld(peers: 2)
    world.loss = 0
    world.latency = 0.01...0.01
    world.createSession(0)
    world.createSession(1)
    try world[0].game.makeHost()
    for number in 0..<100 {
      _ = try world[0].game.create("avatar", [("label", .string([UInt8](repeating: UInt8(number), count: 1000)))])
    }
    try world[0].game.addPeer(world[1].id)
    var bytes = 0
    world[0].links.onSend = { _, _, body in if body.first == 12 { bytes += body.count } }
    var steps: [Int] = []
    for _ in 0..<100 {
      bytes = 0
      world.step()
      // From the first objects on nobody answers.
      if cutOff && bytes > 0 { world.cut.insert([world[0].id, world[1].id]) }
      steps.append(bytes)
    }
    return steps
  }

  @Test func aLateJoinerGetsSoManyBytesATransmit() throws {
    let steps = try joining(cutOff: false)
    #expect(steps.reduce(0, +) > 100_000)
    let most = try #require(steps.max())
    #expect(most >= Limits.lateJoinBytesPerTransmit && most < Limits.lateJoinBytesPerTransmit + 1200, "\(most)")
  }

  @Test func aLateJoinerThatDoesNotAnswerGetsNoMore() throws {
    let sent = try joining(cutOff: true).reduce(0, +)
    #expect(sent >= Limits.bulkBytesInFlight && sent < Limits.bulkBytesInFlight + 1200, "\(sent)")
  }

  @Test func longValuesTravelOnTheStream() throws {
    let world = try SessionTestWorld.joined(2)
    let id = try world[0].game.create("avatar")
    world.step(20)
    var sets = 0
    world[0].links.onSend = { _, _, body in if body.first == 14 { sets += 1 } }
    // A length of 11 bits takes two bytes more.
    try world[0].game.set(id, "label", .string([UInt8](repeating: 1, count: Limits.stateValueBytes - 2)))
    world.step(20)
    #expect(sets == 0)
    try world[0].game.set(id, "label", .string([UInt8](repeating: 2, count: Limits.stateValueBytes)))
    world.step(20)
    #expect(sets == 1)
    #expect(try world[1].game.get(id, "label") == .string([UInt8](repeating: 2, count: Limits.stateValueBytes)))
  }

  @Test func anObjectTableIsFullAtLast() throws {
    let world = try SessionTestWorld(peers: 1)
    let game = world.createSession(0)
    try game.makeHost()
    let type = try game.type("token")
    for _ in 0..<Limits.objects { _ = try game.createObject(type: type) { _ in } }
    #expect(throws: SessionError.tooManyObjects(Limits.objects)) { _ = try game.createObject(type: type) { _ in } }
    #expect(
      SessionError.tooManyObjects(Limits.objects).description
        == "there are too many objects: at most 262144 are possible")
  }

  // MARK: Schemas

  private func message(_ text: String) -> String {
    do {
      _ = try NetworkConfig.parse(text, file: "f")
      return "no error"
    } catch { return error.description }
  }

  @Test func namesAreLimited() {
    let longest = String(repeating: "n", count: Limits.nameSize)
    #expect(message("messages = { \(longest) = {} }") == "no error")
    #expect(message("messages = { \(longest)n = {} }") == "f:1:14: expected a name of 1 to 128 bytes, got 129")
  }

  @Test func arraysAreLimited() {
    func array(_ size: Int) -> String { "types = { a = { type = \"array\" element = \"bool\" max_size = \(size) } }" }
    #expect(message(array(Limits.arrayCount)) == "no error")
    #expect(
      message(array(Limits.arrayCount + 1)) == "f:1:60: `max_size`: expected an integer from 1 to 16384, got 16385")
  }

  @Test func aSchemasTextIsLimited() {
    let name = String(repeating: "n", count: 100)
    let entries = (0..<3000).map { "\(name)\($0) = {}" }.joined(separator: "\n")
    #expect(message("messages = {\n\(entries)\n}").contains("the schema is too large: "))
    #expect(message("messages = {\n\(entries)\n}").hasSuffix(" bytes, at most 262144"))
  }
}
