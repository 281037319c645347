/// The reference of the Lua API, written from the entries.
public enum APIReference {
  /// The text of `docs/lua-api.md`.
  public static func render() -> String {
    let namespaces = API.namespaces
    let present = namespaces.filter { $0.entries.contains(where: \.isImplemented) || !$0.constants.isEmpty }
    var lines = [
      "# The Lua API", "",
      "Written from the table of entries; `scripts/generate-docs` writes it anew.", "",
      "Every namespace is a field of the global table `stingray`, and a global of its own. A function whose first",
      "parameter is `self` is also a method. `T?` may be nil or left out, `T[]` is an array from 1, `T*` is any number",
      "of values. A peer id is a string of hexadecimal digits.", "",
    ]
    lines += present.map { "- [\($0.name)](#\($0.name.lowercased()))" }
    for namespace in present { lines += render(namespace) }
    lines += missing(namespaces)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func render(_ namespace: Namespace) -> [String] {
    var lines = ["", "## \(namespace.name)", "", namespace.summary]
    if let constructor = namespace.constructor, constructor.isImplemented {
      lines += render(constructor, name: namespace.name)
    }
    for entry in namespace.entries.filter(\.isImplemented).sorted(by: { $0.name < $1.name }) {
      lines += render(entry, name: "\(namespace.name).\(entry.name)")
    }
    if !namespace.constants.isEmpty {
      lines += ["", "| constant | value | meaning |", "| --- | --- | --- |"]
      lines += namespace.constants.map { "| `\($0.name)` | \(LuaState.text(of: $0.value)) | \($0.summary) |" }
    }
    return lines
  }

  private static func render(_ entry: Entry, name: String) -> [String] {
    let results = entry.results.isEmpty ? "" : " -> " + entry.results.joined(separator: ", ")
    var lines = ["", "### \(name)", "", "```lua"]
    for parameters in entry.signatures {
      lines.append(name + "(" + parameters.map { "\($0.name): \($0.typeName)" }.joined(separator: ", ") + ")" + results)
    }
    lines += ["```", "", entry.summary]
    let limited = (entry.signatures.first ?? []).filter { $0.range != nil }
    for parameter in limited { lines.append("`\(parameter.name)`: \(parameter.expectation).") }
    return lines
  }

  private static func missing(_ namespaces: [Namespace]) -> [String] {
    var lines = [
      "", "## Not in this version", "", "These functions exist and raise an error that says what is missing.", "",
      "| namespace | functions |", "| --- | --- |",
    ]
    for namespace in namespaces {
      let names = namespace.entries.filter { !$0.isImplemented }.map { "`\($0.name)`" }.sorted()
      if !names.isEmpty { lines.append("| \(namespace.name) | \(names.joined(separator: ", ")) |") }
    }
    return lines
  }
}
