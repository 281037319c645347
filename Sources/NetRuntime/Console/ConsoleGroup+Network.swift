extension ConsoleGroup {
  /// `network`: how bad the network is made, and how much it logs.
  /// - Parameters:
  ///   - logLevel: The level that is shown now.
  ///   - setLogLevel: Shows another one.
  public static func network(
    _ network: NetworkRuntime, logLevel: @escaping () -> LogLevel, setLogLevel: @escaping (LogLevel) -> Void
  ) -> ConsoleGroup {
    ConsoleGroup(
      "network", "how bad the network is made, and how much it logs",
      commands: [
        ConsoleCommand(
          "log", LogLevel.names.joined(separator: "|"), "How much the network logs."
        ) { arguments throws(ConsoleError) in
          let level = try arguments.choice(LogLevel.names)
          try arguments.end()
          setLogLevel(LogLevel(rawValue: level) ?? .warnings)
          return ""
        }
      ],
      status: { "log: \(LogLevel.names[logLevel().rawValue])" })
  }
}
