import Testing

@testable import NetRuntime

@Suite("Settings of Xbox Live and PSN")
struct XboxLiveSettingsTests {
  private func settings(_ text: String) throws -> XboxLiveSettings {
    try XboxLiveSettings(SJSON.parse(text, file: "settings.ini")["xboxlive"], file: "settings.ini")
  }

  private func problem(_ text: String) -> String {
    do {
      _ = try settings("xboxlive = \(text)")
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func valuesAreRead() throws {
    let settings = try settings(
      """
      xboxlive = {
        service_config_id = "abc" title_id = 7 users = ["anna", { name = "gast" guest = true }]
        templates = { duel = { max_members = 2 min_members = 2 initialization_timeout = 5 }, open = {} }
        hoppers = {
          ranked = { min_players = 4 max_players = 8 rules = [
            { attribute = "mode" same = true }, { attribute = "skill" difference = 2.5 }] }
        }
        something_of_the_game = 1
      }
      """)
    #expect(settings.title == "xbox:abc" && settings.titleID == 7)
    #expect(settings.users.map(\.name) == ["anna", "gast"] && settings.users.map(\.isGuest) == [false, true])
    let duel = try #require(settings.templates["duel"])
    #expect(duel.maximumMembers == 2 && duel.minimumMembers == 2 && duel.initializationTimeout == 5)
    #expect(settings.templates["open"] == SessionTemplate())
    #expect(
      settings.hoppers["ranked"]
        == Hopper(
          title: "xbox:abc", name: "ranked", minimumPlayers: 4, maximumPlayers: 8,
          rules: [.same(attribute: "mode"), .within(attribute: "skill", difference: 2.5)]))
  }

  @Test func nothingIsNeeded() throws {
    #expect(try settings("") == XboxLiveSettings())
    #expect(try PSNSettings(nil, file: "") == PSNSettings())
    let psn = try PSNSettings(SJSON.parse("psn = { title = \"duel\" }", file: "s")["psn"], file: "s")
    #expect(psn.title == "psn:duel")
  }

  @Test(arguments: [
    ("1", "settings.ini:1:12: xboxlive: expected a table like { ... }, got 1"),
    ("{ template = {} }", "settings.ini:1:14: xboxlive: unknown option `template`; did you mean `templates`?"),
    ("{ title_id = \"a\" }", "settings.ini:1:25: xboxlive.title_id: expected an integer, 0 to 4294967295, got \"a\""),
    (
      "{ service_config_id = \"a/b\" }",
      "settings.ini:1:34: xboxlive.service_config_id: expected an id without \"/\", got \"a/b\""
    ),
    (
      "{ templates = { a = { max_members = 65 } } }",
      "settings.ini:1:48: xboxlive.templates.a.max_members: expected an integer, 1 to 64, got 65"
    ),
    (
      "{ templates = { a = { max_members = 2 min_members = 3 } } }",
      "settings.ini:1:64: xboxlive.templates.a.min_members: expected an integer, 0 to 2, got 3"
    ),
    (
      "{ templates = { a = { max_member = 2 } } }",
      "settings.ini:1:34: xboxlive.templates.a: unknown option `max_member`; did you mean `max_members`?"
    ),
    (
      "{ templates = { a = { initialization_timeout = 0.5 } } }",
      "settings.ini:1:59: xboxlive.templates.a.initialization_timeout: expected a number, 1 to 3600, got 0.5"
    ),
    ("{ templates = { a = {} a = {} } }", "settings.ini:1:35: xboxlive.templates: `a` is there twice"),
    (
      "{ hoppers = { a = { min_players = 1 } } }",
      "settings.ini:1:46: xboxlive.hoppers.a.min_players: expected an integer, 2 to 64, got 1"
    ),
    (
      "{ hoppers = { a = { rules = [{ attribute = \"x\" }] } } }",
      "settings.ini:1:41: xboxlive.hoppers.a.rules: expected either `same = true` or a `difference` in each rule, "
        + "got {...}"
    ),
    (
      "{ hoppers = { a = { rules = [{ same = true }] } } }",
      "settings.ini:1:41: xboxlive.hoppers.a.rules: expected an `attribute` in each rule, got {...}"
    ),
    (
      "{ users = [\"a\", \"a\"] }",
      "settings.ini:1:28: xboxlive.users: expected names of 1 to 64 bytes, each once, or "
        + "{ name = \"...\", guest = true }, got \"a\""
    ),
  ])
  func wrongValuesAreToldWithTheirPlace(_ text: String, _ expected: String) {
    #expect(problem(text) == expected)
  }

  @Test func listsAreLimited() {
    let users = (0...Limits.localUsers).map { "\"u\($0)\"" }.joined(separator: " ")
    #expect(problem("{ users = [\(users)] }").hasSuffix("expected a list of at most 16 names, got [...]"))
    let tables = (0...Limits.sessionTemplates).map { "t\($0) = {}" }.joined(separator: " ")
    for name in ["templates", "hoppers"] {
      #expect(problem("{ \(name) = { \(tables) } }").hasSuffix("expected a table of at most 128 entries, got {...}"))
    }
  }
}
