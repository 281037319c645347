import NetRuntime
import Testing

@Suite("Settings of the online service")
struct OnlineSettingsTests {
  private func settings(_ text: String) throws -> OnlineSettings {
    try OnlineSettings(SJSON.parse(text, file: "settings.ini")["online"], file: "settings.ini")
  }

  private func problem(_ text: String) -> String {
    do {
      _ = try settings(text)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func valuesAreRead() throws {
    let settings = try settings(
      """
      online = {
        user_name = "anna" user_id = "1100001026fb0cb" region = "eu-west" service = "here.sqlite" secret = "hush"
        friends = ["bob", "1100001026FB0CC", "#1F"] blocked = ["eve"] ignored = ["noise"]
      }
      """)
    #expect(settings.userName == "anna")
    #expect(settings.userID == PeerID(rawValue: 0x110_0001_026f_b0cb))
    #expect(settings.region == Region("eu-west"))
    #expect(settings.service == "here.sqlite")
    #expect(settings.secret == "hush")
    #expect(
      settings.relations == [
        PeerID(playerName: "bob"): .friend, PeerID(rawValue: 0x110_0001_026f_b0cc): .friend,
        PeerID(rawValue: 0x1f): .friend, PeerID(playerName: "eve"): .blocked, PeerID(playerName: "noise"): .ignored,
      ])
  }

  @Test func nothingIsNeeded() throws {
    #expect(try settings("") == OnlineSettings())
    #expect(try settings("online = {}") == OnlineSettings())
    #expect(OnlineSettings().identity(named: "anna").id == PeerID(playerName: "anna"))
  }

  @Test func nobodyIsARelationOfItself() throws {
    let settings = try settings("online = { friends = [\"anna\", \"bob\"] }")
    #expect(settings.identity(named: "anna").relations == [PeerID(playerName: "bob"): .friend])
  }

  @Test func wrongValuesAreToldWithTheirPlace() {
    #expect(problem("online = 1") == "settings.ini:1:10: online: expected a table like { ... }, got 1")
    #expect(
      problem("online = { user_nam = \"x\" }")
        == "settings.ini:1:12: online: unknown option `user_nam`; did you mean `user_name`?")
    #expect(
      problem("online = { region = \"eu-vest\" }")
        == "settings.ini:1:21: online.region: there is no region \"eu-vest\"; did you mean `eu-west`?")
    #expect(problem("online = { region = \"moon\" }").contains("expected one of local, us-west, us-east,"))
    for id in ["0", "", "xyz", "11111111111111111"] {
      #expect(
        problem("online = { user_id = \"\(id)\" }")
          == "settings.ini:1:22: online.user_id: expected a string of 1 to 16 hexadecimal digits, not 0, got \"\(id)\"")
    }
    #expect(
      problem("online = { user_name = \"\(String(repeating: "x", count: 65))\" }")
        .contains("online.user_name: expected a string of 1 to 64 bytes"))
    #expect(
      problem("online = { secret = \"\(String(repeating: "x", count: 129))\" }")
        .contains("online.secret: expected a string of 1 to 128 bytes"))
    #expect(problem("online = { friends = [5] }").contains("online.friends: expected names of players"))
    let many = (0...512).map { "\"p\($0)\"" }.joined(separator: " ")
    #expect(problem("online = { friends = [\(many)] }").contains("expected a list of at most 512 players"))
  }
}
