import CCounters
import Glibc
import LuaBindings
import LuaPeers

/// Two connected peers that run `peer.lua` of a folder.
struct Pair {
  let sender: LuaPeer
  let receiver: LuaPeer

  init(folder: String) throws {
    sender = try LuaPeer(script: "\(folder)/peer.lua", configs: folder)
    receiver = try LuaPeer(script: "\(folder)/peer.lua", configs: folder)
    // Links that begin from now on.
    for peer in [sender, receiver] { peer.network.timing.sendRate = .infinity }
    let port = 20_000 + Int(getpid()) % 10_000
    _ = try sender.lua.evaluate("open(\(port))")
    _ = try receiver.lua.evaluate("join(\(port))")
    let deadline = wallSeconds() + 10
    while true {
      let met = (try sender.lua.evaluate("return meet()"), try receiver.lua.evaluate("return meet()"))
      if met == ("true", "true") { return }
      guard wallSeconds() < deadline else { throw ScriptError("the peers do not find each other") }
      usleep(2000)
    }
  }

  /// Messages that the receiver's script got.
  var received: Int { (try? receiver.lua.evaluate("return count()")).flatMap { $0 }.flatMap { Int($0) } ?? 0 }
}
