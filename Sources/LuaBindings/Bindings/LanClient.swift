import NetRuntime

/// `stingray.LanClient` and `stingray.LanLobbyBrowser`: the peer on the local network, and its search for lobbies.
enum LanClientNamespace {
  static var namespace: Namespace {
    Namespace(
      "LanClient", "This peer on the local network: what `Network.init_lan_client` gives.", kind: .lanClient,
      entries: [lobbyBrowser], metamethods: [handleText("LanClient", .lanClient)])
  }

  private static var lobbyBrowser: Entry {
    Entry(
      "lobby_browser", [Parameter("self", .userdata(.lanClient))], returns: ["LanLobbyBrowser"],
      summary: "The browser that finds lobbies on the local network: the same one each time."
    ) { call throws(ScriptError) in
      let binding = try call.binding
      try binding.checkClient(call, 1)
      let browser = binding.handles.browser ?? binding.handles.make(.lanLobbyBrowser)
      binding.handles.browser = browser
      call.push(handle: browser)
    }
  }
}

/// `stingray.LanLobbyBrowser`.
enum LanLobbyBrowserNamespace {
  private static let me = Parameter("self", .userdata(.lanLobbyBrowser))

  static var namespace: Namespace {
    Namespace(
      "LanLobbyBrowser", "Finds lobbies on the local network.", kind: .lanLobbyBrowser,
      entries: [refresh, isRefreshing, numLobbies, lobby],
      metamethods: [handleText("LanLobbyBrowser", .lanLobbyBrowser)])
  }

  private static var refresh: Entry {
    Entry(
      "refresh", [me, Parameter("port", .integer, range: 1...65535)],
      summary: "Asks the local network for lobbies on a UDP lobby port; answers come in while the network is updated."
    ) { call throws(ScriptError) in
      try call.browser().refresh(port: UInt16(clamping: call.integer(2)))
    }
  }

  private static var isRefreshing: Entry {
    Entry(
      "is_refreshing", [me], returns: ["boolean"],
      summary: "Whether answers are awaited; it becomes false by itself, also when nobody answers."
    ) { call throws(ScriptError) in
      call.push(try call.browser().isRefreshing)
    }
  }

  private static var numLobbies: Entry {
    Entry("num_lobbies", [me], returns: ["integer"], summary: "How many lobbies were found.") {
      call throws(ScriptError) in
      call.push(try call.browser().count)
    }
  }

  private static var lobby: Entry {
    Entry(
      "lobby", [me, Parameter("index", .integer)], returns: ["network_lan_lobby_info"],
      summary: """
        A lobby that was found, by its index from `Script.index_offset`: a new table with `address`, for \
        `Network.join_lan_lobby`, and all of the lobby's data by key.
        """
    ) { call throws(ScriptError) in
      let browser = try call.browser()
      let first = call.lua.indexOffset
      guard let found = browser.lobby(at: call.integer(2) - first) else {
        let range = browser.count == 0 ? "no lobbies were found" : "expected \(first) to \(browser.count - 1 + first)"
        throw ScriptError("argument 2 (index): \(range), got \(call.describe(2))")
      }
      call.pushTable(fields: found.data.entries.count + 1)
      for entry in found.data.entries {
        call.push(bytes: entry.key)
        call.push(bytes: entry.value)
        call.setField()
      }
      call.setField("address", found.address.description)
    }
  }
}

extension Call {
  /// The browser that the first argument stands for.
  func browser() throws(ScriptError) -> LANLobbyBrowser {
    let binding = try binding
    guard let number = handle(1, .lanLobbyBrowser), number == binding.handles.browser?.number else {
      throw ScriptError("the client of this LanLobbyBrowser was shut down; it cannot be used any more")
    }
    return try network { network throws(NetworkError) in try network.lobbyBrowser() }
  }
}

extension NetworkBinding {
  /// Makes sure that an argument is the client that runs.
  func checkClient(_ call: Call, _ index: Int) throws(ScriptError) {
    guard let number = call.handle(index, .lanClient), number == handles.client?.number else {
      throw ScriptError("this LanClient was shut down; it cannot be used any more")
    }
  }
}
