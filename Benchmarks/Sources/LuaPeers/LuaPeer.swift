import CCounters
import Glibc
import LuaBindings
import NetRuntime

/// A peer with a Lua state.
public final class LuaPeer {
  public let lua: LuaState
  public let network: NetworkRuntime

  /// Runs a script with the API.
  /// - Parameters:
  ///   - script: The Lua file.
  ///   - configs: The folder of the network configs that it names.
  ///   - prelude: Lua text that runs first.
  public init(
    script: String, configs: String, prelude: String = "", transport: any Transport, random: any RandomSource,
    now: @escaping () -> Double
  ) throws {
    lua = try LuaState()
    let log: Log = { level, text in if level.rawValue <= LogLevel.warnings.rawValue { print(text()) } }
    network = NetworkRuntime(
      NetworkRuntime.Environment(transport: transport, random: random, now: now, log: log))
    try lua.register(API.namespaces)
    try lua.attach(
      network,
      host: NetworkBinding.Host(
        loadConfig: { name throws(ScriptError) in
          do throws(ConfigError) {
            return try loadConfig("\(configs)/\(name).network_config")
          } catch {
            throw ScriptError(error.description)
          }
        },
        setLogLevel: { _ in }, log: log, now: now))
    try lua.run(Array(prelude.utf8), name: "=prelude")
    try lua.run(readFile(script), name: "@\(script)")
  }

  /// A peer on real UDP over the loopback interface and the machine's clock.
  public convenience init(script: String, configs: String, prelude: String = "") throws {
    try self.init(
      script: script, configs: configs, prelude: prelude, transport: try UDPTransport(interface: "lo"),
      random: SystemRandomSource(), now: wallSeconds)
  }

  /// A function that calls a global of the script with the arguments it gets.
  public func function(_ name: String) throws -> Int32 {
    try lua.load(Array("\(name)(...)".utf8), name: "=benchmark")
  }

  /// Calls such a function.
  public func call(_ function: Int32, _ arguments: Double...) throws {
    try lua.run { program in
      program.push(reference: function)
      for argument in arguments { program.push(argument) }
      program.call(arguments: arguments.count, results: 0)
    }
  }
}

/// Reads a network config.
public func loadConfig(_ path: String) throws(ConfigError) -> NetworkConfig {
  try NetworkConfig.parse(String(decoding: readFile(path), as: UTF8.self), file: path)
}

/// All bytes of a file; none when it cannot be read.
public func readFile(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = fread(&piece, 1, piece.count, file)
    if count == 0 { return bytes }
    bytes += piece.prefix(count)
  }
}
