extension ConsoleGroup {
  /// `perfhud`: tables of the network's traffic.
  /// - Parameter hud: Kept by the commands.
  public static func perfhud(_ hud: PerfHUD) -> ConsoleGroup {
    let commands = [
      ConsoleCommand(
        "network", "[peers kbps|bytes]", "Traffic by kind; with `peers`, that of each peer in this unit."
      ) { arguments throws(ConsoleError) in
        guard !arguments.isEmpty else { return shown(hud, .network, "network") }
        _ = try arguments.choice(["peers"])
        let unit = try arguments.choice(["kbps", "bytes"])
        try arguments.end()
        return shown(hud, .peers(inBytes: unit == 1), "network peers \(["kbps", "bytes"][unit])")
      },
      table(hud, "network_messages", .messages, "Messages by name."),
      ConsoleCommand(
        "network_peer", "N", "Traffic of one peer, by its number in network_peers."
      ) { arguments throws(ConsoleError) in
        let place = try arguments.wholeNumber("N", in: 1...Limits.links)
        try arguments.end()
        return shown(hud, .peer(place), "network_peer \(place)")
      },
      table(hud, "network_peers", .peers(inBytes: false), "Traffic and ping of each peer."),
      table(hud, "network_ping", .ping, "Round trips to each peer."),
      table(hud, "network_qos", .qos, "How much may be sent to each peer, and what waits."),
      ConsoleCommand("off", "", "Shows none of them any more.") { arguments throws(ConsoleError) in
        try arguments.end()
        hud.hideAll()
        return "perfhud: off"
      },
    ]
    return ConsoleGroup(
      "perfhud", "tables of the network's traffic; the same command again ends one", commands: commands,
      status: { "shown: \(hud.tables.isEmpty ? "none" : hud.tables.map(name).joined(separator: ", "))" })
  }

  private static func table(
    _ hud: PerfHUD, _ name: String, _ table: PerfHUD.Table, _ summary: String
  ) -> ConsoleCommand {
    ConsoleCommand(name, "", summary) { arguments throws(ConsoleError) in
      try arguments.end()
      return shown(hud, table, name)
    }
  }

  private static func shown(_ hud: PerfHUD, _ table: PerfHUD.Table, _ name: String) -> String {
    hud.toggle(table) ? "perfhud \(name): on, every \(hud.network.displayInterval) s" : "perfhud \(name): off"
  }

  private static func name(of table: PerfHUD.Table) -> String {
    switch table {
    case .network: "network"
    case .messages: "network_messages"
    case .peer(let number): "network_peer \(number)"
    case .peers(let inBytes): inBytes ? "network peers bytes" : "network_peers"
    case .ping: "network_ping"
    case .qos: "network_qos"
    }
  }
}
