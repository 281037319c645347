import Foundation

/// Checks JSON against the schemas of an OpenAPI document, as far as these use JSON Schema, and keeps book of what was
/// seen: properties, words and kinds that no sample has.
struct SchemaChecker {
  private let schemas: [String: Any]
  private(set) var seen: Set<String> = []
  private(set) var errors: [String] = []

  init(_ document: [String: Any]) {
    schemas = (document["components"] as? [String: Any])?["schemas"] as? [String: Any] ?? [:]
  }

  mutating func check(_ value: Any, as name: String) {
    seen.insert(name)
    errors += problems(value, schemas[name] as? [String: Any] ?? ["type": "nothing"], name)
  }

  private mutating func problems(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    if let reference = schema["$ref"] as? String {
      let name = String(reference.split(separator: "/").last ?? "")
      seen.insert(name)
      guard let schema = schemas[name] as? [String: Any] else { return ["\(path): no schema \(name)"] }
      return problems(value, schema, name)
    }
    if let choices = schema["oneOf"] as? [[String: Any]] {
      var fitting = 0
      for (index, choice) in choices.enumerated() {
        let before = seen
        if problems(value, choice, "\(path)#\(index)").isEmpty { fitting += 1 } else { seen = before }
      }
      return fitting == 1 ? [] : ["\(path): \(fitting) kinds fit \(value)"]
    }
    switch schema["type"] as? String {
    case "object": return objectProblems(value, schema, path)
    case "array": return listProblems(value, schema, path)
    case "string": return textProblems(value, schema, path)
    case "boolean": return Self.isFlag(value) ? [] : ["\(path): no boolean"]
    case "number": return value is NSNumber && !Self.isFlag(value) ? [] : ["\(path): no number"]
    case "integer": return integerProblems(value, schema, path)
    default: return ["\(path): no type"]
    }
  }

  private mutating func objectProblems(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    guard let object = value as? [String: Any] else { return ["\(path): no object"] }
    var errors: [String] = []
    for name in schema["required"] as? [String] ?? [] where object[name] == nil {
      errors.append("\(path) lacks \(name)")
    }
    let properties = schema["properties"] as? [String: Any] ?? [:]
    for (name, value) in object {
      if let property = properties[name] as? [String: Any] {
        seen.insert("\(path).\(name)")
        errors += problems(value, property, "\(path).\(name)")
      } else if let rest = schema["additionalProperties"] as? [String: Any] {
        errors += problems(value, rest, "\(path).*")
      } else {
        errors.append("\(path) has \(name)")
      }
    }
    return errors
  }

  private mutating func listProblems(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    guard let list = value as? [Any], let items = schema["items"] as? [String: Any] else { return ["\(path): no list"] }
    var errors: [String] = []
    if let most = schema["maxItems"] as? Int, list.count > most { errors.append("\(path): too many") }
    if let least = schema["minItems"] as? Int, list.count < least { errors.append("\(path): too few") }
    for element in list { errors += problems(element, items, "\(path)[]") }
    return errors
  }

  private mutating func textProblems(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    guard let text = value as? String else { return ["\(path): no text"] }
    if let words = schema["enum"] as? [String] {
      guard words.contains(text) else { return ["\(path): \(text) is not one of \(words)"] }
      seen.insert("\(path)=\(text)")
    }
    if let most = schema["maxLength"] as? Int, text.count > most { return ["\(path): too long"] }
    if let least = schema["minLength"] as? Int, text.count < least { return ["\(path): too short"] }
    guard let pattern = schema["pattern"] as? String else { return [] }
    return text.range(of: pattern, options: .regularExpression) == nil ? ["\(path): \(text) is not \(pattern)"] : []
  }

  /// Numbers 0 and 1 may pass for flags, too.
  private static func isFlag(_ value: Any) -> Bool {
    (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? (value is Bool)
  }

  private func integerProblems(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    guard let number = value as? NSNumber, !Self.isFlag(value), number.doubleValue.rounded() == number.doubleValue
    else {
      return ["\(path): no integer"]
    }
    if let least = schema["minimum"] as? NSNumber, number.doubleValue < least.doubleValue {
      return ["\(path): too low"]
    }
    if let most = schema["maximum"] as? NSNumber, number.doubleValue > most.doubleValue { return ["\(path): too high"] }
    return []
  }

  /// Everything that the schemas name, in the form of `seen`.
  var all: Set<String> {
    var all: Set<String> = []
    for (name, schema) in schemas { Self.collect(schema as? [String: Any] ?? [:], name, into: &all) }
    return all.union(schemas.keys)
  }

  private static func collect(_ schema: [String: Any], _ path: String, into all: inout Set<String>) {
    for (index, choice) in (schema["oneOf"] as? [[String: Any]] ?? []).enumerated() {
      collect(choice, "\(path)#\(index)", into: &all)
    }
    for (name, property) in schema["properties"] as? [String: Any] ?? [:] {
      all.insert("\(path).\(name)")
      collect(property as? [String: Any] ?? [:], "\(path).\(name)", into: &all)
    }
    for word in schema["enum"] as? [String] ?? [] { all.insert("\(path)=\(word)") }
    if let items = schema["items"] as? [String: Any] { collect(items, "\(path)[]", into: &all) }
  }
}
