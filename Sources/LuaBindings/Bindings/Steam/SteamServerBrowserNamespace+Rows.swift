import NetRuntime

extension SteamServerBrowserNamespace {
  private static let index = Parameter("index", .integer)
  private static let i = Parameter("i", .integer)

  /// What can be asked of one server of the list.
  static var rows: [Entry] {
    [server, refreshServer, requestData, isFetchingData, data, requestPlayers, isFetchingPlayers, players]
  }

  private static var server: Entry {
    Entry(
      "server", [me, i], returns: ["steam_server_info"],
      summary: """
        A server of the list, by its index from `Script.index_offset`: a new table. `ip_address` and `steam_id` are \
        strings, `ping` is in milliseconds.
        """
    ) { call throws(ScriptError) in
      let browser = try call.steamServerBrowser()
      let place = try call.row("i", browser)
      let info = browser.rows[place].info
      call.pushTable(fields: 16)
      call.setField("steam_id", info.id)
      call.setField("server_name", info.name)
      call.setField("ip_address", info.address)
      call.setField("connection_port", Double(info.connectionPort))
      call.setField("query_port", Double(info.queryPort))
      call.setField("map", info.map)
      call.setField("game_description", info.gameDescription)
      call.setField("tags", info.tags)
      call.setField("server_version", Double(info.versionNumber))
      call.setField("num_players", Double(info.players))
      call.setField("max_players", Double(info.maxPlayers))
      call.setField("num_bots", 0)
      call.setField("ping", browser.ping(place).rounded())
      call.setField("password", info.hasPassword)
      call.setField("secure", true)
      call.setField("favorite", browser.isFavorite(place))
    }
  }

  private static var refreshServer: Entry {
    Entry("refresh_server", [me, i], summary: "Asks for one server of the list anew.") { call throws(ScriptError) in
      let browser = try call.steamServerBrowser()
      browser.refreshServer(try call.row("i", browser))
    }
  }

  private static var requestData: Entry {
    Entry("request_data", [me, i], summary: "Fetches what a server has set by `SteamGameServer.set_data`.") {
      call throws(ScriptError) in
      let browser = try call.steamServerBrowser()
      browser.requestData(try call.row("i", browser))
    }
  }

  private static var isFetchingData: Entry {
    Entry(
      "is_fetching_data", [me, i], returns: ["boolean", "boolean"],
      summary: "Whether a server's data is being fetched, and whether the last fetch failed."
    ) { call throws(ScriptError) in
      let browser = try call.steamServerBrowser()
      call.push(browser.rows[try call.row("i", browser)].dataFetch)
    }
  }

  private static var data: Entry {
    Entry(
      "data", [me, index, Parameter("key", .string)], returns: ["string?"],
      summary: "A server's data under a key, as `request_data` fetched it; nil before that, and where nothing was set."
    ) { call throws(ScriptError) in
      let browser = try call.steamServerBrowser()
      call.push(browser.rows[try call.row("index", browser)].data?[call.keyBytes(3)])
    }
  }

  private static var requestPlayers: Entry {
    Entry("request_players", [me, index], summary: "Fetches who plays on a server.") { call throws(ScriptError) in
      let browser = try call.steamServerBrowser()
      browser.requestPlayers(try call.row("index", browser))
    }
  }

  private static var isFetchingPlayers: Entry {
    Entry(
      "is_fetching_players", [me, index], returns: ["boolean", "boolean"],
      summary: "Whether a server's players are being fetched, and whether the last fetch failed."
    ) { call throws(ScriptError) in
      let browser = try call.steamServerBrowser()
      call.push(browser.rows[try call.row("index", browser)].playersFetch)
    }
  }

  private static var players: Entry {
    Entry(
      "players", [me, index], returns: ["steam_server_player[]?"],
      summary: """
        Who plays on a server, as `request_players` fetched it: a new list of tables with `name`, `score` and \
        `play_time` in seconds; nil before that.
        """
    ) { call throws(ScriptError) in
      let browser = try call.steamServerBrowser()
      guard let players = browser.rows[try call.row("index", browser)].players else { return call.pushNil() }
      call.pushTable(array: players.count)
      for (index, player) in players.enumerated() {
        call.pushTable(fields: 3)
        call.setField("name", player.name)
        call.setField("score", Double(player.score))
        call.setField("play_time", player.playTime)
        call.setIndex(index + 1)
      }
    }
  }
}

extension Call {
  /// The place of the server that the second argument is the index of.
  fileprivate func row(_ name: String, _ browser: SteamServerBrowser) throws(ScriptError) -> Int {
    try place(2, name, in: browser.rows.count, nothing: "no servers were found")
  }

  fileprivate func push(_ fetch: SteamServerBrowser.Fetch) {
    push(fetch.isUnderWay)
    push(fetch.hasFailed)
  }
}
