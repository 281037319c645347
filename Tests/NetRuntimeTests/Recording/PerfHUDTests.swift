import Testing

@testable import NetRuntime

@Suite struct PerfHUDTests {
  @Test func nothingReadsAlongWhileNothingIsShown() throws {
    let world = try RecordedWorld(DumpReaderTests.schema, count: 2)
    try world.play()
    let runtime = world.peers[0].runtime
    var said: [String] = []
    let hud = PerfHUD(runtime) { said.append($0) }
    #expect(runtime.onFrame == nil && runtime.displayTap == nil)
    #expect(hud.toggle(.network))
    world.step(70)
    #expect(said.count == 1 && runtime.displayTap != nil)
    #expect(!hud.toggle(.network))
    #expect(runtime.onFrame == nil && runtime.displayTap == nil)
    world.step(70)
    #expect(said.count == 1)
    // The recorder has its place back to itself.
    #expect(runtime.allTaps === world.peers[0].recorder)
  }

  @Test func aLineIsLeftBetweenTablesAndBetweenTimes() throws {
    let world = try RecordedWorld(DumpReaderTests.schema, count: 2)
    try world.play()
    var said: [String] = []
    let hud = PerfHUD(world.peers[0].runtime) { said.append($0) }
    hud.toggle(.network)
    world.step(130)
    #expect(said.count == 2 && !said.joined(separator: "\n").contains("\n\n"))
    hud.hideAll()
    said = []
    hud.toggle(.ping)
    hud.toggle(.qos)
    world.step(130)
    let lines = said.joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.indices.filter { lines[$0].isEmpty } == [2, 5, 8])
    #expect([0, 3, 6, 9].map { String(lines[$0].prefix(3)) } == ["pin", "qos", "pin", "qos"])
  }

  @Test func aHudThatIsSwitchedOnInTheMiddleFindsItsPlaceInTheStreams() throws {
    let world = try RecordedWorld(DumpReaderTests.schema, count: 2)
    try world.play()
    let runtime = world.peers[0].runtime
    var said: [String] = []
    let hud = PerfHUD(runtime) { said.append($0) }
    hud.toggle(.messages)
    hud.toggle(.peers(inBytes: true))
    let hit = try #require(world.config.messageIndex(named: "hit"))
    try world.step(70) { index, runtime in
      var writer = try runtime.beginMessage(hit)
      _ = FieldValue.int(5).encode(to: &writer, world.config.messages[hit].arguments[0].codec)
      try runtime.send(writer, index: hit, to: world.id(1 - index))
    }
    let text = try #require(said.first)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("hit") })
    let figures = line.split(separator: " ")
    // 60 a second each way.
    #expect(figures.count == 5 && (Double(figures[3]) ?? 0) > 100)
    #expect(text.contains("peers (bytes a second)"))
    // The session goes on beside a recorder, and a recorder misses nothing by it.
    for peer in world.peers { try peer.runtime.stopClient() }
    world.step(120)
    world.finish()
    let summary = DumpSummary(try DumpReader(path: world.peers[0].dump.path))
    #expect(summary.wire == [world.peers[0].wire.received, world.peers[0].wire.sent])
    hud.hideAll()
    #expect(hud.tables.isEmpty)
  }
}
