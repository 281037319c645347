import Glibc

/// The path of a recording as settings.ini has it: tags between percent signs stand for what is known when the program
/// starts.
enum DumpPath {
  private static let tags = ["%APPDATA%", "%UTCDATE%", "%UTCTIME%", "%RANDOM%"]

  /// What is wrong with an empty path.
  static let missing = "expected a file"

  /// What is wrong with a path; nil when nothing is.
  static func problem(in path: String) -> String? {
    if path.isEmpty { return missing }
    for part in parts(path) where part.hasPrefix("%") && part.count > 1 && !tags.contains(part) {
      return "there is no tag \(part); expected \(tags.dropLast().joined(separator: ", ")) or \(tags[tags.count - 1])"
    }
    return nil
  }

  /// The path with its tags replaced.
  /// - Parameters:
  ///   - time: Seconds since 1970 UTC.
  ///   - random: Drawn at random.
  ///   - variable: A variable of the environment.
  static func expanded(
    _ path: String, time: Int, random: UInt32, variable: (String) -> String? = DumpPath.variable
  ) -> String {
    var seconds = time_t(time)
    var now = tm()
    gmtime_r(&seconds, &now)
    return parts(path).map { part in
      switch part {
      case "%APPDATA%": dataFolder(variable)
      case "%UTCDATE%": "\(digits(now.tm_year + 1900, 4))-\(digits(now.tm_mon + 1))-\(digits(now.tm_mday))"
      case "%UTCTIME%": "\(digits(now.tm_hour))-\(digits(now.tm_min))-\(digits(now.tm_sec))"
      case "%RANDOM%": digits(String(random, radix: 16), 8)
      default: part
      }
    }.joined()
  }

  /// Makes the folders that a file lies in; where that fails, making the file tells why.
  static func makeFolders(for path: String) {
    var folder = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
      folder += part + "/"
      if !part.isEmpty { mkdir(folder, 0o755) }
    }
  }

  static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Where programs of this user keep their data, as the XDG base directories say.
  private static func dataFolder(_ variable: (String) -> String?) -> String {
    if let folder = variable("XDG_DATA_HOME"), folder.hasPrefix("/") { return folder }
    return (variable("HOME") ?? ".") + "/.local/share"
  }

  /// The texts between tags, and the tags with their percent signs; a single percent sign is text.
  private static func parts(_ path: String) -> [String] {
    var parts: [String] = []
    var rest = Substring(path)
    while let start = rest.firstIndex(of: "%"), let end = rest[rest.index(after: start)...].firstIndex(of: "%") {
      parts.append(String(rest[..<start]))
      parts.append(String(rest[start...end]))
      rest = rest[rest.index(after: end)...]
    }
    return parts + [String(rest)]
  }

  private static func digits(_ value: Int32, _ count: Int = 2) -> String { digits(String(value), count) }

  private static func digits(_ text: String, _ count: Int) -> String {
    String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
