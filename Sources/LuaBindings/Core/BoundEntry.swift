import CLua

/// An entry that belongs to a state: what the C closure points to.
final class BoundEntry {
  let entry: Entry
  // Finalizers that run while the state closes may call entries: a checked reference would refuse then.
  unowned(unsafe) let lua: LuaState
  private let current: UnsafeMutablePointer<Current>
  /// What a call runs first, once its arguments are checked.
  private let body: (Call) throws(ScriptError) -> Void
  // Of an entry that dispatches; kept apart, since taking them out of the entry would count references each time.
  private let next: ((Call) throws(ScriptError) -> Bool)?
  private let finish: ((Call) throws(ScriptError) -> Void)?
  private let isImplemented: Bool
  /// How errors name the function.
  let qualifiedName: String
  /// What C reads; stays in place until the state is closed.
  let native: UnsafeMutablePointer<clua_entry>
  private let name: UnsafeMutablePointer<CChar>
  /// The parameters of all signatures, one after another; nil where a parameter takes one of several types.
  private let checks: UnsafeMutableBufferPointer<ArgumentCheck>?
  /// How many parameters each signature has.
  private let counts: UnsafeMutableBufferPointer<Int>

  init(_ entry: Entry, in namespace: String, lua: LuaState, isConstructor: Bool) {
    self.entry = entry
    self.lua = lua
    current = lua.current
    isImplemented = entry.isImplemented
    body =
      switch entry.action {
      case .call(let body): body
      case .dispatch(let dispatch): dispatch.begin
      case .missing(let what): { (_) throws(ScriptError) in throw ScriptError(what) }
      }
    if case .dispatch(let dispatch) = entry.action {
      (next, finish) = (dispatch.next, dispatch.finish)
    } else {
      (next, finish) = (nil, nil)
    }
    qualifiedName = isConstructor ? namespace : BoundEntry.qualify(entry.name, in: namespace)
    let bytes = qualifiedName.utf8CString
    name = .allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { name[index] = byte }
    let list = entry.signatures.joined().map(ArgumentCheck.init)
    var fixed: UnsafeMutableBufferPointer<ArgumentCheck>?
    if list.allSatisfy({ $0.kind != .other }) {
      fixed = .allocate(capacity: list.count)
      _ = fixed?.initialize(from: list)
    }
    checks = fixed
    counts = .allocate(capacity: entry.signatures.count)
    _ = counts.initialize(from: entry.signatures.map(\.count))
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
    counts.deallocate()
    native.deallocate()
  }

  @inline(__always)
  func call(_ state: OpaquePointer, _ runtime: UnsafeMutablePointer<clua_runtime>) -> Call {
    Call(state: state, runtime: runtime, lua: lua, current: current, count: Int(lua_gettop(state)))
  }

  @inline(__always)
  func run(_ call: inout Call) throws(ScriptError) {
    if isImplemented { try check(&call) }
    try body(call)
  }

  @inline(__always)
  func stageNext(_ call: Call) throws(ScriptError) -> Bool {
    guard let next else { return false }
    return try next(call)
  }

  func conclude(_ call: Call) throws(ScriptError) {
    try finish?(call)
  }

  @inline(__always)
  private func check(_ call: inout Call) throws(ScriptError) {
    if counts.count == 1 {
      if fits(0, from: 0, call) { return }
      throw entry.complaint(call)
    }
    if choose(&call, exactly: true) || choose(&call, exactly: false) { return }
    throw entry.complaint(call)
  }

  // Of several ways to call it, the one that takes what is there, and no less than is there. Failing that, as
  // everywhere in Lua, arguments too many are ignored.
  private func choose(_ call: inout Call, exactly: Bool) -> Bool {
    var start = 0
    for index in 0..<counts.count {
      let count = counts[index]
      let isCandidate = exactly ? count >= call.count || index == counts.count &- 1 : count > 0
      if isCandidate, fits(index, from: start, call) {
        call.signature = index
        return true
      }
      start &+= count
    }
    return false
  }

  @inline(__always)
  private func fits(_ signature: Int, from start: Int, _ call: Call) -> Bool {
    guard let checks else {
      return entry.signatures[signature].enumerated().allSatisfy { $1.accepts(call, $0 + 1) }
    }
    for index in 0..<counts[signature] where !checks[start &+ index].accepts(call, index &+ 1) { return false }
    return true
  }

  /// How errors name a function: an operator by its sign, a function of no namespace by its name alone.
  private static func qualify(_ name: String, in namespace: String) -> String {
    if namespace.isEmpty { return name }
    if let sign = operators[name] { return "\(namespace) \(sign)" }
    return "\(namespace).\(name)"
  }

  private static let operators = [
    "__add": "+", "__sub": "-", "__mul": "*", "__div": "/", "__unm": "-", "__eq": "==", "__concat": "..",
    "__index": "[]", "__newindex": "[]",
  ]

  func fail(_ error: ScriptError) -> Int32 {
    fail(text: qualifiedName + (isImplemented ? ": " : " is not available in this version: ") + error.description)
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
    try bound.run(&call)
    return Int32(CLUA_DONE)
  }
}

private let nextEvent: clua_function = { state, native in
  withEntry(state, native) { bound, call throws(ScriptError) in
    try bound.stageNext(call) ? Int32(CLUA_EVENT) : Int32(CLUA_DONE)
  }
}

private let finishDispatch: clua_function = { state, native in
  withEntry(state, native) { bound, call throws(ScriptError) in
    try bound.conclude(call)
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
  // Without retaining the entry: it lives until the state is closed.
  return Unmanaged<BoundEntry>.fromOpaque(context)._withUnsafeGuaranteedRef { bound in
    var call = bound.call(state, runtime)
    do throws(ScriptError) {
      return try body(bound, &call)
    } catch {
      return bound.fail(error)
    }
  }
}
