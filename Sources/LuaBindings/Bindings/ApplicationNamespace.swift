import CLua
import NetRuntime

/// `stingray.Application`: the program around the script.
public enum ApplicationNamespace {
  public static var namespace: Namespace {
    Namespace("Application", "The program around the script.", entries: facts + requests + identities + worlds)
  }

  private static var facts: [Entry] {
    [
      Entry(
        "argv", returns: ["string*"],
        summary: "The arguments that the program was started with, each a result of its own."
      ) { call throws(ScriptError) in
        for argument in call.lua.scriptHost.arguments { call.push(argument) }
      },
      Entry("build_identifier", returns: ["string"], summary: "Names this build of the program.") {
        call throws(ScriptError) in
        call.push(call.lua.scriptHost.buildIdentifier)
      },
      Entry("platform", returns: ["string"], summary: "The platform that the program runs on: `linux`.") {
        call throws(ScriptError) in
        call.push("linux")
      },
      Entry(
        "settings", returns: ["table"],
        summary: "The contents of settings.ini, a new table each time; an empty one where there is no such file."
      ) { call throws(ScriptError) in
        if let settings = call.lua.scriptHost.settings, case .object = settings.value { return call.push(settings) }
        call.pushTable()
      },
      Entry("time_since_launch", returns: ["number"], summary: "Seconds since the program started.") {
        call throws(ScriptError) in
        let host = call.lua.scriptHost
        call.push(host.clock() - host.launchTime)
      },
    ]
  }

  private static var requests: [Entry] {
    [
      Entry(
        "console_command",
        [Parameter("command", .string), Parameter("parameters", .string, variadic: true)],
        summary: """
          Runs a command of the program's console, such as `"network", "latency", 0.1, 0.15`; `"help"` lists what there \
          is. What the command says goes to standard error.
          """
      ) { call throws(ScriptError) in
        try run(call)
      },
      Entry(
        "quit", [Parameter("exit_code", .integer, optional: true, range: 0...255)],
        summary: "Ends the program after this frame, with an exit code, which is 0 unless given."
      ) { call throws(ScriptError) in
        call.lua.scriptHost.exitCode = Int32(truncatingIfNeeded: call.integer(1))
      },
      Entry(
        "sleep", [Parameter("milliseconds", .number, range: 0...3_600_000)],
        summary: "Stops the program for a while. Nothing is sent or received meanwhile."
      ) { call throws(ScriptError) in
        call.lua.scriptHost.sleep(call.number(1) / 1000)
      },
    ]
  }

  private static func run(_ call: Call) throws(ScriptError) {
    var words = [call.string(1)]
    for index in 2..<max(2, call.count + 1) {
      guard call.type(index) == LUA_TSTRING || call.type(index) == LUA_TNUMBER else {
        throw ScriptError("argument \(index) (parameters): expected string, got \(call.describe(index))")
      }
      words.append(call.string(index))
    }
    let host = call.lua.scriptHost
    do throws(ConsoleError) {
      let reply = try host.console.run(words.joined(separator: " "))
      if !reply.isEmpty { host.consoleOutput(reply) }
    } catch {
      throw ScriptError(error.description)
    }
  }

  private static var identities: [Entry] {
    [
      Entry(
        "guid", returns: ["string"],
        summary: "A new identifier, different from all others: 32 hexadecimal digits in five groups."
      ) {
        call throws(ScriptError) in
        let random = call.lua.scriptHost.random
        // Version 4 and variant 1 of RFC 9562: all but six bits are random.
        let high = hexadecimal(random.next() & ~0xF000 | 0x4000, digits: 16)
        let low = hexadecimal(random.next() & ~(0b11 << 62) | 0b10 << 62, digits: 16)
        call.push(
          "\(high.prefix(8))-\(high.dropFirst(8).prefix(4))-\(high.dropFirst(12))-\(low.prefix(4))-\(low.dropFirst(4))")
      },
      Entry(
        "make_hash", [Parameter("values", .any, notation: "any+")], returns: ["string"],
        summary:
          "A hash of numbers, strings, booleans and IdStrings as 16 hexadecimal digits: the same for the same values "
          + "in the same order, "
          + "in every process. Scripts combine `Network.config_hash` and their version by it."
      ) { call throws(ScriptError) in
        var bytes: [UInt8] = []
        for index in 1...max(1, call.count) { try call.appendHashed(index, to: &bytes) }
        call.push(hexadecimal(bytes.withUnsafeBytes { MurmurHash64A.hash($0) }, digits: 16))
      },
    ]
  }
}

extension Call {
  // A letter for the type, then the value; strings with their length, so that no two lists of values give the same
  // bytes.
  fileprivate func appendHashed(_ index: Int, to bytes: inout [UInt8]) throws(ScriptError) {
    func append(_ letter: Unicode.Scalar, _ word: UInt64) {
      bytes.append(UInt8(ascii: letter))
      for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    switch type(index) {
    case LUA_TNUMBER:
      let number = number(index)
      // One NaN and one zero: a script cannot tell the others apart.
      append("n", number.isNaN ? Double.nan.bitPattern : (number + 0).bitPattern)
    case LUA_TBOOLEAN:
      append("b", boolean(index) ? 1 : 0)
    case LUA_TSTRING:
      let string = stringBytes(index)
      append("s", UInt64(string.count))
      bytes += string
    default:
      if let kind = kind(index), kind == .idString32 || kind == .idString64 {
        append(kind == .idString32 ? "i" : "I", idString(checked: index, kind))
      } else {
        throw ScriptError(
          "argument \(index) (values): expected number, string, boolean or IdString, got \(describe(index))")
      }
    }
  }
}

extension Staging {
  /// A value of SJSON: objects and arrays as tables. Of a key that occurs twice, the first value counts.
  func push(_ node: SJSON.Node) {
    switch node.value {
    case .null: pushNil()
    case .bool(let value): push(value)
    case .number(let value): push(value)
    case .string(let value): push(value)
    case .array(let nodes):
      pushTable(array: nodes.count)
      for (index, node) in nodes.enumerated() {
        push(node)
        setIndex(index + 1)
      }
    case .object(let entries):
      pushTable(fields: entries.count)
      for entry in entries.reversed() {
        push(entry.key)
        push(entry.node)
        setField()
      }
    }
  }
}
