import CLua
import NetRuntime

/// `stingray.IdString32` and `stingray.IdString64`: names as their hashes.
public enum IdStringNamespaces {
  public static var all: [Namespace] {
    [namespace(.idString32, "upper 32 bits of the 64-bit"), namespace(.idString64, "64-bit")]
  }

  private static func namespace(_ kind: UserdataKind, _ bits: String) -> Namespace {
    let id = Parameter("id", .userdata(kind))
    let digits = kind.payloadSize * 2
    return Namespace(
      kind.name, "A name as the \(bits) MurmurHash64A of its bytes.", kind: kind,
      entries: [
        equal("equal", kind),
        Entry(
          "from_hex", [Parameter("s", .string)], returns: [kind.name],
          summary: "The hash that hexadecimal digits spell: 1 to \(digits) of them, with or without a `#` before."
        ) { call throws(ScriptError) in
          let bytes = call.stringBytes(1)
          let text = bytes.first == UInt8(ascii: "#") ? bytes.dropFirst() : bytes[...]
          guard text.count <= digits, let value = UInt64(hexadecimalDigits: text) else {
            throw ScriptError("argument 1 (s): expected 1 to \(digits) hexadecimal digits, got string \(quoted(bytes))")
          }
          call.push(kind, value)
        },
        Entry("to_hex", [id], returns: ["string"], summary: "The hash as \(digits) lower-case hexadecimal digits.") {
          call throws(ScriptError) in
          call.push(hexadecimal(call.idString(checked: 1, kind), digits: digits))
        },
        ValueText.toString(
          "id", kind, "The name where this process has seen it, else `#` and the hexadecimal digits of the hash."),
      ],
      constructor: Entry(
        kind.name, [Parameter("s", .string)], returns: [kind.name],
        summary: "Hashes a name and remembers it. A `#` and hexadecimal digits behind it are a hash already."
      ) { call throws(ScriptError) in
        call.push(kind, try call.idString(1, kind))
      },
      metamethods: [equal("__eq", kind)] + ValueText.metamethods(kind))
  }

  private static func equal(_ name: String, _ kind: UserdataKind) -> Entry {
    Entry(
      name, [Parameter("a", .userdata(kind)), Parameter("b", .userdata(kind))], returns: ["boolean"],
      summary: "True when the hashes are the same; `equal` and the operator `==` give the same."
    ) { call throws(ScriptError) in
      call.push(call.idString(checked: 1, kind) == call.idString(checked: 2, kind))
    }
  }
}

extension Call {
  /// The hash in an argument that is an IdString of that kind or its box.
  func idString(checked index: Int, _ kind: UserdataKind) -> UInt64 {
    let payload = checked(index)
    return kind.payloadSize == 4
      ? UInt64(payload.loadUnaligned(as: UInt32.self)) : payload.loadUnaligned(as: UInt64.self)
  }

  /// The hash that a name, `#` and digits, or an IdString of that kind gives.
  func idString(_ index: Int, _ kind: UserdataKind) throws(ScriptError) -> UInt64 {
    if payload(index, kind) != nil { return idString(checked: index, kind) }
    let bytes = stringBytes(index)
    let digits = kind.payloadSize * 2
    guard let value = bytes.withUnsafeBytes({ lua.idNames.read($0, digits: digits) }) else {
      throw ScriptError(
        "argument \(index) (s): expected a name, or # and 1 to \(digits) hexadecimal digits, got string \(quoted(bytes))"
      )
    }
    return value
  }
}
