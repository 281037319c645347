extension NetworkConfig {
  /// Compiles the bytes of a `.network_config` file. `file` is the name that errors bear.
  ///
  /// Unknown options end in `warnings`, or are errors when `strict`. Throws the first error, with its place in the
  /// file.
  public static func parse(_ bytes: [UInt8], file: String, strict: Bool = false) throws(ConfigError) -> NetworkConfig {
    let root = try SJSON.parse(bytes, file: file)
    var reader = ConfigReader(file: file, isStrict: strict, source: bytes)
    return try reader.read(root)
  }

  /// Compiles the text of a `.network_config`.
  public static func parse(_ text: String, file: String, strict: Bool = false) throws(ConfigError) -> NetworkConfig {
    try parse(Array(text.utf8), file: file, strict: strict)
  }
}
