/// Why a command of the console did nothing.
public enum ConsoleError: Error, Equatable, Sendable {
  /// No group has this name.
  case unknownCommand(String, known: [String])
  /// The group has no command of this name.
  case unknownSubcommand(String, of: String, known: [String])
  /// An argument is wrong, missing or too many; `suggestion` is "" or "; did you mean `x`?".
  case unexpected(_ expected: String, got: String?, usage: String, suggestion: String = "")
  /// The command cannot do what it was asked for; the text says why.
  case refused(String)
}

extension ConsoleError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownCommand(let name, let known):
      "there is no command \"\(name)\"; the commands are \(known.joined(separator: ", "))"
        + suggestion(for: name, in: known)
    case .unknownSubcommand(let name, let group, let known):
      "`\(group)` has no command \"\(name)\"; it has \(known.joined(separator: ", "))"
        + suggestion(for: name, in: known)
    case .unexpected(let expected, let got, let usage, let suggestion):
      "expected \(expected), got \(got.map { "\"\($0)\"" } ?? "nothing")\(suggestion) (usage: \(usage))"
    case .refused(let text): text
    }
  }
}
