/// The program's console: commands in groups, such as `network packet_loss`. Scripts reach it by
/// `Application.console_command`, users by lines of standard input.
public final class Console {
  /// In the order in which `help` lists them; their names differ.
  public private(set) var groups: [ConsoleGroup]

  public init(_ groups: [ConsoleGroup] = []) {
    self.groups = groups
  }

  public func add(_ group: ConsoleGroup) {
    groups.append(group)
  }

  /// Runs one command.
  /// - Parameter text: The group, the command and its arguments, between white space. Only a group: its help. Nothing:
  ///   nothing.
  /// - Returns: What the command has to say, without a line feed at the end; "" where it did without a word.
  public func run(_ text: String) throws(ConsoleError) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let name = words.first else { return "" }
    if name == "help" { return help }
    guard let group = groups.first(where: { $0.name == name }) else {
      throw .unknownCommand(name, known: groups.map(\.name) + ["help"])
    }
    guard words.count > 1, words[1] != "help" else { return group.help }
    guard let command = group.commands.first(where: { $0.name == words[1] }) else {
      throw .unknownSubcommand(words[1], of: name, known: group.commands.map(\.name) + ["help"])
    }
    var arguments = ConsoleArguments(words.dropFirst(2), usage: command.usage(in: group))
    return try command.action(&arguments)
  }

  private var help: String {
    (groups.map { "\($0.name): \($0.summary)" } + ["NAME help lists the commands of one of them."]).joined(
      separator: "\n")
  }
}

/// Commands that start with the same word.
public struct ConsoleGroup {
  public let name: String
  /// What its commands are about, a sentence without its full stop.
  public let summary: String
  public var commands: [ConsoleCommand]
  /// Lines that the group's help ends with: what is set at present. "" for none.
  public var status: () -> String

  public init(
    _ name: String, _ summary: String, commands: [ConsoleCommand], status: @escaping () -> String = { "" }
  ) {
    self.name = name
    self.summary = summary
    self.commands = commands
    self.status = status
  }

  var help: String {
    let usages = commands.map { $0.usage(in: self) }
    let width = usages.map(\.count).max() ?? 0
    var lines = zip(usages, commands).map { usage, command in
      usage + String(repeating: " ", count: width - usage.count) + "  " + command.summary
    }
    let status = status()
    if !status.isEmpty { lines.append(status) }
    return lines.joined(separator: "\n")
  }
}

/// One command: a row of the table that dispatch, help and error texts are made from.
public struct ConsoleCommand {
  /// Reads the arguments, does what they ask, and says what came of it ("" for nothing to say). Nothing is changed
  /// where it throws: read all arguments first, up to `ConsoleArguments.end()`.
  public typealias Action = (inout ConsoleArguments) throws(ConsoleError) -> String

  /// The word behind the group's.
  public let name: String
  /// The arguments, as help and errors show them: "[#peer] P".
  public let arguments: String
  /// What it does, in a line.
  public let summary: String
  public let action: Action

  public init(_ name: String, _ arguments: String, _ summary: String, action: @escaping Action) {
    self.name = name
    self.arguments = arguments
    self.summary = summary
    self.action = action
  }

  func usage(in group: ConsoleGroup) -> String {
    arguments.isEmpty ? "\(group.name) \(name)" : "\(group.name) \(name) \(arguments)"
  }
}
