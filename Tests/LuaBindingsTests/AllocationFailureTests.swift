import CLua
import NetRuntime
import Testing

@testable import LuaBindings

/// Runs `body` with Lua's nth allocation failing, for n = 1, 1 + stride, ... until a run gets through without a
/// failure.
func failEachAllocation(
  stride: Int, keepsFailing: Bool, setUp: () throws -> LuaState, _ body: (LuaState) throws(ScriptError) -> Void
) throws -> (runs: Int, failures: Int) {
  var runs = 0
  var failures = 0
  var failing = 1
  while true {
    let lua = try setUp()
    let hook = UnsafeMutablePointer<clua_allocation_hook>.allocate(capacity: 1)
    hook.initialize(to: clua_allocation_hook())
    defer { hook.deallocate() }
    hook.pointee.failing = UInt64(failing)
    hook.pointee.keeps_failing = keepsFailing
    clua_hook_allocations(lua.state, hook)
    var message: String?
    do throws(ScriptError) {
      try body(lua)
    } catch {
      message = error.description
    }
    clua_unhook_allocations(lua.state, hook)
    runs += 1
    // The process and the state are usable, and nothing is left staged.
    #expect(lua.runtime.pointee.op_count == 0)
    #expect(lua.runtime.pointee.byte_count == 0)
    #expect(try lua.evaluate("local t = {} for i = 1, 100 do t[i] = 'x' .. i end return #t") == "100")
    if let message {
      failures += 1
      #expect(message.contains("not enough memory"), "allocation \(failing): \(message)")
    }
    let happened = hook.pointee.failures
    lua.close()
    if happened == 0 { return (runs, failures) }
    failing += stride
  }
}

@Suite struct AllocationFailureTests {
  @Test(arguments: [false, true]) func registration(keepsFailing: Bool) throws {
    let (runs, failures) = try failEachAllocation(stride: 2, keepsFailing: keepsFailing) {
      try LuaState()
    } _: { lua throws(ScriptError) in
      try lua.register(API.namespaces)
    }
    #expect(runs > 20)
    #expect(failures > 10)
  }

  @Test(arguments: [false, true]) func callsAndCallbacks(keepsFailing: Bool) throws {
    let events = TestNamespace.Events()
    let (runs, _) = try failEachAllocation(stride: 1, keepsFailing: keepsFailing) {
      let lua = try TestNamespace.state(events)
      try lua.intern(["hit"])
      events.waiting = [("hit", [1]), ("hit", [2])]
      return lua
    } _: { lua throws(ScriptError) in
      try lua.run(
        Array(
          """
          for i = 1, 3 do T.table() T.handle(i) T.peer('abc' .. i) T.many(50) tostring(T.vector()) pcall(T.fail) pcall(T.peer) end
          T.dispatch(0, {hit = function(self, x) return T.table() end})
          """.utf8), name: "=test")
    }
    #expect(runs > 30)
  }

  @Test(arguments: [false, true]) func unitsAndTheirData(keepsFailing: Bool) throws {
    let (runs, failures) = try failEachAllocation(stride: 1, keepsFailing: keepsFailing) {
      let lua = try LuaState()
      try lua.register(API.namespaces)
      return lua
    } _: { lua throws(ScriptError) in
      try lua.run(
        Array(
          """
          local world = Application.new_world()
          local unit = world:spawn_unit("box", Vector3(1, 2, 3))
          unit:set_data("a", "b", {})
          unit:set_data("a", "c", unit:get_data("a", "b"))
          world:update(0.1)
          world:destroy_unit(world:units()[1])
          Application.release_world(world)
          """.utf8), name: "=test")
    }
    #expect(runs > 10 && failures > 5)
  }

  /// Registration, and ten frames of a game of two: each allocation of the host's Lua fails in turn: the odd ones
  /// once, the even ones from there on, for both of all would take minutes.
  @Test(arguments: [false, true]) func aGameOfTwo(keepsFailing: Bool) throws {
    var failing: UInt64 = keepsFailing ? 2 : 1
    var failures = 0
    var runs = 0
    while true {
      let (happened, message) = try Self.play(failing, keepsFailing: keepsFailing)
      runs += 1
      if let message {
        failures += 1
        #expect(message.contains("not enough memory"), "allocation \(failing): \(message)")
      }
      if happened == 0 { break }
      failing += 2
    }
    #expect(runs > 10)
    #expect(failures > 5)
  }

  private static func play(_ failing: UInt64, keepsFailing: Bool) throws -> (failures: UInt64, message: String?) {
    let virtual = VirtualNetwork(seed: 1)
    let lua = try LuaState()
    let hook = UnsafeMutablePointer<clua_allocation_hook>.allocate(capacity: 1)
    hook.initialize(to: clua_allocation_hook())
    defer { hook.deallocate() }
    hook.pointee.failing = failing
    hook.pointee.keeps_failing = keepsFailing
    let guest = try TestPeers.Peer(virtual, seed: 2, config: TestPeers.config, lua: LuaState())
    clua_hook_allocations(lua.state, hook)
    var message: String?
    do {
      let host = try TestPeers.Peer(virtual, seed: 1, config: TestPeers.config, lua: lua)
      try Self.frames(host, guest, virtual)
    } catch let error as ScriptError {
      message = error.description
    }
    clua_unhook_allocations(lua.state, hook)
    #expect(lua.runtime.pointee.op_count == 0)
    #expect(lua.runtime.pointee.byte_count == 0)
    #expect(try lua.evaluate("local t = {} for i = 1, 100 do t[i] = 'x' .. i end return #t") == "100")
    let happened = hook.pointee.failures
    lua.close()
    return (happened, message)
  }

  private static func frames(_ host: TestPeers.Peer, _ guest: TestPeers.Peer, _ virtual: VirtualNetwork) throws {
    let start = """
      calls = {}
      cb = setmetatable({}, {__index = function(_, name) return function(_, ...) calls[#calls + 1] = {name, ...} end end})
      """
    try host.run(
      start + """
        client = Network.init_lan_client('game', 4000, '1a')
        lobby = Network.create_lan_lobby(10003, 4)
        lobby:set_data('map', 'castle')
        session = Network.create_game_session()
        session:make_game_session_host()
        id = session:create_game_object('avatar', {points = 1})
        """)
    try guest.run(
      start + """
        client = Network.init_lan_client('game', 4001, '2a')
        session = Network.create_game_session()
        """)
    for frame in 1...10 {
      virtual.advance(to: virtual.now + 0.05)
      if frame == 2 { try guest.run("client:lobby_browser():refresh(10003)") }
      if frame == 4 { try guest.run("lobby = Network.join_lan_lobby(client:lobby_browser():lobby(1).address)") }
      try host.run(
        """
        Network.update(0.05, cb)
        session:set_game_object_field(id, 'points', \(frame))
        RPC.hit('1a', 17, 0.5, T.vector(), 'text', {1, 2}, 'abc')
        for _, peer in ipairs(lobby:members()) do
          if peer ~= '1a' and #session:peers() == 1 then session:add_peer(peer) end
        end
        """)
      try guest.run("Network.update(0.05, cb)")
    }
  }
}
