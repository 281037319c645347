import NetRuntime
import Testing

@Suite("Ids of players by their names")
struct PlayerNameTests {
  @Test func idsLookLikeSteamIDs() {
    for name in ["", "anna", "bob", "Åsa", String(repeating: "x", count: 64)] {
      let digits = PeerID(playerName: name).description
      #expect(digits.count == 15)
      #expect(digits.hasPrefix("11"))
    }
  }

  @Test func equalNamesAreOnePlayer() {
    #expect(PeerID(playerName: "anna") == PeerID(playerName: "anna"))
    #expect(PeerID(playerName: "anna") != PeerID(playerName: "Anna"))
    let many = Set((0..<10_000).map { PeerID(playerName: "player \($0)") })
    #expect(many.count == 10_000)
  }
}
