import NetRuntime
import Testing

@testable import stingray_lua

@Suite struct SettingsTests {
  @Test func valuesAreRead() throws {
    let settings = try Settings(
      Array(
        """
        boot_script = "boot"
        network = {
          interface = "lo" shared_secret = "hush" reliable_send_buffer_size = 65536 reliable_receive_buffer_size = 4000
        }
        other = { anything = [1 2] }
        """.utf8), file: "settings.ini")
    #expect(settings.bootScript == "boot")
    #expect(settings.interface == "lo")
    #expect(settings.sharedSecret == Array("hush".utf8))
    #expect(settings.reliableSendBufferSize == 65536)
    #expect(settings.reliableReceiveBufferSize == 4000)
  }

  @Test func wrongValuesAreToldWithTheirPlace() {
    func problem(_ text: String) -> String {
      do {
        _ = try Settings(Array(text.utf8), file: "settings.ini")
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(problem("boot_script = 5") == "settings.ini:1:15: boot_script: expected a string, got 5")
    #expect(problem("\nnetwork = 1") == "settings.ini:2:11: network: expected an object, got 1")
    #expect(
      problem("network = { reliable_send_buffer_size = 10 }")
        == "settings.ini:1:41: network.reliable_send_buffer_size: expected bytes, 2048 to 16777216, got 10")
    #expect(
      problem("network = { shared_secret = [] }").hasPrefix(
        "settings.ini:1:29: network.shared_secret: expected a string"))
  }

  @Test func aProjectIsAScriptOrAFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("main.lua", "")
    #expect(try Project(folder.path, settingsFile: nil).script == folder.path + "/main.lua")
    #expect(try Project(folder.path + "/", settingsFile: nil).folder == folder.path)
    try folder.write("other.lua", "")
    try folder.write("settings.ini", "boot_script = \"other\"")
    #expect(try Project(folder.path, settingsFile: nil).script == folder.path + "/other.lua")
    let script = try Project(folder.path + "/main.lua", settingsFile: nil)
    #expect(script.script == folder.path + "/main.lua")
    #expect(script.settings.bootScript == "other")
    try folder.write("settings.ini", "boot_script = \"missing\"")
    #expect(throws: Project.Problem.self) { try Project(folder.path, settingsFile: nil) }
  }

  @Test func thePathOfADumpHasTags() throws {
    func path(_ text: String) throws -> String {
      let settings = try Settings(Array("network = { log = \"\(text)\" }".utf8), file: "settings.ini")
      let folders = ["HOME": "/home/ann", "XDG_DATA_HOME": "relative"]
      // 2026-11-23 04:15:09 UTC.
      return DumpPath.expanded(settings.dump ?? "", time: 1_795_407_309, random: 0xAB) { folders[$0] }
    }
    #expect(try path("game.ndp") == "game.ndp")
    #expect(try path("%APPDATA%/my game/%UTCDATE%.ndp") == "/home/ann/.local/share/my game/2026-11-23.ndp")
    #expect(try path("%UTCTIME%-%RANDOM%") == "04-15-09-000000ab")
    #expect(try path("100% sure") == "100% sure")
    #expect(DumpPath.expanded("%APPDATA%", time: 0, random: 0) { _ in "/data" } == "/data")
    #expect(throws: ConfigError.self) { try path("%TEMP%/x") }
    #expect(
      DumpPath.problem(in: "%TEMP%/x")
        == "there is no tag %TEMP%; expected %APPDATA%, %UTCDATE%, %UTCTIME% or %RANDOM%")
    #expect(try path("100% of 50%/%RANDOM%%") == "100% of 50%/000000ab%")
    #expect(try path("%%") == "%%")
    #expect(
      DumpPath.problem(in: "%Randm%") == "there is no tag %Randm%; expected %APPDATA%, %UTCDATE%, %UTCTIME% or %RANDOM%"
        + "; did you mean `%RANDOM%`?")
    #expect(DumpPath.problem(in: "") == "expected a file")
  }
}
