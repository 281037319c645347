import CLua
import NetRuntime

/// Values as text.
enum ValueText {
  /// `__tostring` and `__concat`, which any value type can have.
  static func metamethods(_ kind: UserdataKind) -> [Entry] {
    [
      Entry("__tostring", [Parameter("value", .userdata(kind))], returns: ["string"], summary: "The value as text.") {
        call throws(ScriptError) in
        call.push(call.valueText(1))
      },
      Entry(
        "__concat", [Parameter("left", .any), Parameter("right", .any)], returns: ["string"],
        summary: "Joins a value, as text, with a string, a number or another value."
      ) { call throws(ScriptError) in
        var bytes: [UInt8] = []
        for index in 1...2 {
          if call.type(index) == LUA_TSTRING || call.type(index) == LUA_TNUMBER {
            bytes += call.stringBytes(index)
          } else if let text = call.knownText(index) {
            bytes += Array(text.utf8)
          } else {
            let name = index == 1 ? "left" : "right"
            throw ScriptError(
              "argument \(index) (\(name)): expected string, number or value, got \(call.describe(index))")
          }
        }
        call.push(bytes: bytes)
      },
    ]
  }

  /// The namespace's function that gives a value as text.
  static func toString(_ parameter: String, _ kind: UserdataKind, _ summary: String) -> Entry {
    Entry("to_string", [Parameter(parameter, .userdata(kind))], returns: ["string"], summary: summary) {
      call throws(ScriptError) in
      call.push(call.valueText(1))
    }
  }

  static func list(_ name: String, _ numbers: [Float]) -> String {
    "\(name)(\(numbers.map(text(of:)).joined(separator: ", ")))"
  }
}

extension Call {
  /// The text of an argument that the check has accepted as one of the value types.
  func valueText(_ index: Int) -> String {
    knownText(index) ?? describe(index)
  }

  /// The text of a value type; nil for other types.
  func knownText(_ index: Int) -> String? {
    guard let kind = kind(index), let payload = payload(index, kind) else { return nil }
    switch kind {
    case .vector3, .vector3Box, .quaternion, .quaternionBox:
      return ValueText.list(
        kind.name, (0..<kind.payloadSize / 4).map { payload.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) })
    case .matrix4x4, .matrix4x4Box:
      let matrix = payload.loadUnaligned(as: Matrix4x4.self)
      return ValueText.list(kind.name, (0..<12).map { matrix[$0 / 3][$0 % 3] })
    case .idString32, .idString32Box:
      return lua.text(of: IdString32(rawValue: payload.loadUnaligned(as: UInt32.self)))
    case .idString64, .idString64Box:
      return lua.text(of: IdString64(rawValue: payload.loadUnaligned(as: UInt64.self)))
    default:
      return nil
    }
  }
}

extension LuaState {
  /// The name of a hash where it has been seen, else # and its digits.
  func text(of id: IdString32) -> String {
    idNames.name(of: id) ?? "#" + hexadecimal(UInt64(id.rawValue), digits: 8)
  }

  /// The name of a hash where it has been seen, else # and its digits.
  func text(of id: IdString64) -> String {
    idNames.name(of: id) ?? "#" + hexadecimal(id.rawValue, digits: 16)
  }
}

/// Lower-case hexadecimal with leading zeros.
func hexadecimal(_ value: UInt64, digits: Int) -> String {
  let text = String(value, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
