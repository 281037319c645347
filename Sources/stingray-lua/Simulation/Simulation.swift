import LuaBindings
import NetRuntime

/// Peers in one process, each with its own Lua state, on a virtual network and clock.
final class Simulation {
  /// What a test asks for.
  struct Options {
    var count = 2
    /// The name of a network config, or a config's text; "" for none.
    var config = ""
    var seed: UInt64 = 1
    var faults = LinkFaults.none
    /// Each peer's shared secret; empty for none.
    var secrets: [[UInt8]] = []
    /// The files that peers record into; "" for none.
    var dumps: [String] = []
    /// What peers show on standard error while they run.
    var shownLog = LogLevel.silent
    /// Where peers look for scripts and network configs.
    var dataFolders: [String] = []
    /// The option `online`, as a text that `SimulatedOnline` reads.
    var online = ""
  }

  /// Peers that one simulation may have: a full lobby, and as much as one process runs in reasonable time.
  static let peerLimit = 64

  private let network: VirtualNetwork
  let online: MemoryDirectoryService
  private var peers: [SimulatedPeer] = []
  /// Seconds on the virtual clock.
  var time: Double { network.now }
  var count: Int { peers.count }

  init(_ options: Options) throws(ScriptError) {
    network = VirtualNetwork(seed: options.seed)
    network.defaultFaults = options.faults
    let settings = try SimulatedOnline(options.online, count: max(1, options.count))
    let network = network
    online = MemoryDirectoryService(
      clock: { network.now }, random: SeededRandomSource(seed: options.seed &* 0x1_0000_0001))
    if let latency = settings.latency { online.latency = latency }
    for number in 1...max(1, options.count) {
      let place = SimulatedPeer.Place(number: number, network: network, online: online)
      peers.append(try SimulatedPeer(place, settings, options))
    }
  }

  /// Moves the clock by one frame and runs the frame of each peer that lives, in order.
  func step(_ dt: Double) throws(ScriptError) {
    network.advance(to: network.now + dt)
    for peer in peers { try peer.frame(dt) }
  }

  /// A peer by its number, from 1.
  func peer(_ number: Int) throws(ScriptError) -> SimulatedPeer {
    guard peers.indices.contains(number - 1) else {
      throw ScriptError("there is no peer \(number), only 1 to \(peers.count)")
    }
    return peers[number - 1]
  }

  func kill(_ number: Int) throws(ScriptError) {
    let peer = try peer(number)
    network.kill(peer.host)
    peer.end()
  }

  /// The peer's sockets die, and the peer lives on.
  func loseSockets(_ number: Int) throws(ScriptError) {
    network.kill(try peer(number).host)
  }

  func setCutOff(_ isCutOff: Bool, _ number: Int) throws(ScriptError) {
    let peer = try peer(number)
    network.setCutOff(isCutOff, host: peer.host)
    peer.isCutOff = isCutOff
  }

  /// Signs a peer's player out, as if it had signed in elsewhere.
  func signOut(_ number: Int) throws(ScriptError) { online.signOut(try peer(number).player) }

  /// Makes the online service unreachable, or there again: for one peer, or for all with 0.
  func loseOnline(_ isLost: Bool, _ number: Int) throws(ScriptError) {
    if number == 0 { online.isLost = isLost } else { try peer(number).hasLostOnline = isLost }
  }

  /// Whose datagrams faults apply to.
  enum Scope {
    case all
    case peer(Int)
    case way(from: Int, to: Int)
  }

  /// Changes the faults of a scope; `change` gets those that hold there now.
  func changeFaults(_ scope: Scope, _ change: (LinkFaults) -> LinkFaults) throws(ScriptError) {
    switch scope {
    case .all: network.defaultFaults = change(network.defaultFaults)
    case .peer(let number):
      let peer = try peer(number)
      peer.faults = change(peer.faults ?? network.defaultFaults)
      network.setFaults(peer.faults, for: peer.host)
    case .way(let from, let to):
      let sender = try peer(from)
      let receiver = try peer(to)
      let present = sender.faultsTo[to] ?? sender.faults ?? receiver.faults ?? network.defaultFaults
      sender.faultsTo[to] = change(present)
      network.setFaults(sender.faultsTo[to], from: sender.host, to: receiver.host)
    }
  }

  /// Ends all peers.
  func close() {
    for peer in peers { peer.end() }
  }
}
