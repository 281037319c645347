import Glibc
import NetRuntime

/// Where a program's online service is.
public enum OnlinePlace: Equatable, Sendable {
  /// The file that the user's programs share where nobody has said another; see `stateFolder`.
  case standard
  /// A file that all programs share that name it.
  case file(String)
  case server(OnlineAddress)
  /// There is no online service.
  case off

  /// Reads what a user or a game's settings say.
  /// - Parameters:
  ///   - text: A file, the URL of a server, or "off".
  ///   - setting: How errors call it.
  ///   - folder: Where a file is looked for that is no absolute path; nil for the current one.
  ///   - secret: What the server expects, unless the URL or STINGRAY_ONLINE_SECRET has it.
  public init(_ text: String, setting: String, folder: String? = nil, secret: String? = nil) throws(OnlineError) {
    let expected = "expected a file, the address of a server such as http://127.0.0.1:7780, or off"
    if text == "off" {
      self = .off
    } else if OnlineAddress.isMeant(by: text) {
      guard let address = OnlineAddress(text, secret: OnlinePlace.variable("STINGRAY_ONLINE_SECRET") ?? secret) else {
        throw OnlineError("\(setting): expected an address such as http://SECRET@127.0.0.1:7780, got another one")
      }
      self = .server(address)
    } else if let end = text.firstRange(of: "://")?.lowerBound {
      let scheme = String(text[..<end])
      let hint = suggestion(for: scheme, in: ["http", "https"])
      // What follows may have a secret in it.
      throw OnlineError("\(setting): \(expected), got \"\(scheme.prefix(200))://...\"\(hint)")
    } else if text.isEmpty || text.utf8.contains(0) {
      throw OnlineError("\(setting): \(expected), got \"\(text.prefix(200))\"")
    } else if text.hasPrefix("~/") {
      self = .file(try OnlinePlace.home() + text.dropFirst())
    } else if let folder, !text.hasPrefix("/") {
      self = .file(folder + "/" + text)
    } else {
      self = .file(text)
    }
  }

  /// The user's own folder for what programs remember, "stingray-lua" in it. It may not exist yet.
  public static func stateFolder() throws(OnlineError) -> String {
    if let folder = variable("XDG_STATE_HOME"), folder.hasPrefix("/") { return folder + "/stingray-lua" }
    return try home() + "/.local/state/stingray-lua"
  }

  /// Makes a folder and those around it, for this user alone.
  static func makeFolder(_ path: String) throws(OnlineError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let end = path.lastIndex(of: "/"), end > path.startIndex else {
      throw OnlineError("cannot make the folder \(path): \(String(cString: strerror(errno)))")
    }
    try makeFolder(String(path[..<end]))
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw OnlineError("cannot make the folder \(path): \(String(cString: strerror(errno)))")
    }
  }

  private static func home() throws(OnlineError) -> String {
    if let home = variable("HOME"), home.hasPrefix("/") { return home }
    if let entry = getpwuid(geteuid()), let home = entry.pointee.pw_dir { return String(cString: home) }
    throw OnlineError("there is no home folder for the online file; name one with --online FILE")
  }

  static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
