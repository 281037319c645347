import NetRuntime
import Testing

@testable import LuaBindings

@Suite struct MathTests {
  private func state() throws -> LuaState {
    let lua = try LuaState()
    try lua.register(API.namespaces)
    try lua.installScriptEnvironment()
    return lua
  }

  // Turns about each axis agree with the right-hand rule, and all ways to say a rotation agree with each other.
  @Test func rotationsAgree() throws {
    #expect(
      try state().evaluate(
        """
        math.randomseed(7)
        local function number() return math.random() * 2 - 1 end
        local function near(a, b) assert(Vector3.distance(a, b) < 1e-4, a .. ' ~= ' .. b) end
        for i = 1, 300 do
          local q = Quaternion.normalize(Quaternion.from_elements(number(), number(), number(), number()))
          local p = Quaternion(Vector3(number(), number(), number()), number() * 7)
          local v = Vector3(number(), number(), number())
          local m = Matrix4x4.from_quaternion(q)
          near(q:rotate(v), Matrix4x4.transform(m, v))
          near((q * p):rotate(v), q:rotate(p:rotate(v)))
          near(Matrix4x4.transform(Matrix4x4.from_quaternion(p) * m, v), (q * p):rotate(v))
          near(Quaternion.from_matrix4x4(m):rotate(v), q:rotate(v))
          near(Quaternion.from_euler_angles_xyz(q:to_euler_angles_xyz()):rotate(v), q:rotate(v))
          near(Quaternion.axis_angle(q:decompose()):rotate(v), q:rotate(v))
          near(Quaternion.inverse(q):rotate(q:rotate(v)), v)
          near(Vector3.cross(q:right(), q:forward()), q:up())
          near(Quaternion.look(q:forward(), q:up()):rotate(v), q:rotate(v))
          local pose = Matrix4x4.from_quaternion_position(q, v)
          Matrix4x4.set_scale(pose, Vector3(0.5, 2, 3))
          near(Matrix4x4.transform(Matrix4x4.inverse(pose), Matrix4x4.transform(pose, v)), v)
        end
        return 'done'
        """) == "done")
  }

  // Nothing traps, whatever the numbers are.
  @Test func oddNumbersDoNoHarm() throws {
    #expect(
      try state().evaluate(
        """
        local odd = { 0/0, 1/0, -1/0, 0, -0, 1e308, -1e308, 1e-320, 2^53, 0.5, '1e400', '0x10' }
        local function pick(i) return odd[i % #odd + 1] end
        for i = 1, 500 do
          local v = Vector3(pick(i), pick(i * 5 + 1), pick(i * 7 + 2))
          local q = Quaternion.from_elements(pick(i * 3), pick(i), pick(i * 11), pick(i * 2 + 3))
          local m = Matrix4x4.from_axes(v, Vector3(pick(i * 4), 1, pick(i)), v, v)
          local values = { Vector3 = v, Quaternion = q, Matrix4x4 = m }
          for name, value in pairs(values) do
            for function_name, body in pairs(_G[name]) do
              if function_name ~= 'sleep' then
                pcall(body, value, pick(i), pick(i + 1), pick(i + 2), pick(i + 3))
                pcall(body, value, value, pick(i))
                pcall(body, value, q) pcall(body, value, v, v) pcall(body, pick(i), pick(i), v)
              end
            end
            local _ = tostring(value) .. value
          end
          pcall(function() return v[pick(i)] end) pcall(function() v[pick(i)] = pick(i) end)
          pcall(Script.set_index_offset, pick(i)) Script.set_index_offset(1)
          pcall(Application.make_hash, pick(i), pick(i + 1))
          if i % 50 == 0 then pcall(Application.quit, pick(i)) end
        end
        return 'done'
        """) == "done")
  }

  @Test func valuesOfForeignUserdataAreRefused() throws {
    let lua = try state()
    #expect(
      try lua.evaluate(
        """
        local fake = newproxy()
        debug.setmetatable(fake, getmetatable(Vector3.up()))
        local ok, e = pcall(Vector3.length, fake)
        assert(not ok and not pcall(function() return fake.x end))
        return e
        """) == "Vector3.length: argument 1 (vector): expected Vector3, got userdata")
    #expect(
      try lua.evaluate(
        """
        local _, e = pcall(function() return getmetatable(Vector3.up()).__index(io.stdout, 'x') end)
        return tostring(e):match('expected Vector3, got %w+')
        """) == "expected Vector3, got userdata")
  }

  @Test(arguments: [false, true]) func allocationsMayFail(keepsFailing: Bool) throws {
    let (runs, _) = try failEachAllocation(stride: 1, keepsFailing: keepsFailing) {
      let lua = try LuaState()
      try lua.register(API.mathematics)
      return lua
    } _: { lua throws(ScriptError) in
      try lua.run(
        Array(
          """
          local v = Vector3(1, 2, 3) + Vector3(4, 5, 6) * 2
          local q = Quaternion(v, 1) * Quaternion.look(v)
          local text = tostring(v) .. q .. Matrix4x4.from_quaternion_position(q, v) .. IdString64('a')
          local box = Vector3Box(v)
          box:store(v:make_axes())
          """.utf8), name: "=test")
    }
    #expect(runs > 10)
  }
}
