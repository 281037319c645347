import CLua

/// A parameter's check in plain data, so that a call does not touch the entry unless something is wrong.
struct ArgumentCheck {
  enum Kind: UInt8 {
    case any, boolean, integer, number, anyNumber, string, table, function, peer, callbacks, userdata
    /// Checked by the parameter itself.
    case other
  }

  let kind: Kind
  let isOptional: Bool
  let userdata: UserdataKind?
  let lowest: Double
  let highest: Double

  init(_ parameter: Parameter) {
    isOptional = parameter.isOptional || parameter.isVariadic
    var userdata: UserdataKind?
    switch parameter.type {
    case .any: kind = .any
    case .boolean: kind = .boolean
    case .integer: kind = .integer
    case .number: kind = .number
    case .anyNumber: kind = .anyNumber
    case .string: kind = .string
    case .table: kind = .table
    case .function: kind = .function
    case .peer: kind = .peer
    case .callbacks: kind = .callbacks
    case .userdata(let type):
      kind = .userdata
      userdata = type
    case .anyOf: kind = .other
    }
    self.userdata = userdata
    let range = parameter.range ?? (kind == .integer ? -0x1p53...0x1p53 : -Double.infinity...Double.infinity)
    lowest = range.lowerBound
    highest = range.upperBound
  }

  @inline(__always)
  func accepts(_ call: Call, _ index: Int) -> Bool {
    if kind == .userdata, let userdata, call.payload(index, userdata) != nil { return true }
    let type = call.type(index)
    if type <= LUA_TNIL, isOptional { return true }
    switch kind {
    case .any: return type != LUA_TNONE
    case .boolean: return type == LUA_TBOOLEAN
    case .integer, .number:
      guard type == LUA_TNUMBER || type == LUA_TSTRING && call.isNumber(index) else { return false }
      let value = call.number(index)
      if kind == .integer, value.rounded(.towardZero) != value { return false }
      return value >= lowest && value <= highest
    case .anyNumber: return type == LUA_TNUMBER || type == LUA_TSTRING && call.isNumber(index)
    case .string: return type == LUA_TSTRING || type == LUA_TNUMBER
    case .table: return type == LUA_TTABLE
    case .function: return type == LUA_TFUNCTION
    case .peer: return call.readPeer(index) != nil
    case .callbacks: return type == LUA_TTABLE || type == LUA_TUSERDATA
    case .userdata, .other: return false
    }
  }
}

extension Parameter {
  func accepts(_ call: Call, _ index: Int) -> Bool {
    guard case .anyOf(let types) = type else { return ArgumentCheck(self).accepts(call, index) }
    if call.isNil(index), isOptional || isVariadic { return true }
    return types.contains { Parameter(name, $0, range: range).accepts(call, index) }
  }
}

extension Entry {
  /// Finds the first thing wrong with a call's arguments, by the signature that comes nearest.
  func complaint(_ call: Call) -> ScriptError {
    var best: (index: Int, text: String)?
    for parameters in signatures {
      for (offset, parameter) in parameters.enumerated() {
        let index = offset + 1
        guard !parameter.accepts(call, index) else { continue }
        let got = call.describe(index)
        let text = "argument \(index) (\(parameter.name)): expected \(parameter.expectation), got \(got)"
        // Another signature that fails at the same place is another thing that could have stood there.
        if index > best?.index ?? 0 { best = (index, text) }
        break
      }
    }
    return ScriptError(best?.text ?? "the arguments fit no way of calling it")
  }
}

extension Call {
  /// A value as an error names it: its type, and its text where that is short.
  public func describe(_ index: Int) -> String {
    let index = Int32(truncatingIfNeeded: index)
    switch lua_type(state, index) {
    case LUA_TNONE: return "nothing"
    case LUA_TNIL: return "nil"
    case LUA_TBOOLEAN: return "boolean \(lua_toboolean(state, index) != 0)"
    case LUA_TNUMBER:
      let number = lua_tonumber(state, index)
      // Machines differ in the sign that they show.
      return "number " + (number.isNaN ? "nan" : LuaState.text(of: number))
    case LUA_TSTRING:
      let bytes = lua.bytes(state, index) ?? UnsafeRawBufferPointer(start: nil, count: 0)
      return "string " + quoted(bytes)
    case LUA_TUSERDATA: return kind(Int(index))?.name ?? "userdata"
    case CLUA_TCDATA_TYPE: return "cdata"
    case let type: return String(cString: lua_typename(state, type))
    }
  }
}

private let CLUA_TCDATA_TYPE = Int32(CLUA_TCDATA.rawValue)

/// A script's bytes between quotes: control characters escaped, cut after 40 bytes.
public func quoted(_ bytes: some Collection<UInt8>) -> String {
  var text = ""
  for character in String(decoding: bytes.prefix(40), as: UTF8.self).unicodeScalars {
    switch character {
    case "\"": text += "\\\""
    case "\n": text += "\\n"
    case _ where character.value < 32 || character.value == 127: text += "\\\(character.value)"
    default: text.unicodeScalars.append(character)
    }
  }
  return "\"" + text + (bytes.count > 40 ? "…" : "") + "\""
}
