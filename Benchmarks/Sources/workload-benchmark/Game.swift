import LuaBindings
import LuaPeers
import NetRuntime

/// A peer that plays a workload in Lua.
final class Game {
  let peer: LuaPeer
  private let playFunction: Int32
  private let networkFunction: Int32
  private let gatherFunction: Int32

  /// Counts since the game began.
  struct Report {
    var synchronised = 0
    var sets = 0
    var gets = 0
    var sent = 0
    var received = 0
    var created = 0
    var moved = 0

    static func - (left: Report, right: Report) -> Report {
      Report(
        synchronised: left.synchronised, sets: left.sets - right.sets, gets: left.gets - right.gets,
        sent: left.sent - right.sent, received: left.received - right.received, created: left.created,
        moved: left.moved - right.moved)
    }
  }

  init(_ peer: LuaPeer) throws {
    self.peer = peer
    playFunction = try peer.function("play")
    networkFunction = try peer.function("network")
    gatherFunction = try peer.function("gather")
  }

  convenience init(files: Files) throws {
    try self.init(LuaPeer(script: files.script, configs: files.folder, prelude: files.prelude))
  }

  func open(_ name: String, port: Int) throws {
    _ = try peer.lua.evaluate("open(\"\(name)\", \(port))")
  }

  func join(_ name: String, address: String) throws {
    _ = try peer.lua.evaluate("join(\"\(name)\", \"\(address)\")")
  }

  func play(_ dt: Double) throws { try peer.call(playFunction, dt) }
  func network(_ dt: Double, at now: Double) throws { try peer.call(networkFunction, dt, now) }
  func gather() throws { try peer.call(gatherFunction) }

  /// A frame of which nothing is measured.
  func frame(_ dt: Double, at now: Double) throws {
    try gather()
    try play(dt)
    try network(dt, at: now)
  }

  var report: Report {
    let text = (try? peer.lua.evaluate("return report()")).flatMap { $0 } ?? ""
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 7 else { return Report() }
    return Report(
      synchronised: numbers[0], sets: numbers[1], gets: numbers[2], sent: numbers[3], received: numbers[4],
      created: numbers[5], moved: numbers[6])
  }

  /// Of a host: seconds from adding the last peer until it had all objects; nil while it has not.
  var joinTime: Double? {
    (try? peer.lua.evaluate("return join_time()")).flatMap { $0 }.flatMap { Double($0) }
  }
}

/// Where the generated files and the script are.
struct Files {
  let folder: String
  let script: String

  var prelude: String { "folder = \"\(folder)\"" }

  func config(_ name: String) throws(ConfigError) -> NetworkConfig {
    try loadConfig("\(folder)/\(name).network_config")
  }
}
