import CLua
@testable import LuaBindings
import Testing

/// Runs `body` with Lua's nth allocation failing, for n = 1, 1 + stride, ... until a run gets through without a failure.
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
    let (runs, failures) = try failEachAllocation(stride: 37, keepsFailing: keepsFailing) {
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
      try lua.run(Array("""
        for i = 1, 3 do T.table() T.handle(i) T.peer('abc' .. i) T.many(50) tostring(T.vector()) pcall(T.fail) pcall(T.peer) end
        T.dispatch(0, {hit = function(self, x) return T.table() end})
        """.utf8), name: "=test")
    }
    #expect(runs > 30)
  }
}
