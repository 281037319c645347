/// The words behind a command, read one after another.
public struct ConsoleArguments {
  private var rest: ArraySlice<String>
  private let usage: String

  init(_ words: ArraySlice<String>, usage: String) {
    rest = words
    self.usage = usage
  }

  /// Reads `#` and a peer id, where the next word begins so; nil where it does not.
  public mutating func peer() throws(ConsoleError) -> PeerID? {
    guard let word = rest.first, word.hasPrefix("#") else { return nil }
    guard let peer = PeerID(hexadecimal: word.utf8.dropFirst()), peer != .nobody else {
      throw .unexpected("# and a peer id (hexadecimal) such as #18f7be4ebf73e0", got: word, usage: usage)
    }
    rest.removeFirst()
    return peer
  }

  /// Reads a number.
  /// - Parameters:
  ///   - name: As the usage has it.
  ///   - unit: Behind the range in errors: " seconds".
  public mutating func number(
    _ name: String, in range: ClosedRange<Double>, unit: String = ""
  ) throws(ConsoleError) -> Double {
    let expectation = "\(name), a number \(Console.text(range.lowerBound)) to \(Console.text(range.upperBound))\(unit)"
    guard let word = rest.first, let value = Double(word), range.contains(value) else {
      throw .unexpected(expectation, got: rest.first, usage: usage)
    }
    rest.removeFirst()
    return value
  }

  /// Reads a whole number.
  /// - Parameter name: As the usage has it.
  public mutating func wholeNumber(_ name: String, in range: ClosedRange<Int>) throws(ConsoleError) -> Int {
    guard let word = rest.first, let value = Int(word), range.contains(value) else {
      let expectation = "\(name), a whole number \(range.lowerBound) to \(range.upperBound)"
      throw .unexpected(expectation, got: rest.first, usage: usage)
    }
    rest.removeFirst()
    return value
  }

  /// The error for arguments that do not go together.
  public func refusal(_ text: String) -> ConsoleError { .refused("\(text) (usage: \(usage))") }

  /// Reads one of some words.
  /// - Returns: Its place among them.
  public mutating func choice(_ names: [String]) throws(ConsoleError) -> Int {
    guard let word = rest.first, let index = names.firstIndex(of: word) else {
      let expectation = (names.count < 2 ? "" : names.dropLast().joined(separator: ", ") + " or ") + (names.last ?? "")
      throw .unexpected(
        expectation, got: rest.first, usage: usage,
        suggestion: rest.first.map { suggestion(for: $0, in: names) } ?? "")
    }
    rest.removeFirst()
    return index
  }

  /// Whether all words are read: what follows may be left out, and is.
  public var isEmpty: Bool { rest.isEmpty }

  /// Takes care that no words are left.
  public func end() throws(ConsoleError) {
    guard let word = rest.first else { return }
    throw .unexpected("nothing more", got: word, usage: usage)
  }
}

extension Console {
  /// A number as users write it: "2", "0.5".
  static func text(_ value: Double) -> String {
    Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }
}
