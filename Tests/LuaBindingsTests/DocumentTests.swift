import Foundation
import NetRuntime
import Testing

@testable import LuaBindings

@Suite struct DocumentTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// `scripts/generate-docs` sets STINGRAY_UPDATE, and this test writes the file instead of comparing it.
  @Test func theReferenceIsUpToDate() throws {
    let file = Self.root.appending(path: "docs/lua-api.md")
    let text = APIReference.render()
    if ProcessInfo.processInfo.environment["STINGRAY_UPDATE"] != nil {
      try Data(text.utf8).write(to: file)
      return
    }
    let present = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    #expect(present == text, "docs/lua-api.md is stale: run scripts/generate-docs")
  }

  @Test func annotationsAreValidLua() throws {
    let lua = try LuaState()
    try lua.run(Array(Annotations.render().utf8), name: "=annotations")
  }

  @Test func annotationsNameTypes() {
    let text = Annotations.render()
    #expect(
      text.contains(
        """
        ---@param self LanLobby
        ---@param peer (string|integer)
        function LanLobby.kick(self, peer) end
        """))
    #expect(Annotations.type("string[]?") == "string[]?")
    #expect(Annotations.type("map(string,string)?") == "table<string,string>?")
    #expect(Annotations.type("any(SteamLobby,string)") == "(SteamLobby|string)")
  }

  @Test func coverageCountsWhatExistsAndWhatIsTested() throws {
    let tests = [
      ("Script.index_offset", "gives the offset"), ("Script.index_offset", "rejects nothing"),
      ("Script.set_index_offset", "sets the offset"), ("LanLobby.kick", "rejects a number"),
    ]
    let items = Coverage.items(tests: tests, texts: ["return LanLobby.JOINED, Script.type_name"])
    func find(_ namespace: String, _ name: String) throws -> Coverage.Item {
      try #require(items.first { $0.namespace == namespace && $0.name == name })
    }
    #expect(try find("Script", "index_offset").exists)
    #expect(try find("Script", "index_offset").isTested)
    #expect(try !find("Script", "set_index_offset").isTested)
    #expect(try !find("LanLobby", "kick").isTested)
    #expect(try !find("Script", "type_name").isTested)
    #expect(try find("LanLobby", "JOINED").isTested)
    #expect(try !find("LanLobby", "FAILED").isTested)
    #expect(try !find("SteamVoip", "join_room").exists)
    #expect(Coverage.render(tests: [], texts: []).contains("- GameSession: "))
  }

  /// docs/platforms.md has a row for each function of a platform that this version has.
  @Test func thePageOnPlatformsNamesEveryFunction() throws {
    let page = try String(decoding: Data(contentsOf: Self.root.appending(path: "docs/platforms.md")), as: UTF8.self)
    let parts = page.components(separatedBy: "\n## ").dropFirst()
    for (subsystem, title) in [(Inventory.Subsystem.steam, "Steam"), (.psn, "PSN"), (.xboxlive, "Xbox Live")] {
      let part = try #require(parts.first { $0.hasPrefix(title + "\n") })
      let names = Set(part.matches(of: /`(?:\w+\.)?(\w+)`/).map { String($0.1) })
      let functions = Coverage.items(tests: [], texts: []).filter {
        $0.subsystem == subsystem && $0.exists && !$0.isConstant
      }
      #expect(functions.count > 10)
      for function in functions {
        #expect(names.contains(function.name), "\(title) lacks \(function.namespace).\(function.name)")
      }
    }
  }
}
