import Testing

@testable import LuaBindings

@Suite struct NetworkTests {
  @Test func beforeAClient() throws {
    let peer = try TestPeers(1).peers[0]
    #expect(
      try peer.get("tostring(Network.peer_id()) .. tostring(Network.game_session()) .. #Network.connections()")
        == "nilnil0")
    #expect(try peer.get("tostring(Network.fatal_error()) .. tostring(Network.type_info('percent'))") == "falsenil")
    #expect(try peer.get("Network.config_hash('game'):match('^%x+$') and #Network.config_hash('game')") == "16")
    try peer.run(
      "Network.update(0, {}) Network.update_transmit(1) Network.log(Network.WARNINGS) Network.set_pong_timeout(5)")
    #expect(try peer.get("tostring(RPC.hello) .. type(RPC)") == "niltable")
    #expect(
      errorText(peer.lua, "Network.create_lan_lobby(10003, 4)")
        == "test:1: Network.create_lan_lobby: no network client is running; call Network.init_lan_client first")
    #expect(
      errorText(peer.lua, "Network.init_lan_client('gam')")
        == "test:1: Network.init_lan_client: there is no network config \"gam\"")
    for call in ["has_connection", "is_broken", "is_used", "ping", "reliable_send_buffer_left"] {
      #expect(
        errorText(peer.lua, "Network.\(call)('ab')")
          == "test:1: Network.\(call): no network client is running; call Network.init_lan_client first")
    }
  }

  @Test func aClient() throws {
    let peer = try TestPeers(1).peers[0]
    try peer.run("client = Network.init_lan_client('game', 0, '00ABC')")
    #expect(try peer.get("Network.peer_id()") == "abc")
    #expect(
      errorText(peer.lua, "Network.init_lan_client('game')")
        == "test:1: Network.init_lan_client: a network client is running already; call Network.shutdown_lan_client first"
    )
    #expect(try peer.get("tostring(RPC.nothing) .. type(RPC.hello)") == "nilfunction")
    #expect(try peer.get("tostring(client:lobby_browser() == client:lobby_browser())") == "true")
    #expect(try peer.get("Network.type_info('list').max_size .. Network.type_info('percent').tolerance * 254") == "41")
    #expect(
      try peer.get("#Network.message_info('hit').arguments .. Network.object_info('avatar').fields[1].id")
        == "6pos")
    #expect(
      try peer.get("tostring(Network.message_info('bound').session_bound) .. tostring(Network.message_info('x'))")
        == "truenil")
    try peer.run("hello = RPC.hello Network.shutdown_lan_client(client)")
    #expect(
      errorText(peer.lua, "client:lobby_browser()")
        == "test:1: LanClient.lobby_browser: this LanClient was shut down; it cannot be used any more")
    #expect(
      errorText(peer.lua, "hello('abc')")
        == "test:1: RPC.hello: no network client is running; call Network.init_lan_client first")
    #expect(try peer.get("tostring(Network.peer_id())") == "nil")
    try peer.run("client = Network.init_lan_client('game') Network.update(0, {})")
  }

  @Test func aLobby() throws {
    let all = try TestPeers.joined(3)
    let (host, guest) = (all.peers[0], all.peers[1])
    #expect(try host.get("lobby:members()[1] .. lobby:lobby_host()") == "1a1a")
    #expect(
      try guest.get("lobby:members()[1] .. lobby:lobby_host() .. tostring(lobby:game_session_host())")
        == "1a1anil")
    try host.run(
      "lobby:set_data('map', 'castle') lobby:set_game_session_host(Network.peer_id()) lobby:set_member_data('n', 'x')")
    try all.step(until: {
      try guest.get("lobby:data('map')") == "castle" && guest.get("lobby:game_session_host()") == "1a"
    })
    #expect(try guest.get("tostring(lobby:data('nothing')) .. tostring(lobby:own_data('n'))") == "nilnil")
    try all.step(until: { try guest.get("lobby:member_data('1a', 'n')") == "x" })
    #expect(
      errorText(host.lua, "lobby:kick(7)")
        == "test:1: LanLobby.kick: argument 2 (peer): expected index 0 to 2, got number 7")
    #expect(
      errorText(host.lua, "lobby.members()")
        == "test:1: LanLobby.members: argument 1 (self): expected LanLobby, got nothing")
    try host.run("lobby:kick('2a')")
    try all.step(until: { try guest.get("lobby:state() == LanLobby.FAILED") == "true" })
    try guest.run("Network.leave_lan_lobby(lobby)")
    #expect(
      errorText(guest.lua, "lobby:state()")
        == "test:1: LanLobby.state: this LanLobby was left; it cannot be used any more")
    #expect(
      errorText(guest.lua, "browser:lobby(2)")
        == "test:1: LanLobbyBrowser.lobby: argument 2 (index): expected 1 to 1, got number 2")
    try guest.run("Script.set_index_offset(0) assert(browser:lobby(0).address)")
  }

  @Test func messages() throws {
    let all = try TestPeers.joined(2)
    let (host, guest) = (all.peers[0], all.peers[1])
    try guest.run("RPC.hit('1A', 17, 0.5, T.vector(), 'a\\0b', {5, '6'}, Network.peer_id()) RPC.hello('1a')")
    try all.step(until: { try host.get("#calls") == "2" })
    #expect(
      try host.get(
        "calls[1][1] .. calls[1][2] .. calls[1][3] .. #calls[1][6] .. table.concat(calls[1][7], ',') .. calls[1][8]")
        == "hit2a1735,62a")
    #expect(try host.get("math.abs(calls[1][4] - 0.5) < 0.004") == "true")
    #expect(try host.get("calls[2][1] .. #calls[2]") == "hello2")
    // To itself: at the next receive.
    try host.run("RPC.hello(Network.peer_id())")
    #expect(try host.get("#calls") == "2")
    try all.step()
    #expect(try host.get("#calls .. calls[3][2]") == "31a")
  }

  @Test func wrongMessages() throws {
    let all = try TestPeers.joined(2)
    let host = all.peers[0].lua
    #expect(
      errorText(host, "RPC.hit('2a', 17)")
        == "test:1: RPC.hit: expected 7 arguments (peer_id, object_id, percent, location, name, list, peer), got 2")
    #expect(
      errorText(host, "RPC.hit('2a', 65536, 0, T.vector(), '', {}, '0')")
        == "test:1: RPC.hit: argument 2 (object_id): expected integer 0 to 65535, got number 65536")
    #expect(
      errorText(host, "RPC.hello('xyz')")
        == "test:1: RPC.hello: argument 1 (peer_id): expected peer id (hexadecimal string), got string \"xyz\"")
    #expect(errorText(host, "RPC.hello('77')") == "test:1: RPC.hello: peer 77 was never known here")
    #expect(
      errorText(host, "RPC.bound('2a', 1)")
        == "test:1: RPC.bound: message `bound` is session bound, and this peer is in no game session")
    try all.peers[0].run("for i = 1, 3 do RPC.hit('2a', 1, 7, T.vector(), '', {}, '0') end")
    #expect(
      all.peers[0].log.filter { $0.contains("was clamped") }
        == ["warnings: RPC.hit: argument 3 (percent): number 7 is outside 0 to 1 and was clamped"])
  }

  @Test func updatingInsideACallbackIsRefused() throws {
    let all = try TestPeers.joined(2)
    try all.peers[0].run("RPC.hello('1a') cb = {hello = function() Network.update(0, cb) end}")
    #expect(throws: ScriptError.self) { try all.step() }
    #expect(errorText(all.peers[0].lua, "RPC.hello('1a') Network.update(0, {})").contains("has no function \"hello\""))
    try all.step()
  }

  @Test func aClientIsStartedInACoroutine() throws {
    let peer = try TestPeers(1).peers[0]
    try peer.run(
      """
      local start = coroutine.wrap(function()
        client = Network.init_lan_client('game', 0, 'abc')
        for i = 1, 200 do local t = {Network.connections(), Network.message_info('hit')} end
        coroutine.yield(RPC.hello)
        RPC.hello('abc')
        Network.update(0, {hello = function() collectgarbage() got = true end})
      end)
      assert(start() == RPC.hello)
      start()
      assert(got)
      """)
  }
}
