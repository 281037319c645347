import Testing

@testable import LuaBindings

@Suite struct GameSessionTests {
  /// A session of all peers, whose `session` is a global of each; all are synchronised.
  private func playing(_ count: Int) throws -> TestPeers {
    let all = try TestPeers.joined(count)
    for peer in all.peers { try peer.run("session = Network.create_game_session()") }
    try all.peers[0].run("session:make_game_session_host() lobby:set_game_session_host(Network.peer_id())")
    for peer in all.peers.dropFirst() {
      try all.peers[0].run("session:add_peer('\(try peer.get("Network.peer_id()"))')")
    }
    try all.step(until: { try all.peers[0].get("#session:synchronized_peers()") == "\(count - 1)" })
    try all.step(until: { try all.peers.allSatisfy { try $0.get("session:in_session()") == "true" } })
    for peer in all.peers { try peer.run("calls = {}") }
    return all
  }

  @Test func aSession() throws {
    let all = try playing(3)
    let guest = all.peers[1]
    #expect(
      try all.peers[0].get("tostring(Network.game_session() == session) .. session:game_session_host()") == "true1a")
    #expect(try guest.get("session:game_session_host() .. #session:peers() .. #session:other_peers()") == "1a32")
    #expect(try guest.get("tostring(session:broken_connection()) .. tostring(session:host_error())") == "nilfalse")
    #expect(
      errorText(guest.lua, "Network.create_game_session()")
        == "test:1: Network.create_game_session: a game session exists already; call Network.shutdown_game_session first"
    )
    try guest.run("Network.shutdown_game_session() Network.shutdown_game_session()")
    #expect(try guest.get("tostring(Network.game_session())") == "nil")
    #expect(
      errorText(guest.lua, "session:peers()")
        == "test:1: GameSession.peers: this GameSession was shut down; it cannot be used any more")
  }

  @Test func objects() throws {
    let all = try playing(2)
    let (host, guest) = (all.peers[0], all.peers[1])
    try guest.run("id = session:create_game_object('avatar', {points = '7', who = Network.peer_id()})")
    #expect(try guest.get("id >= 1 and id < 65536 and session:game_object_field(id, 'points')") == "7")
    try all.step(until: { try host.get("#calls") == "1" })
    #expect(try host.get("calls[1][1] .. calls[1][3]") == "game_object_created2a")
    try host.run("id = calls[1][2] calls = {}")
    #expect(try host.get("session:game_object_field(id, 'points') .. session:game_object_field(id, 'who')") == "72a")
    #expect(try host.get("session:game_object_owner(id) .. #session:objects_owned_by('2A')") == "2a1")
    #expect(
      try host.get("tostring(session:game_object_owned(id)) .. tostring(session:game_object_is_type(id, 'avatar'))")
        == "falsetrue")
    try guest.run("session:set_game_object_field(id, 'points', 9)")
    try all.step(until: { try host.get("session:game_object_field(id, 'points')") == "9" })
    #expect(errorText(host.lua, "session:destroy_game_object(id)").hasSuffix("is owned by peer 2a, not by this peer"))
    try guest.run("session:destroy_game_object(id)")
    try all.step(until: { try host.get("#calls") == "1" })
    #expect(
      try host.get("calls[1][1] .. calls[1][3] .. tostring(session:game_object_exists(id))")
        == "game_object_destroyed2afalse")
  }

  @Test func wrongObjects() throws {
    let all = try playing(2)
    let lua = all.peers[0].lua
    func text(_ script: String) -> String { String(errorText(lua, script).dropFirst("test:1: GameSession.".count)) }
    #expect(
      text("session:create_game_object('avatr', {})")
        == "create_game_object: argument 2: the network config has no object type \"avatr\"; did you mean `avatar`?")
    #expect(
      text("session:create_game_object('avatar', {point = 1, points = 2})")
        == "create_game_object: argument 3 (fields): object type \"avatar\" has no field \"point\"; did you mean `points`?"
    )
    #expect(
      text("session:create_game_object('avatar', {points = -1})")
        == "create_game_object: field \"points\": expected integer 0 to 65535, got number -1")
    #expect(text("session:game_object_field(77, 'pos')") == "game_object_field: object 77 does not exist")
    try all.peers[0].run("id = session:create_game_object('avatar', {})")
    #expect(
      text("session:game_object_field(id, 'Points')")
        == "game_object_field: argument 3 (field): object type \"avatar\" has no field \"Points\"; did you mean `points`?"
    )
    #expect(
      text("session:set_game_object_field(id, 'pos', 5)")
        == "set_game_object_field: field \"pos\": expected Vector3, got number 5")
    #expect(
      text("session:migrate_game_object(id, 'f00', {})")
        == "migrate_game_object: peer f00 is not in the session")
  }

  @Test func removingAPeer() throws {
    let all = try playing(3)
    let (host, guest, other) = (all.peers[0], all.peers[1], all.peers[2])
    try guest.run("for i = 1, 3 do session:create_game_object('avatar', {points = i}) end session:leave()")
    try all.step(until: { try host.get("tostring(session:wants_to_leave())") == "2a" && other.get("#calls") == "3" })
    try host.run(
      """
      seen = ''
      session:remove_peer('2a', {game_object_destroyed = function(_, id, by)
        seen = seen .. session:game_object_field(id, 'points') .. by
        assert(not pcall(Network.update, 0, {}))
      end})
      """)
    #expect(try host.get("seen .. tostring(session:wants_to_leave())") == "12a22a32anil")
    try all.step(until: { try guest.get("session:in_session()") == "false" && other.get("#calls") == "6" })
    #expect(try guest.get("calls[#calls][1] .. calls[#calls][2]") == "game_session_disconnect1a")
    #expect(try other.get("calls[6][1] .. calls[6][3]") == "game_object_destroyed2a")
  }

  @Test func boundMessages() throws {
    let all = try playing(2)
    try all.peers[0].run("RPC.bound('2a', 5)")
    try all.step(until: { try all.peers[1].get("#calls") == "1" })
    #expect(try all.peers[1].get("table.concat(calls[1], ',')") == "bound,1a,5")
  }
}
