import NetRuntime
import Testing

@Suite("Settings of Steam")
struct SteamSettingsTests {
  private func settings(_ text: String) throws -> SteamSettings {
    try PlatformSettings(SJSON.parse(text, file: "settings.ini"), file: "settings.ini").steam
  }

  private func problem(_ text: String) -> String {
    do {
      _ = try settings(text)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func nothingIsNeeded() throws {
    let settings = try settings("boot_script = \"main\"")
    #expect(settings == SteamSettings())
    #expect(settings.isEnabled)
    #expect(settings.title == "steam:480")
    #expect(settings.language == "english")
    #expect(settings.owns(480) && !settings.owns(440))
  }

  @Test func valuesAreRead() throws {
    let settings = try settings(
      "steam = { enabled = false app_id = 620 language = \"german\" owned_apps = [440, 730] installed_apps = [730] }")
    #expect(!settings.isEnabled)
    #expect(settings.title == "steam:620")
    #expect(settings.language == "german")
    #expect(settings.owns(620) && settings.owns(440) && !settings.owns(10))
    #expect(settings.hasInstalled(620) && settings.hasInstalled(730) && !settings.hasInstalled(440))
    #expect(try self.settings("steam = { our_own = 1 }") == SteamSettings())
  }

  @Test func wrongValuesAreToldWithTheirPlace() {
    #expect(problem("steam = 1") == "settings.ini:1:9: steam: expected a table like { ... }, got 1")
    #expect(
      problem("steam = { app_id = 0 }")
        == "settings.ini:1:20: steam.app_id: expected an integer, 1 to 4294967295, got 0")
    #expect(problem("steam = { enabled = 1 }") == "settings.ini:1:21: steam.enabled: expected true or false, got 1")
    #expect(
      problem("steam = { enable = true }")
        == "settings.ini:1:11: steam: unknown option `enable`; did you mean `enabled`?")
    #expect(
      problem("steam = { owned_apps = [1, \"x\"] }")
        == "settings.ini:1:28: steam.owned_apps: expected app ids, integers 1 to 4294967295, got \"x\"")
    let many = Array(repeating: "1", count: Limits.steamApps + 1).joined(separator: ",")
    #expect(
      problem("steam = { owned_apps = [\(many)] }")
        == "settings.ini:1:24: steam.owned_apps: expected a list of at most 1024 app ids, got [...]")
  }
}
