import LuaBindings
import Testing

@Suite struct DispatchTests {
  private func setUp() throws -> (LuaState, TestNamespace.Events) {
    let events = TestNamespace.Events()
    let lua = try TestNamespace.state(events)
    try lua.intern(["hit", "join", "gone"])
    return (lua, events)
  }

  @Test func eventsCallMethods() throws {
    let (lua, events) = try setUp()
    events.waiting = [("hit", [1, 2]), ("join", [])]
    #expect(
      try lua.evaluate(
        """
        local log = ''
        local cb = setmetatable({}, {__index = function(t, k) return function(self, ...)
          log = log .. k .. tostring(self == t) .. select('#', ...) .. ' ' end end})
        T.dispatch(0, cb)
        return log
        """) == "hittrue2 jointrue0 ")
    #expect(events.finished == 1)
  }

  @Test func missingHandlersAreNamedAndLaterEventsWait() throws {
    let (lua, events) = try setUp()
    events.waiting = [("gone", []), ("hit", [7])]
    #expect(errorText(lua, "T.dispatch(0, {})") == "test:1: T.dispatch: the callback object has no function \"gone\"")
    #expect(events.finished == 1)
    #expect(try lua.evaluate("local got T.dispatch(0, {hit = function(_, x) got = x end}) return got") == "7")
    events.waiting = [("hit", [])]
    #expect(
      errorText(lua, "T.dispatch(0, {hit = 5})")
        == "test:1: T.dispatch: \"hit\" of the callback object is a number, not a function")
    events.waiting = [("hit", [])]
    #expect(
      try lua.evaluate("local n = 0 T.dispatch(0, {hit = setmetatable({}, {__call = function() n = 1 end})}) return n")
        == "1")
  }

  @Test func errorsKeepTheirTraceback() throws {
    let (lua, events) = try setUp()
    events.waiting = [("hit", []), ("join", [])]
    let text =
      try lua.evaluate(
        """
        local function deep() error('boom') end
        local ok, e = pcall(T.dispatch, 0, {hit = function() deep() end})
        return e
        """) ?? ""
    #expect(text.hasPrefix("script:1: boom\nstack traceback:"))
    #expect(text.contains("deep"))
    #expect(events.finished == 1)
    #expect(events.waiting.count == 1)
    events.waiting = [("hit", [])]
    #expect(
      try lua.evaluate("local ok, e = pcall(T.dispatch, 0, {hit = function() error({code = 3}) end}) return e.code")
        == "3")
  }

  @Test func callbacksCallFunctions() throws {
    let (lua, events) = try setUp()
    events.waiting = [("hit", [1]), ("hit", [2])]
    #expect(
      try lua.evaluate(
        """
        local sum = 0
        T.dispatch(0, {hit = function(self, x) for i = 1, 50 do T.table() end pcall(T.fail) sum = sum + x end})
        return sum
        """) == "3")
  }
}
