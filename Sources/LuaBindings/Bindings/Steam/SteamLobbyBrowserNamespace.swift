import NetRuntime

/// `stingray.SteamLobbyBrowser`.
enum SteamLobbyBrowserNamespace {
  private static let me = Parameter("self", .userdata(.steamLobbyBrowser))
  private static let key = Parameter("key", .string)

  /// In the order of their values.
  private static let distances: [(String, EntryQuery.Distance, String)] = [
    ("CLOSE", .close, "In the user's own region."), ("DEFAULT", .default, "In regions near by."),
    ("FAR", .far, "Half way round the world."), ("WORLD", .world, "Anywhere."),
  ]
  private static let comparisons: [(String, EntryQuery.Comparison, String)] = [
    ("EQUAL", .equal, "The value is this."), ("NOT_EQUAL", .notEqual, "The value is another, or none."),
    ("LESS", .less, "The value is below this."), ("LESS_OR_EQUAL", .lessOrEqual, "The value is this or below."),
    ("GREATER", .greater, "The value is above this."),
    ("GREATER_OR_EQUAL", .greaterOrEqual, "The value is this or above."),
  ]

  static var namespace: Namespace {
    Namespace(
      "SteamLobbyBrowser", "Finds lobbies on Steam.", kind: .steamLobbyBrowser,
      entries: [
        refresh, isRefreshing, numLobbies, lobby, data, addFilter, addNearFilter, addSlotsFilter, addDistanceFilter,
        clearFilters,
      ],
      constants: distances.enumerated().map { Constant($1.0, Double($0), $1.2) }
        + comparisons.enumerated().map { Constant($1.0, Double($0), $1.2) },
      metamethods: [handleText("SteamLobbyBrowser", .steamLobbyBrowser)])
  }

  // MARK: Searching

  private static var refresh: Entry {
    Entry(
      "refresh", [me],
      summary: """
        Looks for lobbies of this game that have a free place and fit all filters; the answer comes in while the \
        network is updated. Does nothing while a search is under way.
        """
    ) { call throws(ScriptError) in
      try call.steamLobbyBrowser().refresh()
    }
  }

  private static var isRefreshing: Entry {
    Entry(
      "is_refreshing", [me], returns: ["boolean"],
      summary: "Whether an answer is awaited; it becomes false by itself, also when Steam does not answer."
    ) { call throws(ScriptError) in
      call.push(try call.steamLobbyBrowser().isRefreshing)
    }
  }

  private static var numLobbies: Entry {
    Entry("num_lobbies", [me], returns: ["integer"], summary: "How many lobbies were found: 50 at most.") {
      call throws(ScriptError) in
      call.push(try call.steamLobbyBrowser().lobbies.count)
    }
  }

  private static var lobby: Entry {
    Entry(
      "lobby", [me, Parameter("i", .integer)], returns: ["network_steam_lobby_info"],
      summary: """
        A lobby that was found, by its index from `Script.index_offset`: a new table with `id`, for \
        `Network.join_steam_lobby`, and `name`, which is the lobby's data of that key, or else its host's name.
        """
    ) { call throws(ScriptError) in
      let lobby = try call.listedLobby("i")
      call.pushTable(fields: 2)
      call.setField("id", lobby.id.description)
      call.setField("name", lobby.data["name"] ?? lobby.name)
    }
  }

  private static var data: Entry {
    Entry(
      "data", [me, Parameter("index", .integer), key], returns: ["string"],
      summary: "A found lobby's text under a key; \"\" where nothing was set."
    ) { call throws(ScriptError) in
      call.push(try call.listedLobby("index").data[call.keyBytes(3)] ?? "")
    }
  }

  // MARK: Filters

  private static var addFilter: Entry {
    Entry(
      "add_filter",
      [me, key, Parameter("value", .anyOf([.string, .integer])), Parameter("comp", .integer)],
      summary: """
        From the next refresh on, only lobbies whose data of a key compares so with a value: `EQUAL`, `NOT_EQUAL`, \
        `LESS`, `LESS_OR_EQUAL`, `GREATER` or `GREATER_OR_EQUAL`. A string compares as text, byte by byte, and data that \
        is not set is ""; a number compares as an integer, and data that is none fits `NOT_EQUAL` alone.
        """
    ) { call throws(ScriptError) in
      let browser = try call.steamLobbyBrowser()
      let place = call.number(4)
      guard place >= 0, place < Double(comparisons.count) else {
        throw ScriptError(
          "argument 4 (comp): expected one of SteamLobbyBrowser.EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, "
            + "GREATER_OR_EQUAL, got \(call.describe(4))")
      }
      let comparison = comparisons[Int(place)].1
      try call.steam { () throws(SteamFilterError) in
        if call.bytes(3) != nil {
          try browser.addFilter(call.keyBytes(2), comparison, text: call.keyBytes(3))
        } else {
          try browser.addFilter(call.keyBytes(2), comparison, number: Int64(call.integer(3)))
        }
      }
    }
  }

  private static var addNearFilter: Entry {
    Entry(
      "add_near_filter", [me, key, Parameter("value", .integer)],
      summary: """
        From the next refresh on, lists those lobbies first whose integer of a key is closest to a value; leaves none \
        out. Of several such filters the first counts most.
        """
    ) { call throws(ScriptError) in
      let browser = try call.steamLobbyBrowser()
      try call.steam { () throws(SteamFilterError) in
        try browser.addNearFilter(call.keyBytes(2), Int64(call.integer(3)))
      }
    }
  }

  private static var addSlotsFilter: Entry {
    Entry(
      "add_slots_filter", [me, Parameter("slots", .integer, range: 0...Double(Limits.lobbyMembers))],
      summary: "From the next refresh on, only lobbies with so many free places; a later call counts instead of this."
    ) { call throws(ScriptError) in
      try call.steamLobbyBrowser().setSlots(call.integer(2))
    }
  }

  private static var addDistanceFilter: Entry {
    Entry(
      "add_distance_filter", [me, Parameter("distance", .integer)],
      summary: """
        From the next refresh on, only lobbies whose host is so near: `CLOSE`, `DEFAULT`, `FAR` or `WORLD`; a later call \
        counts instead of this. Without one it is `DEFAULT`.
        """
    ) { call throws(ScriptError) in
      let place = call.number(2)
      guard place >= 0, place < Double(distances.count) else {
        throw ScriptError(
          "argument 2 (distance): expected one of SteamLobbyBrowser.CLOSE, DEFAULT, FAR, WORLD, got \(call.describe(2))"
        )
      }
      try call.steamLobbyBrowser().setDistance(distances[Int(place)].1)
    }
  }

  private static var clearFilters: Entry {
    Entry("clear_filters", [me], summary: "Takes all filters away; the next refresh lists without them.") {
      call throws(ScriptError) in
      try call.steamLobbyBrowser().clearFilters()
    }
  }
}

extension Call {
  fileprivate func listedLobby(_ name: String) throws(ScriptError) -> DirectoryEntry {
    let lobbies = try steamLobbyBrowser().lobbies
    return lobbies[try place(2, name, in: lobbies.count, nothing: "no lobbies were found")]
  }
}
