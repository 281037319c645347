import NetRuntime

/// `stingray.PsnRoom`: a room on PSN. Its functions take the room's number.
enum PsnRoomNamespace {
  static let room = Parameter("room", .integer)

  static var namespace: Namespace {
    Namespace(
      "PsnRoom", "A room on PSN, by the number that `Network.create_psn_room` and `Network.join_psn_room` give.",
      entries: [state, numMembers, member, owner, gameSessionHost, setGameSessionHost, setData, setName],
      constants: [
        constant("CREATING", .creating, "PSN has not confirmed the new room yet."),
        constant("JOINING", .joining, "The room's owner has not answered yet."),
        constant("JOINED", .joined, "This peer is a member."),
        constant("FAILED", .failed, "This peer is no member, and will not become one."),
        constant("WAITING_TO_CREATE", .waitingToCreate, "The client is not ready; the room is made once it is."),
      ])
  }

  private static func constant(_ name: String, _ state: PSNRoom.State, _ summary: String) -> Constant {
    Constant(name, Double(state.rawValue), summary)
  }

  private static var state: Entry {
    Entry(
      "state", [room], returns: ["integer"],
      summary: """
        How far this peer has come: `WAITING_TO_CREATE`, `CREATING`, `JOINING`, `JOINED` or `FAILED`; a room can fail \
        after it was joined.
        """
    ) { call throws(ScriptError) in
      call.push(try call.psnRoom().state.rawValue)
    }
  }

  private static var numMembers: Entry {
    Entry("num_members", [room], returns: ["integer"], summary: "How many members there are; 0 before it is joined.") {
      call throws(ScriptError) in
      call.push(try call.psnRoom().members.count)
    }
  }

  private static var member: Entry {
    Entry(
      "member", [room, Parameter("index", .integer)], returns: ["network_psn_room_member"],
      summary: """
        A member by its index from `Script.index_offset`, the owner first, then in the order of joining: a new table \
        with `peer_id`, `np_id` and `handle`, the name to show.
        """
    ) { call throws(ScriptError) in
      let members = try call.psnRoom().members
      let first = call.lua.indexOffset
      let index = call.integer(2) - first
      guard members.indices.contains(index) else {
        let range = members.isEmpty ? "the room has no members" : "expected \(first) to \(members.count - 1 + first)"
        throw ScriptError("argument 2 (index): \(range), got \(call.describe(2))")
      }
      call.pushTable(fields: 3)
      call.setField("peer_id", members[index].peer)
      call.setField("np_id", members[index].player)
      call.setField("handle", members[index].name)
    }
  }

  private static var owner: Entry {
    Entry(
      "owner", [room], returns: ["string"], summary: "The peer id of the room's owner; \"0\" while it is not known."
    ) { call throws(ScriptError) in
      call.push(try call.psnRoom().owner)
    }
  }

  private static var gameSessionHost: Entry {
    Entry(
      "game_session_host", [room], returns: ["string?"],
      summary: "The peer id that the owner has set as the game session's host; nil while there is none."
    ) { call throws(ScriptError) in
      call.push(try call.psnRoom().gameSessionHost)
    }
  }

  private static var setGameSessionHost: Entry {
    Entry(
      "set_game_session_host", [room, Parameter("peer_id", .peer, optional: true)],
      summary: """
        Tells all members who hosts the game session; nil says nobody. Only the owner can: from others it changes \
        nothing and warns. The room must not be `FAILED`.
        """
    ) { call throws(ScriptError) in
      let peer = call.isNil(2) || call.peer(2) == .nobody ? nil : call.peer(2)
      let room = try call.psnRoom()
      try call.psn { () throws(PSNError) in try room.setGameSessionHost(peer) }
    }
  }

  private static var setData: Entry {
    Entry(
      "set_data", [room, Parameter("value", .string)],
      summary: """
        Sets the room's text of at most 255 bytes, which browsers show. Only the owner can: from others it changes \
        nothing and warns. The room must not be `FAILED`.
        """
    ) { call throws(ScriptError) in
      let room = try call.psnRoom()
      try call.psn { () throws(PSNError) in try room.setData(Bytes(call.stringBytes(2))) }
    }
  }

  private static var setName: Entry {
    Entry(
      "set_name", [room, Parameter("name", .string)],
      summary: """
        Sets the room's name, which browsers show. Only the owner can: from others it changes nothing and warns. The \
        room must not be `FAILED`.
        """
    ) { call throws(ScriptError) in
      let room = try call.psnRoom()
      try call.psn { () throws(PSNError) in try room.setName(Bytes(call.stringBytes(2))) }
    }
  }
}
