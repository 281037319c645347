import Testing

@testable import NetRuntime

@Suite struct DirectoryXboxTests {
  @Test func aSessionBelongsToAllMembers() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    try fixture.create(7, kind: .xboxSession, by: "anna")
    try fixture.join("bob", 7)
    let cleo = DirectoryFixture.id("cleo")
    let entry = try fixture.change(
      "bob", 7, .setData(key: "map", value: "arena"), .setKeywords(["fast"]), .setClosed(true), .reserve([cleo]))
    #expect(entry.data == ["map": "arena"] && entry.keywords == ["fast"] && entry.isClosed)
    #expect(entry.reservations == [cleo])
    #expect(throws: DirectoryError.notHost) { try fixture.change("bob", 7, .setName("mine")) }
    #expect(throws: DirectoryError.notHost) { try fixture.change("bob", 7, .kick(DirectoryFixture.id("anna"))) }
  }

  @Test func othersBelongToTheirHosts() throws {
    var fixture = try DirectoryFixture("anna", "bob")
    for (id, kind) in [(1, DirectoryEntry.Kind.steamLobby), (2, .psnRoom)] {
      try fixture.create(UInt64(id), kind: kind, by: "anna")
      try fixture.join("bob", UInt64(id))
      for change in [EntryChange.setData(key: "a", value: "b"), .setKeywords(["a"]), .setClosed(true)] {
        #expect(throws: DirectoryError.notHost) { try fixture.change("bob", UInt64(id), change) }
      }
    }
  }
}
