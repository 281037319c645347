import NetRuntime
import Testing

@testable import LuaBindings

/// Peers with a Lua state each, on one virtual network and clock.
final class TestPeers {
  final class Peer {
    let lua: LuaState
    let network: NetworkRuntime

    init(_ virtual: VirtualNetwork, seed: UInt64, config: String, lua: LuaState) throws {
      self.lua = lua
      let lines = Lines()
      self.lines = lines
      let log: Log = { level, text in lines.all.append("\(level): \(text())") }
      network = NetworkRuntime(
        NetworkRuntime.Environment(
          transport: virtual.addHost(), random: SeededRandomSource(seed: seed), now: { virtual.now }, log: log))
      try lua.register(API.namespaces + [TestNamespace.namespace()])
      try lua.attach(
        network,
        host: NetworkBinding.Host(
          loadConfig: { name throws(ScriptError) in
            guard name == "game" else { throw ScriptError("there is no network config \"\(name)\"") }
            do throws(ConfigError) {
              return try NetworkConfig.parse(config, file: "game.network_config")
            } catch {
              throw ScriptError(error.description)
            }
          },
          setLogLevel: { _ in }, log: log, now: { virtual.now }))
    }

    private final class Lines { var all: [String] = [] }
    private let lines: Lines

    var log: [String] { lines.all }

    func run(_ script: String) throws {
      try lua.run(Array(script.utf8), name: "=test")
    }

    func get(_ expression: String) throws -> String {
      try lua.evaluate("return \(expression)", name: "=test") ?? "nil"
    }
  }

  let virtual = VirtualNetwork(seed: 1)
  var peers: [Peer] = []

  init(_ count: Int, config: String = TestPeers.config) throws {
    for index in 0..<count {
      peers.append(try Peer(virtual, seed: UInt64(index + 1), config: config, lua: LuaState()))
    }
  }

  /// Gives every peer a callback object `cb` that notes calls in `calls`, and joins all of them into one lobby; the
  /// first is its host.
  static func joined(_ count: Int) throws -> TestPeers {
    let all = try TestPeers(count)
    for (index, peer) in all.peers.enumerated() {
      try peer.run(
        """
        Network, RPC = stingray.Network, stingray.RPC
        calls = {}
        cb = setmetatable({}, {__index = function(_, name)
          return function(self, ...) calls[#calls + 1] = {name, ...} end
        end})
        client = Network.init_lan_client('game', \(4000 + index), '\(String(index + 1, radix: 16))a')
        """)
    }
    try all.peers[0].run("lobby = Network.create_lan_lobby(10003, 8)")
    for peer in all.peers.dropFirst() {
      try peer.run("browser = client:lobby_browser() browser:refresh(10003)")
      try all.step(until: { try peer.get("browser:num_lobbies()") == "1" })
      try peer.run("lobby = Network.join_lan_lobby(browser:lobby(1).address)")
    }
    try all.step(until: {
      try all.peers.allSatisfy {
        try $0.get("#lobby:members()") == "\(count)" && $0.get("lobby:state() == LanLobby.JOINED") == "true"
      }
    })
    return all
  }

  /// One frame of all peers, 1/60 s.
  func step(_ frames: Int = 1) throws {
    for _ in 0..<frames {
      virtual.advance(to: virtual.now + 1.0 / 60)
      for peer in peers { try peer.run("Network.update(1 / 60, cb or {})") }
    }
  }

  /// Frames until something holds: 10 virtual seconds at most.
  func step(until holds: () throws -> Bool) throws {
    for _ in 0..<600 {
      if try holds() { return }
      try step()
    }
    Issue.record("it did not happen within 10 seconds")
  }

  static let config = """
    types = {
      object_id = { type = "int", min = 0, max = 65535 }
      percent = { type = "float", min = 0, max = 1, bits = 7 }
      location = { type = "vector3", min = -500, max = 500, bits = 18 }
      peer = { type = "int64" }
      name = { type = "string", max_size = 16 }
      list = { type = "array", element = "object_id", max_size = 4 }
    }
    messages = {
      hello = {}
      hit = { args = ["object_id" "percent" "location" "name" "list" "peer"] }
      bound = { args = ["object_id"] session_bound = true }
    }
    objects = {
      avatar = { fields = [
        { name = "pos" type = "location" } { name = "points" type = "object_id" } { name = "who" type = "peer" }
      ] }
    }
    """
}
