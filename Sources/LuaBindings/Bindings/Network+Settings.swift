import NetRuntime

extension NetworkNamespace {
  static var settings: [Entry] {
    [
      log, ignoreRPCLog,
      time(
        "set_max_transmit_rate", \.maxTransmitRate,
        "The least time in seconds between two transmits; 0.03 by default."),
      time(
        "set_resend_time", \.resend,
        "Seconds after which data that was not acknowledged is sent again; 0.2 by default."),
      time(
        "set_ping_send_time", \.pingSend,
        "Seconds between the answer to one ping and the next ping; 1.0 by default."),
      time(
        "set_ping_resend_time", \.pingResend,
        "Seconds after which a ping without an answer is sent again; 0.5 by default."),
      time(
        "set_pong_timeout", \.pongTimeout,
        "Seconds without a word from a peer after which its connection counts as broken; 60 by default."),
    ]
  }

  private static var log: Entry {
    Entry(
      "log", [Parameter("log_level", .integer, range: 0...3)],
      summary: "Sets how much the network logs: `SILENT`, `WARNINGS`, `MESSAGES` or `SPEW`. Needs no client."
    ) { call throws(ScriptError) in
      try call.binding.host.setLogLevel(LogLevel(rawValue: call.integer(1)) ?? .warnings)
    }
  }

  private static var ignoreRPCLog: Entry {
    Entry(
      "ignore_rpc_log", [Parameter("name", .string)],
      summary: """
        Keeps messages of a name out of the log, for they come so often that they hide the others. An addition to the \
        engine's functions.
        """
    ) { call throws(ScriptError) in
      let name = call.string(1)
      try call.network { network throws(NetworkError) in try network.ignoreInLog(message: name) }
    }
  }

  private static func time(
    _ name: String, _ path: WritableKeyPath<TimingSettings, Double>, _ summary: String
  ) -> Entry {
    Entry(name, [Parameter("time", .number, range: 0...86400)], summary: summary) { call throws(ScriptError) in
      try call.binding.network.timing[keyPath: path] = call.number(1)
    }
  }
}
