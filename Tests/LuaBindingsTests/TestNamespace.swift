import LuaBindings
import NetRuntime

/// Functions that only tests register: one of each sort of parameter, result and action.
enum TestNamespace {
  /// Events that `dispatch` hands out.
  final class Events {
    var waiting: [(name: String, arguments: [Double])] = []
    var finished = 0
  }

  static func namespace(_ events: Events = Events()) -> Namespace {
    Namespace(
      "T", "For tests.",
      entries: [
        Entry(
          "take",
          [
            Parameter("port", .integer, range: 1...65535), Parameter("name", .string),
            Parameter("on", .boolean, optional: true),
          ], summary: "Takes."
        ) { call throws(ScriptError) in
          call.push(call.integer(1))
          call.push(call.string(2))
          call.push(call.boolean(3))
        },
        Entry("peer", [Parameter("peer", .peer)], summary: "Gives a peer id back.") { call throws(ScriptError) in
          call.push(call.peer(1))
        },
        Entry("lobby", [Parameter("lobby", .userdata(.lanLobby))], summary: "Takes a lobby.") {
          call throws(ScriptError) in
          call.push(call.handle(1, .lanLobby) ?? 0)
        },
        Entry("handle", [Parameter("number", .integer)], summary: "Makes a lobby.") { call throws(ScriptError) in
          call.push(handle: Handle(kind: .lanLobby, number: UInt32(call.integer(1))))
        },
        Entry("either", [Parameter("peer", .anyOf([.string, .integer]))], summary: "Takes one of two.") {
          call throws(ScriptError) in
        },
        Entry("vector", summary: "Makes a vector.") { call throws(ScriptError) in call.push(vector3: [1, 2, 3]) },
        Entry("fail", summary: "Fails.") { call throws(ScriptError) in
          call.push("forgotten")
          throw ScriptError("it broke")
        },
        Entry("many", [Parameter("count", .integer)], summary: "Gives many results.") { call throws(ScriptError) in
          for index in 1...max(1, call.integer(1)) { call.push(index) }
        },
        Entry("table", summary: "Makes a table.") { call throws(ScriptError) in
          call.pushTable(array: 2, fields: 1)
          call.push("first")
          call.setIndex(1)
          call.push(true)
          call.setIndex(2)
          call.setField("name", "value")
        },
        Entry(
          "dispatch", signatures: [[Parameter("dt", .number), Parameter("callbacks", .callbacks)]],
          summary: "Calls back.",
          .dispatch(
            Entry.Dispatch(
              callbackObject: 2, begin: { _ throws(ScriptError) in },
              next: { call throws(ScriptError) in
                guard !events.waiting.isEmpty else { return false }
                let event = events.waiting.removeFirst()
                guard let name = call.lua.names.find(event.name) else { throw ScriptError("unknown event") }
                call.event(name)
                for argument in event.arguments { call.push(argument) }
                return true
              },
              finish: { _ throws(ScriptError) in events.finished += 1 }))),
        Entry("later", signatures: [[]], summary: "Is of a later version.", .missing("ownership migration")),
      ],
      constants: [Constant("ONE", 1, "One.")])
  }

  static func state(_ events: Events = Events()) throws -> LuaState {
    let lua = try LuaState()
    let lobby = Namespace(
      "LanLobby", "For tests.", kind: .lanLobby,
      entries: [
        Entry("number", [Parameter("self", .userdata(.lanLobby))], summary: "Its number.") { call throws(ScriptError) in
          call.push(call.handle(1, .lanLobby) ?? 0)
        }
      ])
    let vector = Namespace(
      "Vector3", "For tests.", kind: .vector3,
      constructor: Entry(
        "Vector3", [Parameter("x", .number), Parameter("y", .number), Parameter("z", .number)], summary: "Makes one."
      ) {
        call throws(ScriptError) in
        call.push(vector3: SIMD3(Float(call.number(1)), Float(call.number(2)), Float(call.number(3))))
      },
      metamethods: [
        Entry("__tostring", [Parameter("v", .userdata(.vector3))], summary: "As text.") { call throws(ScriptError) in
          call.push("Vector3\(call.vector3(1) ?? .zero)")
        }
      ])
    try lua.register([namespace(events), lobby, vector, ScriptNamespace.namespace])
    return lua
  }
}

/// What a script's error says.
func errorText(_ lua: LuaState, _ script: String) -> String {
  do throws(ScriptError) {
    try lua.run(Array(script.utf8), name: "=test")
    return "no error"
  } catch {
    return String(error.description.split(separator: "\n", maxSplits: 1).first ?? "")
  }
}
