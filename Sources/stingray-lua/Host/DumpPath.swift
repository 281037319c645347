import Glibc
import NetRuntime

/// The path of a recording as settings.ini has it: tags between percent signs stand for what is known when the program
/// starts.
enum DumpPath {
  private static let tags = ["%APPDATA%", "%UTCDATE%", "%UTCTIME%", "%RANDOM%"]

  /// What is wrong with an empty path.
  static let missing = "expected a file"

  /// What is wrong with a path; nil when nothing is.
  static func problem(in path: String) -> String? {
    if path.isEmpty { return missing }
    for (index, tag) in parts(path).enumerated() where index % 2 == 1 && !tags.contains(tag) {
      return "there is no tag \(tag); expected \(tags.dropLast().joined(separator: ", ")) or \(tags[tags.count - 1])"
        + suggestion(for: tag, in: tags)
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

  /// Texts and tags in turn, the first and the last a text. A tag is a name between percent signs; any other percent
  /// sign is text.
  private static func parts(_ path: String) -> [String] {
    var parts: [String] = []
    var text = ""
    var rest = Substring(path)
    while let start = rest.firstIndex(of: "%") {
      let name = rest[rest.index(after: start)...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      text += rest[..<start]
      if !name.isEmpty, name.endIndex < rest.endIndex, rest[name.endIndex] == "%" {
        parts += [text, "%\(name)%"]
        text = ""
        rest = rest[rest.index(after: name.endIndex)...]
      } else {
        text += "%"
        rest = rest[name.startIndex...]
      }
    }
    return parts + [text + rest]
  }

  private static func digits(_ value: Int32, _ count: Int = 2) -> String { digits(String(value), count) }

  private static func digits(_ text: String, _ count: Int) -> String {
    String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
