import NetRuntime

/// `stingray.PsnClient`: this peer on PSN.
enum PsnClientNamespace {
  private static let me = Parameter("self", .userdata(.psnClient))

  static var namespace: Namespace {
    Namespace(
      "PsnClient", "This peer on PSN: what `Network.init_psn_client` gives.", kind: .psnClient,
      entries: [ready, lostContext, roomBrowser], metamethods: [handleText("PsnClient", .psnClient)])
  }

  private static var ready: Entry {
    Entry(
      "ready", [me], returns: ["boolean"],
      summary: "Whether PSN knows this player, so that rooms can be made and searched."
    ) { call throws(ScriptError) in
      call.push(try call.psnClient(1).isReady)
    }
  }

  private static var lostContext: Entry {
    Entry(
      "lost_context", [me], returns: ["boolean"],
      summary: """
        Whether the player was signed out, or PSN could not be reached for 10 seconds; it stays so until the client \
        is shut down, and all rooms are `FAILED`.
        """
    ) { call throws(ScriptError) in
      call.push(try call.psnClient(1).hasLostContext)
    }
  }

  private static var roomBrowser: Entry {
    Entry(
      "room_browser", [me], returns: ["PsnRoomBrowser"],
      summary: "The browser that finds rooms of this game: the same one each time."
    ) { call throws(ScriptError) in
      _ = try call.psnClient(1)
      let binding = try call.binding
      let browser = binding.consoles.psnBrowser ?? binding.handles.make(.psnRoomBrowser)
      binding.consoles.psnBrowser = browser
      call.push(handle: browser)
    }
  }
}

/// `stingray.PsnRoomBrowser`.
enum PsnRoomBrowserNamespace {
  private static let me = Parameter("self", .userdata(.psnRoomBrowser))

  static var namespace: Namespace {
    Namespace(
      "PsnRoomBrowser", "Finds rooms on PSN.", kind: .psnRoomBrowser,
      entries: [refresh, isRefreshing, numRooms, room],
      metamethods: [handleText("PsnRoomBrowser", .psnRoomBrowser)])
  }

  private static var refresh: Entry {
    Entry("refresh", [me], summary: "Asks PSN for rooms of this game; does nothing while an answer is awaited.") {
      call throws(ScriptError) in
      try call.roomBrowser().refresh()
    }
  }

  private static var isRefreshing: Entry {
    Entry(
      "is_refreshing", [me], returns: ["boolean"],
      summary: "Whether an answer is awaited; it becomes false by itself, also when none comes."
    ) { call throws(ScriptError) in
      call.push(try call.roomBrowser().isRefreshing)
    }
  }

  private static var numRooms: Entry {
    Entry("num_rooms", [me], returns: ["integer"], summary: "How many rooms were found.") { call throws(ScriptError) in
      call.push(try call.roomBrowser().count)
    }
  }

  private static var room: Entry {
    Entry(
      "room", [me, Parameter("index", .integer)], returns: ["network_psn_room_info"],
      summary: """
        A room that was found, by its index from `Script.index_offset`: a new table with `id`, for \
        `Network.join_psn_room`, `name` and `data`.
        """
    ) { call throws(ScriptError) in
      let browser = try call.roomBrowser()
      let first = call.lua.indexOffset
      guard let found = browser.room(at: call.integer(2) - first) else {
        let range = browser.count == 0 ? "no rooms were found" : "expected \(first) to \(browser.count - 1 + first)"
        throw ScriptError("argument 2 (index): \(range), got \(call.describe(2))")
      }
      call.pushTable(fields: 3)
      call.setField("id", found.id.description)
      call.setField("name", found.name)
      call.setField("data", found.data)
    }
  }
}

extension Call {
  /// The browser of PSN rooms that the first argument stands for.
  func roomBrowser() throws(ScriptError) -> PSNRoomBrowser {
    let consoles = try binding.consoles
    guard let number = handle(1, .psnRoomBrowser), number == consoles.psnBrowser?.number, let client = consoles.psn
    else { throw ScriptError("the client of this PsnRoomBrowser was shut down; it cannot be used any more") }
    return client.browser
  }
}
