extension ConsoleGroup {
  /// `network`: how bad the network is made, and how much it logs.
  /// - Parameters:
  ///   - logLevel: The level that is shown now.
  ///   - setLogLevel: Shows another one.
  public static func network(
    _ network: NetworkRuntime, logLevel: @escaping () -> LogLevel, setLogLevel: @escaping (LogLevel) -> Void
  ) -> ConsoleGroup {
    let faults = NetworkFaultCommands(network)
    let log = ConsoleCommand(
      "log", LogLevel.names.joined(separator: "|"), "How much the network logs."
    ) { arguments throws(ConsoleError) in
      let level = try arguments.choice(LogLevel.names)
      try arguments.end()
      setLogLevel(LogLevel(rawValue: level) ?? .warnings)
      return ""
    }
    return ConsoleGroup(
      "network", "how bad the network is made, and how much it logs", commands: faults.all + [log],
      status: { "\(faults.status)\nlog: \(LogLevel.names[logLevel().rawValue])" })
  }
}

/// The commands of `network` that make it bad.
private struct NetworkFaultCommands {
  private unowned let network: NetworkRuntime

  /// Longer latencies and outages than any player would bear.
  private static let seconds = 0.0...60
  /// In kbit/s; ten gigabits.
  private static let rates = 0.0...10_000_000

  init(_ network: NetworkRuntime) {
    self.network = network
  }

  var all: [ConsoleCommand] { [loss, outages, duplication, latency, limit, reset] }

  private var loss: ConsoleCommand {
    command("packet_loss", "[#peer] P", "Loses this part of the packets, 0 to 1.") { arguments throws(ConsoleError) in
      let part = try arguments.number("P", in: 0...1)
      return { $0.loss = part }
    }
  }

  private var outages: ConsoleCommand {
    command(
      "packet_loss_duration", "[#peer] LOSS PASS",
      "Loses all packets for LOSS seconds, lets them pass for PASS, and so on; LOSS 0 ends it."
    ) { arguments throws(ConsoleError) in
      let loss = try arguments.number("LOSS", in: Self.seconds, unit: " seconds")
      let pass = try arguments.number("PASS", in: Self.seconds, unit: " seconds")
      return { $0.outages = .init(loss: loss, pass: pass, start: network.environment.now()) }
    }
  }

  private var duplication: ConsoleCommand {
    command("duplication", "[#peer] P", "Lets this part of the packets arrive twice, 0 to 1.") {
      arguments throws(ConsoleError) in
      let part = try arguments.number("P", in: 0...1)
      return { $0.duplication = part }
    }
  }

  private var latency: ConsoleCommand {
    command(
      "latency", "[#peer] MIN MAX", "Makes packets MIN to MAX seconds late, each way; 0 0 ends it."
    ) { arguments throws(ConsoleError) in
      let least = try arguments.number("MIN", in: Self.seconds, unit: " seconds")
      let most = try arguments.number("MAX", in: Self.seconds, unit: " seconds")
      guard least <= most else {
        let (least, most) = (Console.text(least), Console.text(most))
        throw arguments.refusal("MIN, \(least) seconds, is more than MAX, \(most) seconds")
      }
      return { $0.latency = least...most }
    }
  }

  private var limit: ConsoleCommand {
    ConsoleCommand(
      "limit", "UP_KBPS DOWN_KBPS", "Sends and receives no more than so many kbit/s, all peers together; 0 0 ends it."
    ) { arguments throws(ConsoleError) in
      let up = try arguments.number("UP_KBPS", in: Self.rates, unit: " kbit/s")
      let down = try arguments.number("DOWN_KBPS", in: Self.rates, unit: " kbit/s")
      try arguments.end()
      network.faults.limits = (up * 125, down * 125)
      return ""
    }
  }

  private var reset: ConsoleCommand {
    ConsoleCommand("reset", "", "Ends all of these.") { arguments throws(ConsoleError) in
      try arguments.end()
      network.faults.reset()
      return ""
    }
  }

  /// A command about one peer or all; `reading` gives what it changes.
  private func command(
    _ name: String, _ usage: String, _ summary: String,
    reading: @escaping (inout ConsoleArguments) throws(ConsoleError) -> (inout TransportFaults) -> Void
  ) -> ConsoleCommand {
    ConsoleCommand(name, usage, summary) { arguments throws(ConsoleError) in
      let peer = try arguments.peer()
      let change = try reading(&arguments)
      try arguments.end()
      var faults = network.faults.faults(of: peer)
      change(&faults)
      network.faults.setFaults(faults, of: peer)
      guard let peer, network.subsystem?.connections.link(to: peer) == nil else { return "" }
      return "there is no connection to peer \(peer) now; this holds as soon as there is one"
    }
  }

  // MARK: What is set

  var status: String {
    let faults = network.faults
    var lines = ["all peers: \(Self.text(faults.faults(of: nil)))"]
    lines += faults.peersWithFaults.map { "#\($0): \(Self.text(faults.faults(of: $0)))" }
    let limits = faults.limits
    lines.append("limit: \(Self.rate(limits.up)) up, \(Self.rate(limits.down)) down")
    return lines.joined(separator: "\n")
  }

  private static func text(_ faults: TransportFaults) -> String {
    var parts: [String] = []
    func add(_ name: String, isOff: Bool, _ values: Double?...) {
      let values = values.compactMap { $0 }.map(Console.text)
      if !values.isEmpty { parts.append("\(name) \(isOff ? "off" : values.joined(separator: " "))") }
    }
    add("packet_loss", isOff: faults.loss == 0, faults.loss)
    add("packet_loss_duration", isOff: faults.outages?.loss == 0, faults.outages?.loss, faults.outages?.pass)
    add("duplication", isOff: faults.duplication == 0, faults.duplication)
    add("latency", isOff: faults.latency?.upperBound == 0, faults.latency?.lowerBound, faults.latency?.upperBound)
    return parts.isEmpty ? "no faults" : parts.joined(separator: ", ")
  }

  private static func rate(_ bytes: Double) -> String {
    bytes == 0 ? "none" : "\(Console.text(bytes / 125)) kbit/s"
  }
}
