import CLua

/// An entry that belongs to a state: what the C closure points to.
final class BoundEntry {
  let entry: Entry
  // Finalizers that run while the state closes may call entries: a checked reference would refuse then.
  unowned(unsafe) let lua: LuaState
  /// How errors name the function.
  let qualifiedName: String
  /// What C reads; stays in place until the state is closed.
  let native: UnsafeMutablePointer<clua_entry>
  private let name: UnsafeMutablePointer<CChar>
  /// The only signature's parameters; nil where there are several, or where a parameter takes one of several types.
  private let checks: UnsafeMutableBufferPointer<ArgumentCheck>?

  init(_ entry: Entry, in namespace: String, lua: LuaState, isConstructor: Bool) {
    self.entry = entry
    self.lua = lua
    qualifiedName = isConstructor ? namespace : "\(namespace).\(entry.name)"
    let bytes = qualifiedName.utf8CString
    name = .allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { name[index] = byte }
    var fixed: UnsafeMutableBufferPointer<ArgumentCheck>?
    if entry.signatures.count == 1 {
      let list = entry.signatures[0].map(ArgumentCheck.init)
      if list.allSatisfy({ $0.kind != .other }) {
        fixed = .allocate(capacity: list.count)
        _ = fixed?.initialize(from: list)
      }
    }
    checks = fixed
    native = .allocate(capacity: 1)
    native.initialize(to: clua_entry())
    native.pointee.runtime = lua.runtime
    native.pointee.name = UnsafePointer(name)
    native.pointee.drops_first = isConstructor
    native.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    native.pointee.call = callEntry
    if case .dispatch(let dispatch) = entry.action {
      native.pointee.next = nextEvent
      native.pointee.finish = finishDispatch
      native.pointee.callback_object = Int32(dispatch.callbackObject)
    }
  }

  deinit {
    name.deallocate()
    checks?.deallocate()
    native.deallocate()
  }

  func check(_ call: inout Call) throws(ScriptError) {
    if !entry.isImplemented { return }
    if let checks {
      for index in 0..<checks.count where !checks[index].accepts(call, index + 1) { throw entry.complaint(call) }
      return
    }
    for (index, parameters) in entry.signatures.enumerated() {
      // Of several ways to call it, the one that takes what is there, and no less than is there.
      let fits = parameters.count >= call.count || index == entry.signatures.count - 1
      if fits, parameters.enumerated().allSatisfy({ $1.accepts(call, $0 + 1) }) {
        call.signature = index
        return
      }
    }
    throw entry.complaint(call)
  }

  func fail(_ error: ScriptError) -> Int32 {
    fail(text: "\(qualifiedName): \(error.description)")
  }

  func fail(text: String) -> Int32 {
    lua.stageFailure(text)
  }
}

extension LuaState {
  /// Stages the text of an error instead of whatever the present call has staged; gives what C is to be told.
  func stageFailure(_ text: String) -> Int32 {
    clua_unstage(runtime)
    var text = text
    text.withUTF8 { bytes in
      guard let place = clua_stage_bytes(runtime, UInt32(truncatingIfNeeded: bytes.count)) else { return }
      UnsafeMutableRawBufferPointer(start: place, count: bytes.count).copyMemory(from: UnsafeRawBufferPointer(bytes))
    }
    return Int32(CLUA_FAILED)
  }
}

private let callEntry: clua_function = { state, native in
  withEntry(state, native) { bound, call throws(ScriptError) in
    try bound.check(&call)
    switch bound.entry.action {
    case .call(let body): try body(call)
    case .dispatch(let dispatch): try dispatch.begin(call)
    case .missing(let what): return bound.fail(text: "\(bound.qualifiedName) is not available in this version: \(what)")
    }
    return Int32(CLUA_DONE)
  }
}

private let nextEvent: clua_function = { state, native in
  withEntry(state, native) { bound, call throws(ScriptError) in
    guard case .dispatch(let dispatch) = bound.entry.action, try dispatch.next(call) else { return Int32(CLUA_DONE) }
    return Int32(CLUA_EVENT)
  }
}

private let finishDispatch: clua_function = { state, native in
  withEntry(state, native) { bound, call throws(ScriptError) in
    if case .dispatch(let dispatch) = bound.entry.action { try dispatch.finish(call) }
    return Int32(CLUA_DONE)
  }
}

@inline(__always)
private func withEntry(
  _ state: OpaquePointer?, _ native: UnsafeMutablePointer<clua_entry>?,
  _ body: (BoundEntry, inout Call) throws(ScriptError) -> Int32
) -> Int32 {
  guard let state, let native, let context = native.pointee.context, let runtime = native.pointee.runtime else {
    return Int32(CLUA_DONE)
  }
  let bound = Unmanaged<BoundEntry>.fromOpaque(context).takeUnretainedValue()
  var call = Call(state: state, runtime: runtime, lua: bound.lua, count: Int(lua_gettop(state)))
  do throws(ScriptError) {
    return try body(bound, &call)
  } catch {
    return bound.fail(error)
  }
}
