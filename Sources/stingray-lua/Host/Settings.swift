import NetRuntime

/// What the program takes from a settings file (SJSON). Games keep values of their own in the same file.
struct Settings {
  /// The script to run, a path from the file's folder, with or without ".lua".
  var bootScript: String?
  /// The network interface to use; nil for all.
  var interface: String?
  /// Peers with another secret cannot connect.
  var sharedSecret: [UInt8]?
  /// Where the network's recording goes, with tags as `DumpPath` knows them.
  var dump: String?
  /// Bytes.
  var reliableSendBufferSize: Int?
  var reliableReceiveBufferSize: Int?
  /// Who plays online, and where.
  var online = OnlineSettings()
  /// Which game this is on each platform.
  var platforms = PlatformSettings()
  /// The whole file.
  var root: SJSON.Node?

  init() {}

  /// - Throws: Where the text is no SJSON, or where one of the values above is of another type.
  init(_ text: [UInt8], file: String) throws(ConfigError) {
    let root = try SJSON.parse(text, file: file)
    self.root = root
    bootScript = try Settings.string(root["boot_script"], "boot_script", file)
    online = try OnlineSettings(root["online"], file: file)
    platforms = try PlatformSettings(root, file: file)
    guard let network = root["network"] else { return }
    guard case .object = network.value else {
      throw Settings.error(network, "network", expected: "an object", file)
    }
    interface = try Settings.string(network["interface"], "network.interface", file)
    sharedSecret = try Settings.string(network["shared_secret"], "network.shared_secret", file).map { Array($0.utf8) }
    dump = try Settings.string(network["log"], "network.log", file)
    if let node = network["log"], let dump, let problem = DumpPath.problem(in: dump) {
      throw ConfigError(
        file: file, line: node.position.line, column: node.position.column, message: "network.log: \(problem)")
    }
    reliableSendBufferSize = try Settings.size(
      network["reliable_send_buffer_size"], "network.reliable_send_buffer_size", file)
    reliableReceiveBufferSize = try Settings.size(
      network["reliable_receive_buffer_size"], "network.reliable_receive_buffer_size", file)
  }

  private static func string(_ node: SJSON.Node?, _ name: String, _ file: String) throws(ConfigError) -> String? {
    guard let node else { return nil }
    guard let text = node.string else { throw error(node, name, expected: "a string", file) }
    return text
  }

  private static func size(_ node: SJSON.Node?, _ name: String, _ file: String) throws(ConfigError) -> Int? {
    guard let node else { return nil }
    guard let number = node.number, let size = Int(exactly: number), Limits.reliableBufferSizes.contains(size) else {
      let sizes = Limits.reliableBufferSizes
      throw error(node, name, expected: "bytes, \(sizes.lowerBound) to \(sizes.upperBound)", file)
    }
    return size
  }

  private static func error(_ node: SJSON.Node, _ name: String, expected: String, _ file: String) -> ConfigError {
    ConfigError(
      file: file, line: node.position.line, column: node.position.column,
      message: "\(name): expected \(expected), got \(node.summary)")
  }
}
