import NetRuntime

/// Type annotations for editors that speak LuaLS: the API, and the messages and objects of a schema.
public enum Annotations {
  /// The text of a `---@meta` file.
  /// - Parameter config: The schema whose RPCs, callbacks and fields are described; nil for the API alone.
  public static func render(config: NetworkConfig? = nil) -> String {
    var lines = [
      "---@meta", "-- Written by `stingray-lua annotate`; do not edit.", "", "---@class stingray", "stingray = {}",
    ]
    for table in Inventory.allTables { lines += [""] + render(table) }
    for namespace in API.namespaces { lines += [""] + render(namespace) }
    lines += [""] + callbacks(config)
    if let config { lines += schema(config) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func render(_ table: InventoryTable) -> [String] {
    ["---@class \(table.name)"] + table.fields.map { "---@field \($0.name) \(type($0.type))" }
  }

  private static func render(_ namespace: Namespace) -> [String] {
    var lines = ["---" + namespace.summary, "---@class \(namespace.name)"]
    for constant in namespace.constants { lines.append("---@field \(constant.name) integer \(constant.summary)") }
    if let constructor = namespace.constructor {
      for parameters in constructor.signatures {
        lines.append("---@overload fun(\(list(parameters))): \(namespace.name)")
      }
    }
    lines += ["\(namespace.name) = {}", "stingray.\(namespace.name) = \(namespace.name)"]
    for entry in namespace.entries.sorted(by: { $0.name < $1.name }) {
      lines += [""] + render(entry, in: namespace.name)
    }
    return lines
  }

  private static func render(_ entry: Entry, in namespace: String) -> [String] {
    var lines = ["---" + entry.summary]
    if !entry.isImplemented { lines.append("---@deprecated") }
    let parameters = entry.signatures.first ?? []
    let names = unique(parameters)
    for (parameter, name) in zip(parameters, names) {
      let shown = type(parameter.typeName)
      lines.append("---@param \(name)\(shown.hasSuffix("?") && name != "..." ? "?" : "") \(trimmed(shown))")
    }
    for result in entry.results { lines.append("---@return \(type(result))\(result.hasSuffix("*") ? " ..." : "")") }
    for other in entry.signatures.dropFirst() {
      let results = entry.results.isEmpty ? "" : ": " + entry.results.map(type).joined(separator: ", ")
      lines.append("---@overload fun(\(list(other)))\(results)")
    }
    lines.append("function \(namespace).\(entry.name)(\(names.joined(separator: ", "))) end")
    return lines
  }

  private static func list(_ parameters: [Parameter]) -> String {
    zip(parameters, unique(parameters)).map { parameter, name in
      let shown = type(parameter.typeName)
      return "\(name)\(shown.hasSuffix("?") && name != "..." ? "?" : ""): \(trimmed(shown))"
    }.joined(separator: ", ")
  }

  // Lua allows no two parameters of one name, and the last may be any number of values.
  private static func unique(_ parameters: [Parameter]) -> [String] {
    var seen: [String: Int] = [:]
    return parameters.enumerated().map { index, parameter in
      let isLast = index == parameters.count - 1
      if isLast, parameter.isVariadic || parameter.typeName.hasSuffix("*") || parameter.typeName.hasSuffix("+") {
        return "..."
      }
      seen[parameter.name, default: 0] += 1
      let count = seen[parameter.name] ?? 1
      let name = keywords.contains(parameter.name) ? parameter.name + "_" : parameter.name
      return count == 1 ? name : "\(name)_\(count)"
    }
  }

  private static let keywords: Set<String> = ["end", "function", "local", "repeat", "then", "until", "nil"]

  private static func trimmed(_ type: String) -> String {
    type.hasSuffix("?") ? String(type.dropLast()) : type
  }

  /// The reference's notation as LuaLS writes it.
  static func type(_ text: String) -> String {
    if text.hasSuffix("?") { return type(String(text.dropLast())) + "?" }
    if text.hasSuffix("[]") { return type(String(text.dropLast(2))) + "[]" }
    if text.hasSuffix("*") || text.hasSuffix("+") { return type(String(text.dropLast())) }
    if text.hasPrefix("any("), text.hasSuffix(")") {
      return "(" + text.dropFirst(4).dropLast().split(separator: ",").map(String.init).joined(separator: "|") + ")"
    }
    if text.hasPrefix("map("), text.hasSuffix(")") { return "table<" + text.dropFirst(4).dropLast() + ">" }
    switch text {
    case "bool": return "boolean"
    case "fun(nil:nil)": return "fun()"
    default: return text
    }
  }
}
