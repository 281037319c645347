import LuaBindings
import Testing

@Suite struct CallTests {
  @Test func argumentsComeInAndResultsGoOut() throws {
    let lua = try TestNamespace.state()
    #expect(
      try lua.evaluate("local a, b, c = stingray.T.take('77', 12.5, true, 'extra') return a .. b .. tostring(c)")
        == "7712.5true")
    #expect(try lua.evaluate("return T.take(1, 'x')") == "1")
    #expect(try lua.evaluate("local t = T.table() return t[1] .. tostring(t[2]) .. t.name .. #t") == "firsttruevalue2")
    #expect(try lua.evaluate("return T.ONE") == "1")
    #expect(try lua.evaluate("return select('#', T.many(5000)) .. select(5000, T.many(5000))") == "50005000")
  }

  @Test func wrongArgumentsAreNamed() throws {
    let lua = try TestNamespace.state()
    #expect(
      errorText(lua, "T.take('abc', 'x')")
        == "test:1: T.take: argument 1 (port): expected integer 1 to 65535, got string \"abc\"")
    #expect(
      errorText(lua, "T.take(0, 'x')")
        == "test:1: T.take: argument 1 (port): expected integer 1 to 65535, got number 0")
    #expect(
      errorText(lua, "T.take(1.5, 'x')")
        == "test:1: T.take: argument 1 (port): expected integer 1 to 65535, got number 1.5")
    #expect(errorText(lua, "\nT.take(5)") == "test:2: T.take: argument 2 (name): expected string, got nothing")
    #expect(
      errorText(lua, "T.take(5, 'a\\nb', 7)")
        == "test:1: T.take: argument 3 (on): expected boolean, got number 7")
    #expect(errorText(lua, "T.lobby({})") == "test:1: T.lobby: argument 1 (lobby): expected LanLobby, got table")
    #expect(
      errorText(lua, "T.lobby(T.vector())")
        == "test:1: T.lobby: argument 1 (lobby): expected LanLobby, got Vector3")
    #expect(
      errorText(lua, "T.lobby(io.stdout)")
        == "test:1: T.lobby: argument 1 (lobby): expected LanLobby, got userdata")
    #expect(
      errorText(lua, "T.either(nil)")
        == "test:1: T.either: argument 1 (peer): expected string or integer, got nil")
    #expect(errorText(lua, "T.take(0/0, 'x')").hasPrefix("test:1: T.take: argument 1 (port): expected integer"))
  }

  @Test func peerIdsAreHexadecimalOrIntegers() throws {
    let lua = try TestNamespace.state()
    #expect(try lua.evaluate("return T.peer('00AbC')") == "abc")
    #expect(try lua.evaluate("return T.peer('FFFFFFFFFFFFFFFF')") == "ffffffffffffffff")
    #expect(try lua.evaluate("return T.peer('0')") == "0")
    #expect(try lua.evaluate("return T.peer(255)") == "ff")
    #expect(
      errorText(lua, "T.peer(0)")
        == "test:1: T.peer: argument 1 (peer): expected peer id (hexadecimal string), got number 0")
    #expect(errorText(lua, "T.peer('x1')").hasSuffix("got string \"x1\""))
    #expect(errorText(lua, "T.peer(2^53)").hasSuffix("got number 9.007199254741e+15"))
  }

  @Test func failuresAndMissingFunctionsRaise() throws {
    let lua = try TestNamespace.state()
    #expect(errorText(lua, "T.fail()") == "test:1: T.fail: it broke")
    #expect(errorText(lua, "T.later()") == "test:1: T.later is not available in this version: ownership migration")
    #expect(try lua.evaluate("local ok, e = pcall(T.fail) return tostring(ok) .. e") == "falseT.fail: it broke")
    #expect(try lua.evaluate("return coroutine.wrap(function() return T.take(3, 'x') end)()") == "3")
  }

  @Test func handlesAreTheSameObjectEachTime() throws {
    let lua = try TestNamespace.state()
    #expect(try lua.evaluate("return tostring(T.handle(3) == T.handle(3))") == "true")
    #expect(try lua.evaluate("return tostring(T.handle(3) == T.handle(4))") == "false")
    #expect(try lua.evaluate("local h = T.handle(9) collectgarbage() return h:number() .. LanLobby.number(h)") == "99")
    #expect(try lua.evaluate("return tostring(T.handle(3).kick)") == "nil")
  }

  @Test func valuesAndConstructors() throws {
    let lua = try TestNamespace.state()
    #expect(try lua.evaluate("return tostring(Vector3(1, '2', 3))") == "Vector3SIMD3<Float>(1.0, 2.0, 3.0)")
    #expect(errorText(lua, "Vector3(1)") == "test:1: Vector3: argument 2 (y): expected number, got nothing")
    #expect(try lua.evaluate("return stingray.Script.type_name(T.vector()) .. Script.type_name(1)") == "Vector3number")
    #expect(
      errorText(
        lua,
        "debug.setmetatable(newproxy(), getmetatable(T.vector())) local x = newproxy() debug.setmetatable(x, getmetatable(T.vector())) return tostring(x)"
      )
      .contains("expected Vector3, got userdata"))
  }

  @Test func finalizersMayCallFunctionsAtAnyTime() throws {
    let lua = try TestNamespace.state()
    try lua.run(
      Array(
        """
        collectgarbage('setstepmul', 1000)
        local finalized = 0
        local function litter()
          local p = newproxy(true)
          getmetatable(p).__gc = function() finalized = finalized + 1 T.table() pcall(T.fail) T.handle(5) end
        end
        for i = 1, 3000 do
          litter()
          local t = T.table()
          assert(t[1] == 'first' and t[2] == true and t.name == 'value')
          local ok, e = pcall(T.fail)
          assert(e == 'T.fail: it broke')
        end
        assert(finalized > 10)
        """.utf8), name: "=test")
    #expect(lua.runtime.pointee.op_count == 0)
    #expect(lua.runtime.pointee.byte_count == 0)
  }
}
