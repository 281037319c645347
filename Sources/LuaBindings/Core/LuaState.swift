import CLua
import NetRuntime

/// A Lua state with this project's API: what one peer's scripts run in.
///
/// Belongs to one thread. `close` ends it; no function of it may be called afterwards.
public final class LuaState {
  public let state: OpaquePointer
  public let runtime: UnsafeMutablePointer<clua_runtime>
  /// Strings that Swift knows by number.
  public let names: Names
  /// Names behind hashes.
  public let idNames = IdNames()
  /// What scripts get from `Application.new_world`.
  public let worlds = Worlds()
  /// The Lua function that stores a unit's data, once it was needed.
  var storeUnitData: Int32?
  /// The first index of lists that scripts read by index: 1, or 0 after `Script.set_index_offset(0)`.
  public var indexOffset = 1
  /// What the host program tells scripts, and what they ask of it.
  public var scriptHost = ScriptHost()
  /// What the host program needs in its entries.
  public var host: AnyObject?
  /// The peer that scripts act for.
  public internal(set) var network: NetworkBinding?
  /// What most calls ask for.
  let current: UnsafeMutablePointer<Current>
  /// The coroutine that runs: what Swift does to Lua inside an entry has to happen on its stack.
  var active: OpaquePointer { runtime.pointee.active ?? state }
  var bound: [BoundEntry] = []
  var isOpen = true

  /// Opens a state with Lua's standard libraries.
  /// - Throws: When memory is short.
  public init() throws(ScriptError) {
    var made: UnsafeMutablePointer<clua_runtime>?
    guard let state = clua_open(&made), let runtime = made else { throw ScriptError("not enough memory") }
    self.state = state
    self.runtime = runtime
    names = Names(runtime: runtime)
    current = .allocate(capacity: 1)
    current.initialize(to: Current(names: names.table))
    worlds.units.releaseAttachment = { [unowned self] in release($0) }
  }

  deinit {
    close()
    current.pointee.scratch.deallocate()
    current.deallocate()
  }

  /// Ends the state; scripts' finalizers run.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    clua_close(state, runtime)
    bound = []
    network = nil
    current.pointee.session = nil
    current.pointee.schema = nil
  }

  /// Bytes of a string on the stack; nil for other types.
  @inline(__always)
  func bytes(_ state: OpaquePointer, _ index: Int32) -> UnsafeRawBufferPointer? {
    LuaState.bytes(state, index)
  }

  @inline(__always)
  static func bytes(_ state: OpaquePointer, _ index: Int32) -> UnsafeRawBufferPointer? {
    guard lua_type(state, index) == LUA_TSTRING else { return nil }
    var count = 0
    let start = lua_tolstring(state, index, &count)
    return UnsafeRawBufferPointer(start: start, count: count)
  }

  @inline(__always)
  static func vector3(at payload: UnsafeMutableRawPointer) -> SIMD3<Float> {
    SIMD3(
      payload.loadUnaligned(as: Float.self), payload.loadUnaligned(fromByteOffset: 4, as: Float.self),
      payload.loadUnaligned(fromByteOffset: 8, as: Float.self))
  }

  /// A number as Lua's tostring writes it.
  public static func text(of number: Double) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      let count = clua_format_number(number, start)
      return String(decoding: UnsafeRawBufferPointer(start: start, count: max(0, Int(count))), as: UTF8.self)
    }
  }
}

/// A push program that runs at once, protected, outside the answer of a call.
public struct Program: Staging {
  public let runtime: UnsafeMutablePointer<clua_runtime>
}

extension LuaState {
  /// Stages operations and runs them protected; what they leave on the stack is dropped after `reading`.
  ///
  /// In an entry, only before the entry pushes anything.
  /// - Throws: What Lua raised, with a traceback.
  public func run<Result>(
    _ staging: (Program) -> Void, reading: (LuaState, _ results: ClosedRange<Int>?) -> Result
  ) throws(ScriptError) -> Result {
    let state = active
    let top = lua_gettop(state)
    staging(Program(runtime: runtime))
    let status = clua_run(runtime, state)
    defer { lua_settop(state, top) }
    guard status == 0 else { throw ScriptError(errorText(-1)) }
    let after = lua_gettop(state)
    return reading(self, after > top ? Int(top + 1)...Int(after) : nil)
  }

  /// Stages operations and runs them protected.
  public func run(_ staging: (Program) -> Void) throws(ScriptError) {
    try run(staging) { _, _ in }
  }

  /// Makes the names of texts known; those that are known already keep theirs.
  /// - Throws: When memory is short.
  @discardableResult
  public func intern(_ texts: [String]) throws(ScriptError) -> [Name] {
    var added: [String] = []
    var seen = Set<String>()
    for text in texts where names.find(text) == nil && seen.insert(text).inserted { added.append(text) }
    if !added.isEmpty {
      do throws(ScriptError) {
        try run { program in
          for text in added {
            program.push(text)
            clua_stage_op(program.runtime, CLUA_OP_NAME, 0, 0, 0)
          }
        }
      } catch {
        runtime.pointee.name_count = UInt32(names.total)
        throw error
      }
      names.adopt(added)
    }
    return texts.compactMap { names.find($0) }
  }

  /// Runs what leaves one value on the stack, and keeps that value in the registry.
  /// - Returns: The number to push it by.
  public func keep(_ staging: (Program) -> Void) throws(ScriptError) -> Int32 {
    try run { program in
      staging(program)
      clua_stage_op(program.runtime, CLUA_OP_KEEP, 0, 0, 0)
    }
    return runtime.pointee.kept
  }

  /// The text of an error value on the stack.
  func errorText(_ index: Int32) -> String {
    let state = active
    if let bytes = bytes(state, index) { return String(decoding: bytes, as: UTF8.self) }
    let type = String(cString: lua_typename(state, lua_type(state, index)))
    return lua_type(state, index) == LUA_TNUMBER
      ? LuaState.text(of: lua_tonumber(state, index)) : "(error object is a \(type) value)"
  }
}
