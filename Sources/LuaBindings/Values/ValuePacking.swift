import CLua
import NetRuntime

/// Why a script's value was not packed as a field or an argument.
enum PackingProblem: UInt8 {
  case none
  /// The nearest value inside the limits was packed.
  case clamped
  case wrongType
  case outOfRange
  case notFinite
  case tooLong

  init(_ outcome: PackingOutcome) {
    switch outcome {
    case .done: self = .none
    case .clamped: self = .clamped
    case .outOfRange: self = .outOfRange
    case .notFinite: self = .notFinite
    case .tooLong: self = .tooLong
    }
  }

  var wrote: Bool { rawValue <= PackingProblem.clamped.rawValue }
}

extension Call {
  /// Packs the value on the stack as a codec says. Packs nothing, or a part of an array, unless the answer is `none`
  /// or `clamped`.
  ///
  /// Needs two free stack slots.
  @inline(__always)
  func pack(_ index: Int32, _ codec: FieldCodec, into writer: inout BitWriter) -> PackingProblem {
    codec.kind == .array ? packArray(index, codec, into: &writer) : packElement(index, codec, into: &writer)
  }

  private func packArray(_ index: Int32, _ codec: FieldCodec, into writer: inout BitWriter) -> PackingProblem {
    guard lua_type(state, index) == LUA_TTABLE else { return .wrongType }
    let count = lua_objlen(state, index)
    let begun = writer.beginArray(count: count, codec)
    guard begun.wrote else { return PackingProblem(begun) }
    let top = lua_gettop(state)
    var worst = PackingProblem.none
    for place in 0..<count {
      lua_rawgeti(state, index, Int32(truncatingIfNeeded: place + 1))
      let problem = packElement(top + 1, codec, into: &writer)
      lua_settop(state, top)
      guard problem.wrote else { return problem }
      if problem == .clamped { worst = .clamped }
    }
    return worst
  }

  // The element of an array, or the value itself: both have the codec's element kind.
  @inline(__always)
  private func packElement(_ index: Int32, _ codec: FieldCodec, into writer: inout BitWriter) -> PackingProblem {
    switch codec.elementKind {
    case .bool:
      guard lua_type(state, index) == LUA_TBOOLEAN else { return .wrongType }
      writer.writeBool(lua_toboolean(state, index) != 0)
      return .none
    case .int:
      guard lua_isnumber(state, index) != 0 else { return .wrongType }
      let number = lua_tonumber(state, index)
      // Lua's own coercion to an integer cuts the fraction off.
      guard let value = Int64(exactly: number.rounded(.towardZero)) else {
        return number.isFinite ? .outOfRange : .notFinite
      }
      return PackingProblem(writer.writeInt(value, codec))
    case .float:
      guard lua_isnumber(state, index) != 0 else { return .wrongType }
      return PackingProblem(writer.writeFloat(lua_tonumber(state, index), codec))
    case .vector3:
      guard let value = vector3(Int(index)) else { return .wrongType }
      return PackingProblem(writer.writeVector3(value, codec))
    case .quaternion:
      guard let value = quaternion(Int(index)) else { return .wrongType }
      return PackingProblem(writer.writeQuaternion(value, codec))
    default:
      return packIdentity(index, codec, into: &writer)
    }
  }

  private func packIdentity(_ index: Int32, _ codec: FieldCodec, into writer: inout BitWriter) -> PackingProblem {
    switch codec.elementKind {
    case .string:
      if let bytes = LuaState.bytes(state, index) { return PackingProblem(writer.writeBytes(bytes, codec)) }
      guard lua_type(state, index) == LUA_TNUMBER else { return .wrongType }
      var text = LuaState.text(of: lua_tonumber(state, index))
      return text.withUTF8 { PackingProblem(writer.writeBytes(UnsafeRawBufferPointer($0), codec)) }
    case .idString32:
      guard let value = readId(index, .idString32, digits: 8) else { return .wrongType }
      writer.writeIdString32(IdString32(rawValue: UInt32(truncatingIfNeeded: value)))
    case .idString64, .resourceID:
      guard let value = readId(index, .idString64, digits: 16) else { return .wrongType }
      writer.writeIdString64(IdString64(rawValue: value))
    case .uint64:
      guard let value = readUInt64(index) else { return .wrongType }
      writer.writeUInt64(value)
    default:
      return .wrongType
    }
    return .none
  }

  private func readId(_ index: Int32, _ kind: UserdataKind, digits: Int) -> UInt64? {
    if let text = LuaState.bytes(state, index) { return lua.idNames.read(text, digits: digits) }
    if let wide = payload(Int(index), .idString64)?.loadUnaligned(as: UInt64.self) {
      return digits == 8 ? wide >> 32 : wide
    }
    guard kind == .idString32 else { return nil }
    return payload(Int(index), .idString32).map { UInt64($0.loadUnaligned(as: UInt32.self)) }
  }

  /// A 64-bit value: a hexadecimal string, an integer number below 2^53, or LuaJIT's uint64_t.
  @inline(__always)
  func readUInt64(_ index: Int32) -> UInt64? {
    if let digits = LuaState.bytes(state, index) { return UInt64(hexadecimalDigits: digits) }
    if lua_type(state, index) == LUA_TNUMBER {
      let number = lua_tonumber(state, index)
      return number >= 0 && number < 0x1p53 ? UInt64(exactly: number) : nil
    }
    var value: UInt64 = 0
    return clua_read_uint64(runtime, state, index, &value) ? value : nil
  }
}
