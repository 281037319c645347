import NetRuntime

/// `stingray.SteamServerBrowser`.
enum SteamServerBrowserNamespace {
  static let me = Parameter("self", .userdata(.steamServerBrowser))

  static var namespace: Namespace {
    Namespace(
      "SteamServerBrowser", "Finds game servers on Steam.", kind: .steamServerBrowser,
      entries: searching + rows + [addFilterEntry, clearFilters, addFavorite, removeFavorite],
      constants: [
        source("INTERNET", .internet, "All servers of this game."),
        source("LAN", .lan, "Those on the local network."),
        source("FRIENDS", .friends, "Those on which friends play."),
        source("FAVORITES", .favorites, "Those that the user has added."),
        source("HISTORY", .history, "Those on which the user was."),
      ],
      metamethods: [handleText("SteamServerBrowser", .steamServerBrowser)])
  }

  private static func source(_ name: String, _ source: SteamServerBrowser.Source, _ summary: String) -> Constant {
    Constant(name, Double(source.rawValue), summary)
  }

  private static var searching: [Entry] {
    [
      Entry(
        "refresh", [me, Parameter("server_type", .integer)],
        summary: """
          Empties the list and looks for servers of a kind: `INTERNET`, `LAN`, `FRIENDS`, `FAVORITES` or `HISTORY`. Does \
          nothing while a search is under way.
          """
      ) { call throws(ScriptError) in
        let browser = try call.steamServerBrowser()
        browser.refresh(
          try call.choice(
            2, "server_type", "one of SteamServerBrowser.INTERNET, LAN, FRIENDS, FAVORITES, HISTORY"))
      },
      Entry(
        "is_refreshing", [me], returns: ["boolean"],
        summary: "Whether answers are awaited; it becomes false by itself, also when Steam does not answer."
      ) { call throws(ScriptError) in
        call.push(try call.steamServerBrowser().isRefreshing)
      },
      Entry("abort_refresh", [me], summary: "Ends a search; what was found stays in the list.") {
        call throws(ScriptError) in
        try call.steamServerBrowser().abortRefresh()
      },
      Entry("num_servers", [me], returns: ["integer"], summary: "How many servers were found.") {
        call throws(ScriptError) in
        call.push(try call.steamServerBrowser().rows.count)
      },
    ]
  }

  private static var addFilterEntry: Entry {
    Entry(
      "add_filter",
      signatures: [
        [me, Parameter("value", .table, notation: "steam_server_browser_filter")],
        [me, Parameter("key", .string), Parameter("value", .string)],
      ],
      summary: """
        From the next refresh on, only servers that fit; the local network's are not filtered. Of a table, `map` and \
        `gamedir` have to be the same, `dedicated`, `secure` and `proxy` ask for such servers, `full` leaves out those \
        without a free place, `empty` those without players, and `noplayers` those with players. A key is one of these, \
        `gametagsand` or `gametagsnor` with tags separated by commas, or a key of the server's data.
        """,
      .call { call throws(ScriptError) in
        let browser = try call.steamServerBrowser()
        let fields = call.signature == 0 ? try call.fields(2) : []
        do throws(SteamServerFilterError) {
          if call.signature == 0 {
            try browser.addFilter(fields)
          } else {
            try browser.addFilter(call.keyBytes(2), call.keyBytes(3))
          }
        } catch {
          throw ScriptError(call.signature == 0 ? "argument 2 (value): \(error)" : error.description)
        }
      })
  }

  private static var clearFilters: Entry {
    Entry("clear_filters", [me], summary: "Takes all filters away; the next refresh lists without them.") {
      call throws(ScriptError) in
      try call.steamServerBrowser().clearFilters()
    }
  }

  // MARK: Favourites

  private static let place = [
    me, Parameter("ip", .string), Parameter("connection_port", .integer, range: 0...65535),
    Parameter("query_port", .integer, range: 1...65535),
  ]

  private static var addFavorite: Entry {
    Entry(
      "add_favorite", place,
      summary: "Adds a server to the user's favourites, which are kept for ever; 50 at most."
    ) { call throws(ScriptError) in
      try call.steamServerBrowser().addFavorite(call.serverPlace())
    }
  }

  private static var removeFavorite: Entry {
    Entry("remove_favorite", place, summary: "Takes a server out of the user's favourites, if it is one.") {
      call throws(ScriptError) in
      try call.steamServerBrowser().removeFavorite(call.serverPlace())
    }
  }
}

extension Call {
  fileprivate func serverPlace() throws(ScriptError) -> SteamServerPlace {
    guard let query = Endpoint("\(string(2)):\(integer(4))") else {
      throw ScriptError("argument 2 (ip): expected an address such as \"192.168.0.5\", got \(describe(2))")
    }
    return SteamServerPlace(
      address: query.address, connectionPort: UInt16(clamping: integer(3)), queryPort: query.port)
  }
}
