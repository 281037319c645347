import CLua
import NetRuntime

/// One call of an API function: reads the script's arguments, none of which can raise, and stages the results.
public struct Call: Staging {
  public let state: OpaquePointer
  public let runtime: UnsafeMutablePointer<clua_runtime>
  public unowned(unsafe) let lua: LuaState
  /// The state's.
  let current: UnsafeMutablePointer<Current>
  /// How many arguments the script gave; 0 when events are staged or the call is finished.
  public let count: Int
  /// Which of the entry's signatures fits.
  public internal(set) var signature = 0

  @inline(__always)
  init(
    state: OpaquePointer, runtime: UnsafeMutablePointer<clua_runtime>, lua: LuaState,
    current: UnsafeMutablePointer<Current>, count: Int
  ) {
    self.state = state
    self.runtime = runtime
    self.lua = lua
    self.current = current
    self.count = count
  }

  /// Lua's type of an argument, from 1; LUA_TNONE behind the last.
  @inline(__always)
  public func type(_ index: Int) -> Int32 {
    lua_type(state, Int32(truncatingIfNeeded: index))
  }

  /// True for an argument that was not given or is nil.
  @inline(__always)
  public func isNil(_ index: Int) -> Bool {
    type(index) <= LUA_TNIL
  }

  @inline(__always)
  public func boolean(_ index: Int) -> Bool {
    lua_toboolean(state, Int32(truncatingIfNeeded: index)) != 0
  }

  /// The number, or the number that the string reads as; 0 for other values.
  @inline(__always)
  public func number(_ index: Int) -> Double {
    lua_tonumber(state, Int32(truncatingIfNeeded: index))
  }

  /// True for a number and for a string that reads as one.
  @inline(__always)
  public func isNumber(_ index: Int) -> Bool {
    lua_isnumber(state, Int32(truncatingIfNeeded: index)) != 0
  }

  /// An integer that fits; 0 for other values.
  public func integer(_ index: Int) -> Int {
    Int(exactly: number(index).rounded(.towardZero)) ?? 0
  }

  /// The bytes of a string argument, not copied: good until the call returns. Nil for other types.
  @inline(__always)
  public func bytes(_ index: Int) -> UnsafeRawBufferPointer? {
    LuaState.bytes(state, Int32(truncatingIfNeeded: index))
  }

  /// A string argument; a number as Lua writes it; "" for other types.
  public func string(_ index: Int) -> String {
    if let bytes = bytes(index) { return String(decoding: bytes, as: UTF8.self) }
    guard type(index) == LUA_TNUMBER else { return "" }
    return LuaState.text(of: number(index))
  }

  /// Nil for nil or nothing.
  public func optionalString(_ index: Int) -> String? {
    isNil(index) ? nil : string(index)
  }

  /// The bytes of a string, or of a number as Lua writes it.
  public func stringBytes(_ index: Int) -> [UInt8] {
    if let bytes = bytes(index) { return Array(bytes) }
    return Array(string(index).utf8)
  }

  /// A peer id; nobody for what is none.
  public func peer(_ index: Int) -> PeerID {
    readPeer(index) ?? .nobody
  }

  /// A peer id: hexadecimal digits, or an integer number from 1 to 2^53 - 1.
  func readPeer(_ index: Int) -> PeerID? {
    if let bytes = bytes(index) { return PeerID(hexadecimal: bytes) }
    guard type(index) == LUA_TNUMBER else { return nil }
    let number = number(index)
    guard number >= 1, number < 0x1p53, let value = UInt64(exactly: number) else { return nil }
    return PeerID(rawValue: value)
  }

  /// The number of the object behind a handle; nil for other values.
  public func handle(_ index: Int, _ kind: UserdataKind) -> UInt32? {
    payload(index, kind)?.loadUnaligned(as: UInt32.self)
  }

  /// The payload of a userdata of one kind, which the caller may read and write; nil for other values.
  @inline(__always)
  public func payload(_ index: Int, _ kind: UserdataKind) -> UnsafeMutableRawPointer? {
    clua_payload(runtime, state, Int32(truncatingIfNeeded: index), UInt32(kind.rawValue))
  }

  public func vector3(_ index: Int) -> SIMD3<Float>? {
    payload(index, .vector3).map { LuaState.vector3(at: $0) }
  }

  /// x, y, z, w.
  public func quaternion(_ index: Int) -> SIMD4<Float>? {
    payload(index, .quaternion)?.loadUnaligned(as: SIMD4<Float>.self)
  }

  /// The kind of one of our userdata; nil for other values.
  public func kind(_ index: Int) -> UserdataKind? {
    let kind = clua_userdata_kind(runtime, state, Int32(truncatingIfNeeded: index))
    return UserdataKind(rawValue: UInt8(truncatingIfNeeded: kind))
  }

  /// Names the event that is being staged; its arguments are pushed next.
  public func event(_ name: Name) {
    runtime.pointee.event_name = lua.names.reference(name)
  }

  /// Names the event that is being staged, which callback objects need no handler for, and which `answer` is about.
  public func question(_ name: Name) {
    event(name)
    runtime.pointee.event_is_question = true
  }

  /// What the handler of the last question gave; nil for nil, or where there is no handler.
  public var answer: Bool? {
    runtime.pointee.event_answer < 0 ? nil : runtime.pointee.event_answer != 0
  }

  /// The known name that a string argument is; nil for other strings and types.
  @inline(__always)
  public func name(_ index: Int) -> Name? {
    current.pointee.names.pointee.find(state, Int32(truncatingIfNeeded: index))
  }
}
