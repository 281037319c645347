import LuaBindings
import NetRuntime

/// What the Lua side of the simulator calls; scripts do not see it.
final class SimulatorHost {
  private let dataFolders: [String]
  /// By number, from 1; nil once it is over.
  private var simulations: [Simulation?] = []

  init(dataFolders: [String]) {
    self.dataFolders = dataFolders
  }

  /// How many simulations there were until now.
  var mark: Int { simulations.count }

  /// Ends the simulations that were made after a mark: their test is over.
  func close(after mark: Int) {
    for index in mark..<max(mark, simulations.count) {
      simulations[index]?.close()
      simulations[index] = nil
    }
  }

  var namespace: Namespace {
    let simulation = Parameter("simulation", .integer)
    let peer = Parameter("peer", .integer)
    let faults = LinkFaults.names.map { Parameter($0, .number) }
    return Namespace(
      "SimulatorHost", "What the Lua side of the simulator calls.",
      entries: [
        Entry(
          "create",
          [
            Parameter("count", .integer, range: 1...Double(Simulation.peerLimit)), Parameter("config", .string),
            Parameter("seed", .number), Parameter("log", .string), Parameter("online", .string),
          ] + faults, summary: "Makes a simulation and gives its number."
        ) { [unowned self] call throws(ScriptError) in try create(call) },
        Entry("step", [simulation, Parameter("dt", .number, range: 0...3600)], summary: "Runs one frame.") {
          [unowned self] call throws(ScriptError) in
          let simulation = try find(call)
          answer(call) { () throws(ScriptError) in
            try simulation.step(call.number(2))
            return []
          }
        },
        Entry("time", [simulation], summary: "The virtual time.") { [unowned self] call throws(ScriptError) in
          call.push(try find(call).time)
        },
        Entry(
          "run", [simulation, peer, Parameter("code", .string), Parameter("arguments", .string)],
          summary: "Runs code in a peer."
        ) {
          [unowned self] call throws(ScriptError) in
          let peer = try find(call).peer(call.integer(2))
          answer(call) { () throws(ScriptError) in
            try peer.run(code: call.stringBytes(3), arguments: call.stringBytes(4))
          }
        },
        Entry("events", [simulation, peer, Parameter("name", .string)], summary: "A peer's events.") {
          [unowned self] call throws(ScriptError) in
          let peer = try find(call).peer(call.integer(2))
          answer(call) { () throws(ScriptError) in try peer.events(named: call.string(3)) }
        },
        Entry("dofile", [simulation, peer, Parameter("path", .string)], summary: "Runs a file in a peer.") {
          [unowned self] call throws(ScriptError) in
          let peer = try find(call).peer(call.integer(2))
          answer(call) { () throws(ScriptError) in
            try peer.run(file: call.string(3))
            return []
          }
        },
        Entry("kill", [simulation, peer], summary: "Ends a peer.") { [unowned self] call throws(ScriptError) in
          try find(call).kill(call.integer(2))
        },
        Entry("lose_sockets", [simulation, peer], summary: "A peer's sockets die.") {
          [unowned self] call throws(ScriptError) in
          try find(call).loseSockets(call.integer(2))
        },
        Entry("cut_off", [simulation, peer, Parameter("is_cut_off", .boolean)], summary: "Pulls a peer's cable.") {
          [unowned self] call throws(ScriptError) in
          try find(call).setCutOff(call.boolean(3), call.integer(2))
        },
        Entry("sign_out", [simulation, peer], summary: "Signs a peer's player out.") {
          [unowned self] call throws(ScriptError) in
          try find(call).signOut(call.integer(2))
        },
        Entry(
          "online_latency",
          [
            simulation, Parameter("least", .number, range: 0...3600), Parameter("most", .number, range: 0...3600),
          ], summary: "How long the online service takes."
        ) { [unowned self] call throws(ScriptError) in
          let (least, most) = (call.number(2), call.number(3))
          try find(call).online.latency = min(least, most)...max(least, most)
        },
        Entry(
          "online_lost", [simulation, Parameter("is_lost", .boolean), Parameter("peer", .integer)],
          summary: "Makes the online service unreachable."
        ) { [unowned self] call throws(ScriptError) in
          try find(call).loseOnline(call.boolean(2), call.integer(3))
        },
        Entry("log", [simulation, peer, Parameter("level", .string)], summary: "A peer's log.") {
          [unowned self] call throws(ScriptError) in
          call.push(try find(call).peer(call.integer(2)).lines(upTo: LogLevel.named(call.string(3))))
        },
        Entry(
          "faults", [simulation, Parameter("from", .integer), Parameter("to", .integer), peer] + faults,
          summary: "Changes what the network does."
        ) { [unowned self] call throws(ScriptError) in
          let (from, to, peer) = (call.integer(2), call.integer(3), call.integer(4))
          let scope: Simulation.Scope = from > 0 ? .way(from: from, to: to) : peer > 0 ? .peer(peer) : .all
          try find(call).changeFaults(scope) { $0.changed(by: call, from: 5) }
        },
      ])
  }

  private func create(_ call: Call) throws(ScriptError) {
    var options = Simulation.Options(count: call.integer(1), config: call.string(2))
    options.seed = UInt64(exactly: call.number(3)) ?? call.number(3).bitPattern
    options.online = call.string(5)
    options.faults = LinkFaults.none.changed(by: call, from: 6)
    options.dataFolders = dataFolders
    let lists = 6 + LinkFaults.names.count
    options.secrets = (0..<options.count).map { Array(call.string(lists + $0).utf8) }
    options.dumps = (0..<options.count).map { call.string(lists + options.count + $0) }
    do throws(ScriptError) {
      options.shownLog = try LogLevel.named(call.string(4))
      simulations.append(try Simulation(options))
      call.push(true)
      call.push(simulations.count)
    } catch {
      call.push(false)
      call.push(error.description)
    }
  }

  private func find(_ call: Call) throws(ScriptError) -> Simulation {
    let number = call.integer(1)
    guard simulations.indices.contains(number - 1), let simulation = simulations[number - 1] else {
      throw ScriptError("these peers belong to a test that is over")
    }
    return simulation
  }

  // The Lua side raises errors of other states itself, so that they keep their own positions.
  private func answer(_ call: Call, _ body: () throws(ScriptError) -> [UInt8]) {
    do throws(ScriptError) {
      let result = try body()
      call.push(true)
      call.push(bytes: result)
    } catch {
      call.push(false)
      call.push(error.description)
    }
  }
}

extension LinkFaults {
  /// In the order in which the Lua side hands the values over.
  static let names = ["latency", "jitter", "loss", "duplication", "reordering", "bandwidth"]

  /// The same with the values that are not negative in a call's arguments from `first` on.
  func changed(by call: Call, from first: Int) -> LinkFaults {
    let places: [WritableKeyPath<LinkFaults, Double>] = [
      \.latency, \.jitter, \.loss, \.duplication, \.reordering, \.bandwidth,
    ]
    var faults = self
    for (index, place) in places.enumerated() where call.number(first + index) >= 0 {
      faults[keyPath: place] = call.number(first + index)
    }
    return faults
  }
}

extension LogLevel {
  static func named(_ name: String) throws(ScriptError) -> LogLevel {
    guard let value = names.firstIndex(of: name), let level = LogLevel(rawValue: value) else {
      throw ScriptError("log level: expected \(names.joined(separator: ", ")), got \"\(name)\"")
    }
    return level
  }
}
