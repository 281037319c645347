import CLua
import NetRuntime

/// What the Lua function of one message name points to. It outlives clients: scripts keep the functions.
final class RPCFunction {
  struct Message {
    var index = -1
    var codecs = RPCFunction.noCodecs
  }

  static var noCodecs: UnsafeBufferPointer<FieldCodec> { UnsafeBufferPointer(start: nil, count: 0) }

  let name: Name
  unowned(unsafe) let binding: NetworkBinding
  unowned(unsafe) let lua: LuaState
  let current: UnsafeMutablePointer<Current>
  private let network: Unmanaged<NetworkRuntime>
  let native: UnsafeMutablePointer<clua_entry>
  /// What the name is in the schema of the client that runs; apart, so that a call counts no references for it.
  let message: UnsafeMutablePointer<Message>
  private let text: UnsafeMutablePointer<CChar>

  init(_ name: Name, _ binding: NetworkBinding) {
    self.name = name
    self.binding = binding
    lua = binding.lua
    current = binding.lua.current
    network = .passUnretained(binding.network)
    let bytes = "RPC.\(binding.lua.names.text(name))".utf8CString
    text = .allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { text[index] = byte }
    message = .allocate(capacity: 1)
    message.initialize(to: Message())
    native = .allocate(capacity: 1)
    native.initialize(to: clua_entry())
    native.pointee.runtime = binding.lua.runtime
    native.pointee.name = UnsafePointer(text)
    native.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    native.pointee.call = sendMessage
  }

  deinit {
    text.deallocate()
    message.deallocate()
    native.deallocate()
  }

  /// Packs the arguments and sends them.
  @inline(__always)
  fileprivate func send(_ call: Call) throws(ScriptError) {
    let index = message.pointee.index
    guard index >= 0 else {
      throw ScriptError(
        binding.isRunning
          ? "the running client's network config has no such message" : NetworkError.noClient.description)
    }
    let codecs = message.pointee.codecs
    guard call.count == codecs.count &+ 1 else { throw countError(call) }
    guard let peer = call.readPeer(1) else {
      throw ScriptError("argument 1 (peer_id): expected \(ValueType.peer.expectation), got \(call.describe(1))")
    }
    var writer = try begin(index)
    var place = 0
    while place < codecs.count {
      let problem = call.pack(Int32(truncatingIfNeeded: place &+ 2), codecs[place], into: &writer)
      if problem != .none { try complain(problem, call, place) }
      place &+= 1
    }
    do throws(NetworkError) {
      try network.borrow { network throws(NetworkError) in
        try network.send(writer, index: index, to: peer)
      }
    } catch {
      throw ScriptError(error.description)
    }
  }

  /// The message in the schema, for error texts.
  private var type: MessageType? {
    binding.schema?.config.messages[message.pointee.index]
  }

  private func complain(_ problem: PackingProblem, _ call: Call, _ place: Int) throws(ScriptError) {
    guard let message = type else { return }
    let type = message.arguments[place]
    guard problem == .clamped else {
      throw call.error(problem, type, at: Int32(place + 2), place: "argument \(place + 2) (\(type.name))")
    }
    binding.warnClamped(key: 1 << 62 | UInt64(name.index) << 16 | UInt64(place)) {
      "RPC.\(message.name): argument \(place + 2) (\(type.name)): \(call.clampText(type, at: place + 2))"
    }
  }

  private func countError(_ call: Call) -> ScriptError {
    let arguments = type?.arguments ?? []
    let names = (["peer_id"] + arguments.map(\.name)).joined(separator: ", ")
    let count = arguments.isEmpty ? "1 argument" : "\(arguments.count + 1) arguments"
    return ScriptError("expected \(count) (\(names)), got \(call.count)")
  }
}

private let sendMessage: clua_function = { state, native in
  guard let state, let native, let context = native.pointee.context, let runtime = native.pointee.runtime else {
    return Int32(CLUA_DONE)
  }
  // Without retaining the function: it lives until the state is closed.
  return Unmanaged<RPCFunction>.fromOpaque(context)._withUnsafeGuaranteedRef { function in
    let call = Call(
      state: state, runtime: runtime, lua: function.lua, current: function.current, count: Int(lua_gettop(state)))
    do throws(ScriptError) {
      try function.send(call)
      return Int32(CLUA_DONE)
    } catch {
      let lua = function.lua
      return lua.stageFailure("RPC.\(lua.names.text(function.name)): \(error.description)")
    }
  }
}

extension RPCFunction {
  @inline(__always)
  fileprivate func begin(_ message: Int) throws(ScriptError) -> BitWriter {
    do throws(NetworkError) {
      return try network.borrow { network throws(NetworkError) in try network.beginMessage(message) }
    } catch {
      throw ScriptError(error.description)
    }
  }
}

extension NetworkBinding {
  /// Makes the functions of `RPC` speak of the running client's messages; of none without a client.
  func pointMessages(to schema: SchemaNames?) {
    for function in rpcFunctions.values {
      let index = schema?.message(function.name)
      function.message.pointee = RPCFunction.Message(
        index: index ?? -1, codecs: index.flatMap { schema?.config.codecs(ofMessage: $0) } ?? RPCFunction.noCodecs)
    }
  }

  /// Warns of a clamped value: once a field and second.
  func warnClamped(key: UInt64, _ text: () -> String) {
    let now = host.now()
    if let last = clampWarnings[key], now - last < 1 { return }
    clampWarnings[key] = now
    host.log(.warnings, LogLine(text()))
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
