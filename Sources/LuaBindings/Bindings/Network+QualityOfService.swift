import NetRuntime

extension NetworkNamespace {
  static var qualityOfService: [Entry] {
    [
      enable,
      peerSwitch(
        "enable_qos_peer", true,
        """
        Takes the connection to a peer back into quality of service after `disable_qos_peer`; it begins with the \
        initial rate. Without `enable_qos` it does nothing.
        """),
      peerSwitch(
        "disable_qos_peer", false,
        """
        Takes the connection to a peer out of quality of service: it is sent to at the fixed rate of connections \
        without, beside the total. Without `enable_qos` it does nothing.
        """),
    ]
  }

  /// 10 Gbit/s: more is no upload of a game.
  private static let mostKbps = 10_000_000.0

  private static var enable: Entry {
    Entry(
      "enable_qos",
      [
        Parameter("min_peer_kbps", .number, range: 0...mostKbps),
        Parameter("initial_peer_kbps", .number, range: 1...mostKbps),
        Parameter("max_total_kbps", .number, range: 1...mostKbps),
      ],
      summary: """
        Turns quality of service on: the upload to each peer is adapted to what the way there carries, begins with \
        `initial_peer_kbps` and is never held below `min_peer_kbps`; all peers together get at most \
        `max_total_kbps`. All are kbit/s (1,000 bits a second) of IP packets. May be called again at any time with \
        other limits; ends with the client.
        """
    ) { call throws(ScriptError) in
      let (least, initial, total) = (call.number(1), call.number(2), call.number(3))
      guard least <= total else {
        throw ScriptError(
          "argument 1 (min_peer_kbps): expected at most max_total_kbps, \(text(total)), got \(text(least))")
      }
      guard initial >= least, initial <= total else {
        throw ScriptError(
          """
          argument 2 (initial_peer_kbps): expected a number from min_peer_kbps, \(text(least)), to max_total_kbps, \
          \(text(total)), got \(text(initial))
          """)
      }
      try call.network { network throws(NetworkError) in
        try network.enableQualityOfService(
          QualityOfService(minimumKbps: least, initialKbps: initial, maximumTotalKbps: total))
      }
    }
  }

  private static func peerSwitch(_ name: String, _ isAdaptive: Bool, _ summary: String) -> Entry {
    Entry(name, [Parameter("peer_id", .peer)], summary: summary) { call throws(ScriptError) in
      let peer = call.peer(1)
      try call.network { network throws(NetworkError) in try network.setAdaptive(isAdaptive, peer) }
    }
  }

  private static func text(_ value: Double) -> String {
    Int64(exactly: value).map { "\($0)" } ?? "\(value)"
  }
}
