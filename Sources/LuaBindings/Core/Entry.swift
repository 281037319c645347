/// One parameter of a function.
public struct Parameter: Sendable {
  public let name: String
  public let type: ValueType
  /// May be left out or nil.
  public let isOptional: Bool
  /// Limits of a number, both included.
  public let range: ClosedRange<Double>?
  /// Takes all arguments from here on, none included.
  public let isVariadic: Bool
  /// The type as the reference writes it, where that says more than `type`.
  public let notation: String?

  public init(
    _ name: String, _ type: ValueType, optional: Bool = false, range: ClosedRange<Double>? = nil,
    variadic: Bool = false, notation: String? = nil
  ) {
    self.name = name
    self.type = type
    isOptional = optional
    self.range = range
    isVariadic = variadic
    self.notation = notation
  }

  /// The type as the reference writes it.
  public var typeName: String {
    notation ?? type.name + (isOptional ? "?" : "") + (isVariadic ? "*" : "")
  }

  /// As an error names what it expected.
  var expectation: String {
    guard let range else { return type.expectation }
    return "\(type.expectation) \(text(range.lowerBound)) to \(text(range.upperBound))"
  }

  private func text(_ value: Double) -> String {
    Int64(exactly: value).map { "\($0)" } ?? "\(value)"
  }
}

/// One function of the API: everything that registration, checks, errors, annotations, the reference and the coverage
/// report say about it.
public struct Entry {
  /// What the function does.
  public enum Action {
    /// Reads the arguments, which have been checked, and pushes the results.
    case call((Call) throws(ScriptError) -> Void)
    /// Calls back into the script between `begin` and `finish`.
    case dispatch(Dispatch)
    /// The function belongs to a later version; the text says what is missing.
    case missing(String)
  }

  /// A call that hands events to the callback object that it was given.
  public struct Dispatch {
    /// Which argument is the callback object, from 1.
    public let callbackObject: Int
    public let begin: (Call) throws(ScriptError) -> Void
    /// Stages the next event, its name by `Call.event`, then its arguments; false when there is none. No event is
    /// lost when a handler raises an error: the rest waits for the next dispatch.
    public let next: (Call) throws(ScriptError) -> Bool
    /// Runs at the end, also after an error in a handler; may push results.
    public let finish: (Call) throws(ScriptError) -> Void

    public init(
      callbackObject: Int,
      begin: @escaping (Call) throws(ScriptError) -> Void,
      next: @escaping (Call) throws(ScriptError) -> Bool,
      finish: @escaping (Call) throws(ScriptError) -> Void = { (_) throws(ScriptError) in }
    ) {
      self.callbackObject = callbackObject
      self.begin = begin
      self.next = next
      self.finish = finish
    }
  }

  public let name: String
  /// More than one where the function can be called in several ways; `Call.signature` says which one fits.
  public let signatures: [[Parameter]]
  /// Types of the results as the reference writes them.
  public let results: [String]
  /// What the function does, in a sentence or a few.
  public let summary: String
  public let action: Action

  public init(
    _ name: String, _ parameters: [Parameter] = [], returns results: [String] = [], summary: String,
    _ body: @escaping (Call) throws(ScriptError) -> Void
  ) {
    self.init(name, signatures: [parameters], returns: results, summary: summary, .call(body))
  }

  public init(
    _ name: String, signatures: [[Parameter]], returns results: [String] = [], summary: String, _ action: Action
  ) {
    self.name = name
    self.signatures = signatures
    self.results = results
    self.summary = summary
    self.action = action
  }

  /// True unless the function is one of a later version.
  public var isImplemented: Bool {
    if case .missing = action { return false }
    return true
  }
}

/// A named number of a namespace.
public struct Constant: Sendable {
  public let name: String
  public let value: Double
  public let summary: String

  public init(_ name: String, _ value: Double, _ summary: String) {
    self.name = name
    self.value = value
    self.summary = summary
  }
}

/// A table of functions and constants; where it is a type of userdata, also what its values can do.
public struct Namespace {
  public let name: String
  public let summary: String
  /// The type of userdata that this is the namespace of.
  public let kind: UserdataKind?
  public var entries: [Entry]
  public var constants: [Constant]
  /// What happens when the namespace is called: `Vector3(1, 2, 3)`.
  public var constructor: Entry?
  /// Functions of the metatable, such as `__add`; `__index` is the namespace itself.
  public var metamethods: [Entry]

  public init(
    _ name: String, _ summary: String, kind: UserdataKind? = nil, entries: [Entry] = [], constants: [Constant] = [],
    constructor: Entry? = nil, metamethods: [Entry] = []
  ) {
    self.name = name
    self.summary = summary
    self.kind = kind
    self.entries = entries
    self.constants = constants
    self.constructor = constructor
    self.metamethods = metamethods
  }
}
