import NetRuntime

extension NetworkNamespace {
  static var psn: [Entry] { [initPSNClient, shutdownPSNClient, createPSNRoom, joinPSNRoom, leavePSNRoom] }

  private static var initPSNClient: Entry {
    Entry(
      "init_psn_client", [Parameter("config", .string)], returns: ["PsnClient"],
      summary: """
        Starts networking on PSN with the schema `config`.network_config. Rooms can be made and searched once \
        `PsnClient.ready` says so.
        """
    ) { call throws(ScriptError) in
      let binding = try call.binding
      let client = try binding.start(.psn, config: call.string(1))
      binding.consoles.psn = PSNClient(
        client, binding.network.platformSettings.psn, numbers: binding.consoles.numbers, now: binding.host.now)
      let handle = binding.handles.make(.psnClient)
      binding.handles.client = handle
      call.push(handle: handle)
    }
  }

  private static var shutdownPSNClient: Entry {
    Entry(
      "shutdown_psn_client", [Parameter("client", .userdata(.psnClient))],
      summary: "Ends networking on PSN: leaves all rooms and the session, and closes all connections."
    ) { call throws(ScriptError) in
      _ = try call.psnClient(1)
      try call.network { network throws(NetworkError) in try network.stopClient() }
      try call.binding.forgetClient()
    }
  }

  private static var createPSNRoom: Entry {
    Entry(
      "create_psn_room",
      [Parameter("name", .string), Parameter("max_members", .integer, range: 1...Double(Limits.lobbyMembers))],
      returns: ["integer"],
      summary: """
        Makes a room with this peer as its owner, and gives the number by which the functions of `PsnRoom` know it. \
        `max_members` counts the owner. Before the client is ready the room waits in state `WAITING_TO_CREATE`.
        """
    ) { call throws(ScriptError) in
      let client = try call.psn()
      let name = Bytes(call.stringBytes(1))
      let maximum = call.integer(2)
      call.push(try call.psn { () throws(PSNError) in try client.createRoom(name: name, maximum: maximum) }.number)
    }
  }

  private static var joinPSNRoom: Entry {
    Entry(
      "join_psn_room", [Parameter("room_id", .string)], returns: ["integer"],
      summary: """
        Asks to enter a room by the `id` that a browser shows; `PsnRoom.state` tells what comes of it. Gives the \
        number by which the functions of `PsnRoom` know it.
        """
    ) { call throws(ScriptError) in
      let client = try call.psn()
      guard let id = UInt64(hexadecimalDigits: call.string(1).utf8), id != 0 else {
        throw ScriptError(
          "argument 1 (room_id): expected the id that PsnRoomBrowser.room gives (hexadecimal digits), got "
            + call.describe(1))
      }
      call.push(try call.psn { () throws(PSNError) in try client.joinRoom(EntryID(rawValue: id)) }.number)
    }
  }

  private static var leavePSNRoom: Entry {
    Entry(
      "leave_psn_room", [PsnRoomNamespace.room],
      summary: "Leaves a room; where this peer owns it, the member who is in it for the longest becomes its owner."
    ) { call throws(ScriptError) in
      let client = try call.psn()
      let room = try call.psnRoom()
      try call.network { network throws(NetworkError) in try network.leave(room.lobby) }
      client.forget(room)
    }
  }
}

extension Call {
  /// The PSN client that runs.
  func psn() throws(ScriptError) -> PSNClient {
    _ = try network { network throws(NetworkError) in try network.platformClient(.psn) }
    guard let client = try binding.consoles.psn else {
      throw ScriptError(NetworkError.noPlatformClient(.psn).description)
    }
    return client
  }

  /// The PSN client that an argument stands for.
  func psnClient(_ index: Int) throws(ScriptError) -> PSNClient {
    let binding = try binding
    guard let number = handle(index, .psnClient), number == binding.handles.client?.number,
      let client = binding.consoles.psn
    else { throw ScriptError("this PsnClient was shut down; it cannot be used any more") }
    return client
  }

  /// The room whose number is the first argument.
  func psnRoom() throws(ScriptError) -> PSNRoom {
    let number = integer(1)
    guard let room = try psn().room(number) else {
      throw ScriptError("there is no room \(number): it was left, or never made")
    }
    return room
  }

  func psn<Result>(_ body: () throws(PSNError) -> Result) throws(ScriptError) -> Result {
    do throws(PSNError) {
      return try body()
    } catch {
      throw ScriptError(error.description)
    }
  }
}
