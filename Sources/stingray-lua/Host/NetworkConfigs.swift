import LuaBindings
import NetRuntime

/// Finds network configs by their resource names.
final class NetworkConfigs {
  private let folders: [String]
  private let texts: [String: String]
  private let log: Log

  static let ending = ".network_config"

  /// - Parameters:
  ///   - folders: Where files are looked for, in this order.
  ///   - texts: Configs that are no files, by name; they come first.
  ///   - log: Gets the warnings about options that nobody knows.
  init(folders: [String], texts: [String: String] = [:], log: @escaping Log) {
    self.folders = folders
    self.texts = texts
    self.log = log
  }

  func load(_ name: String) throws(ScriptError) -> NetworkConfig {
    let (file, text) = try find(name)
    do throws(ConfigError) {
      let config = try NetworkConfig.parse(text, file: file)
      for warning in config.warnings { log(.warnings, LogLine(warning.description)) }
      return config
    } catch {
      throw ScriptError(error.description)
    }
  }

  private func find(_ name: String) throws(ScriptError) -> (file: String, text: [UInt8]) {
    if let text = texts[name] { return (name + NetworkConfigs.ending, Array(text.utf8)) }
    let places = folders.map { Files.join($0, name + NetworkConfigs.ending) }
    guard let place = places.first(where: Files.isFile) else {
      let known =
        folders.flatMap { Files.all($0, ending: NetworkConfigs.ending) }.map { path in
          String(path.split(separator: "/").last?.dropLast(NetworkConfigs.ending.count) ?? "")
        } + texts.keys
      throw ScriptError(
        "there is no network config \"\(name)\" (looked for \(places.joined(separator: ", ")))"
          + suggestion(for: name, in: known)
      )
    }
    do throws(FileError) {
      return (place, try Files.read(place))
    } catch {
      throw ScriptError(error.description)
    }
  }
}
