import CCounters
import Glibc
import LuaBindings
import NetRuntime

/// A peer with a Lua state, on real UDP over the loopback interface.
final class LuaPeer {
  let lua: LuaState
  private let network: NetworkRuntime

  /// - Parameter folder: Where `peer.lua` and `bench.network_config` are.
  init(folder: String) throws {
    lua = try LuaState()
    let log: Log = { level, text in if level.rawValue <= LogLevel.warnings.rawValue { print(text()) } }
    network = NetworkRuntime(
      NetworkRuntime.Environment(
        transport: try UDPTransport(interface: "lo"), random: SystemRandomSource(), now: wallSeconds, log: log))
    network.timing.sendRate = .infinity
    try lua.register(API.namespaces)
    try lua.attach(
      network,
      host: NetworkBinding.Host(
        loadConfig: { name throws(ScriptError) in
          let text = String(decoding: read("\(folder)/\(name).network_config"), as: UTF8.self)
          do throws(ConfigError) {
            return try NetworkConfig.parse(text, file: name)
          } catch {
            throw ScriptError(error.description)
          }
        },
        setLogLevel: { _ in }, log: log, now: wallSeconds))
    try lua.run(read("\(folder)/peer.lua"), name: "@peer.lua")
  }

  /// Two peers that are connected.
  static func pair(folder: String) throws -> (sender: LuaPeer, receiver: LuaPeer) {
    let (one, two) = (try LuaPeer(folder: folder), try LuaPeer(folder: folder))
    let port = 20_000 + Int(getpid()) % 10_000
    _ = try one.lua.evaluate("open(\(port))")
    _ = try two.lua.evaluate("join(\(port))")
    let deadline = wallSeconds() + 10
    while true {
      let met = (try one.lua.evaluate("return meet()"), try two.lua.evaluate("return meet()"))
      if met == ("true", "true") { return (one, two) }
      guard wallSeconds() < deadline else { throw ScriptError("the peers do not find each other") }
      usleep(2000)
    }
  }

  func function(_ name: String) throws -> Int32 {
    try lua.load(Array("\(name)(...)".utf8), name: "=bench")
  }

  func call(_ function: Int32, _ argument: Int) throws {
    try lua.run { program in
      program.push(reference: function)
      program.push(Double(argument))
      program.call(arguments: 1, results: 0)
    }
  }

  var received: Int { (try? lua.evaluate("return count()")).flatMap { $0 }.flatMap { Int($0) } ?? 0 }
}

func read(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 65536)
  let count = fread(&bytes, 1, bytes.count, file)
  return Array(bytes.prefix(count))
}
