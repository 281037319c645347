/// An error that a script sees: what went wrong, in words that a game designer can act on.
///
/// The text names neither the function nor the script's position; both are put before it when it is raised.
public struct ScriptError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
