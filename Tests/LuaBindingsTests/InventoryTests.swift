import Testing

@testable import LuaBindings

@Suite struct InventoryTests {
  @Test func everythingIsCounted() {
    let network = Inventory.namespaces.filter { $0.tier != .math && $0.tier != .support }
    #expect(network.reduce(0) { $0 + $1.functions.count } == 302)
    #expect(Inventory.byName["Network"]?.functions.count == 77)
    #expect(Inventory.byName["Network"]?.constants.count == 19)
    #expect(Inventory.byName["GameSession"]?.functions.count == 30)
    #expect(Inventory.byName["SteamPingThread"]?.constructor?.signatures.count == 1)
    #expect(Inventory.byName["Network"]?.functions.first { $0.name == "join_steam_server" }?.signatures.count == 2)
    #expect(Inventory.allTables.count == 17)
  }

  @Test func signaturesAreRead() throws {
    let kick = try #require(Inventory.byName["LanLobby"]?.functions.first { $0.name == "kick" })
    #expect(kick.signatures[0].parameters.map(\.name) == ["self", "peer"])
    #expect(kick.signatures[0].parameters.map(\.type) == ["LanLobby", "any(string,integer)"])
    let network = try #require(Inventory.byName["Network"])
    let description = try #require(network.functions.first { $0.name == "handle_to_description_result" })
    #expect(description.signatures[0].results == ["string", "string"])
    #expect(description.subsystem == .xboxlive)
    #expect(Inventory.byName["Friends"]?.constants.count == 28)
  }

  @Test func missingFunctionsSayWhatIsMissing() throws {
    let lua = try LuaState()
    try lua.register(API.namespaces)
    #expect(
      errorText(lua, "SteamVoip.create_room()")
        == "test:1: SteamVoip.create_room is not available in this version: it lacks voice chat")
    #expect(errorText(lua, "XboxCallbacks.unregister_callback()").hasSuffix("it lacks callbacks of the console"))
  }

  @Test func everyEntryHasASummary() {
    for namespace in API.namespaces {
      #expect(!namespace.summary.isEmpty, "\(namespace.name)")
      for entry in namespace.entries { #expect(entry.summary.hasSuffix("."), "\(namespace.name).\(entry.name)") }
      for constant in namespace.constants {
        #expect(constant.summary.hasSuffix("."), "\(namespace.name).\(constant.name)")
      }
    }
  }
}
