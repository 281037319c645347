import CLua
import NetRuntime

/// What the Lua function of one message name points to. It outlives clients: scripts keep the functions.
final class RPCFunction {
  let name: Name
  unowned(unsafe) let binding: NetworkBinding
  let native: UnsafeMutablePointer<clua_entry>
  private let text: UnsafeMutablePointer<CChar>

  init(_ name: Name, _ binding: NetworkBinding) {
    self.name = name
    self.binding = binding
    let bytes = "RPC.\(binding.lua.names.text(name))".utf8CString
    text = .allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { text[index] = byte }
    native = .allocate(capacity: 1)
    native.initialize(to: clua_entry())
    native.pointee.runtime = binding.lua.runtime
    native.pointee.name = UnsafePointer(text)
    native.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    native.pointee.call = sendMessage
  }

  deinit {
    text.deallocate()
    native.deallocate()
  }

  /// Packs the arguments and sends them.
  @inline(__always)
  fileprivate func send(_ call: Call) throws(ScriptError) {
    guard let schema = binding.schema, binding.isRunning else { throw ScriptError(NetworkError.noClient.description) }
    guard let index = schema.message(name) else {
      throw ScriptError("the running client's network config has no such message")
    }
    let codecs = schema.config.codecs(ofMessage: index)
    guard call.count == codecs.count &+ 1 else { throw countError(call, schema.config.messages[index]) }
    guard let peer = call.readPeer(1) else {
      throw ScriptError("argument 1 (peer_id): expected \(ValueType.peer.expectation), got \(call.describe(1))")
    }
    var writer = try binding.begin(index)
    var place = 0
    while place < codecs.count {
      let problem = call.pack(Int32(truncatingIfNeeded: place &+ 2), codecs[place], into: &writer)
      if problem != .none { try complain(problem, call, schema.config.messages[index], place) }
      place &+= 1
    }
    do throws(NetworkError) {
      try binding.network.send(writer, index: index, to: peer)
    } catch {
      throw ScriptError(error.description)
    }
  }

  private func complain(
    _ problem: PackingProblem, _ call: Call, _ message: MessageType, _ place: Int
  ) throws(ScriptError) {
    let type = message.arguments[place]
    guard problem == .clamped else {
      throw call.error(problem, type, at: Int32(place + 2), place: "argument \(place + 2) (\(type.name))")
    }
    binding.warnClamped(key: 1 << 62 | UInt64(name.index) << 16 | UInt64(place)) {
      "RPC.\(message.name): argument \(place + 2) (\(type.name)): \(call.describe(place + 2)) is outside "
        + "\(LuaState.text(of: type.min)) to \(LuaState.text(of: type.max)) and was clamped"
    }
  }

  private func countError(_ call: Call, _ message: MessageType) -> ScriptError {
    let names = (["peer_id"] + message.arguments.map(\.name)).joined(separator: ", ")
    return ScriptError("expected \(message.arguments.count + 1) arguments (\(names)), got \(call.count)")
  }
}

private let sendMessage: clua_function = { state, native in
  guard let state, let native, let context = native.pointee.context, let runtime = native.pointee.runtime else {
    return Int32(CLUA_DONE)
  }
  let function = Unmanaged<RPCFunction>.fromOpaque(context).takeUnretainedValue()
  let lua = function.binding.lua
  let call = Call(state: state, runtime: runtime, lua: lua, count: Int(lua_gettop(state)))
  do throws(ScriptError) {
    try function.send(call)
    return Int32(CLUA_DONE)
  } catch {
    return lua.stageFailure("RPC.\(lua.names.text(function.name)): \(error.description)")
  }
}

extension NetworkBinding {
  @inline(__always)
  fileprivate func begin(_ message: Int) throws(ScriptError) -> BitWriter {
    do throws(NetworkError) {
      return try network.beginMessage(message)
    } catch {
      throw ScriptError(error.description)
    }
  }

  /// Warns of a clamped value: once a field and second.
  func warnClamped(key: UInt64, _ text: () -> String) {
    let now = host.now()
    if let last = clampWarnings[key], now - last < 1 { return }
    clampWarnings[key] = now
    host.log(.warnings, text())
  }

  /// Makes the table `RPC` hold a function for each message of the schema, and no others.
  func publishMessages(of schema: SchemaNames, instead old: SchemaNames?) throws(ScriptError) {
    let gone = (old?.messages ?? []).filter { schema.message($0) == nil }
    var added: [RPCFunction] = []
    for name in schema.messages {
      if let old, old.message(name) != nil { continue }
      let function = rpcFunctions[name] ?? RPCFunction(name, self)
      rpcFunctions[name] = function
      added.append(function)
    }
    try lua.run { program in
      program.pushGlobals()
      program.pushField("stingray", creating: true)
      program.pushField("RPC", creating: true)
      for name in gone {
        program.push(reference: lua.names.reference(name))
        program.pushNil()
        program.setField()
      }
      for function in added {
        program.push(reference: lua.names.reference(function.name))
        clua_stage_function(program.runtime, function.native)
        program.setField()
      }
    }
  }
}
