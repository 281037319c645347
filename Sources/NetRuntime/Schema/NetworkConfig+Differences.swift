extension NetworkConfig {
  /// What differs between this peer's schema and another's, a line each, as a joiner tells its user; empty when the
  /// hashes are equal. After `Limits.schemaDifferences` lines one says how many more there are.
  public static func differences(here: NetworkConfig, there: NetworkConfig, other: String = "at the host") -> [String] {
    var found = Differences(other: other)
    found.compare("network_type", here.topology.rawValue, there.topology.rawValue)
    for (mine, theirs) in found.pairs("message", here.messages, there.messages, name: \.name) {
      found.compare(mine, theirs)
    }
    for (mine, theirs) in found.pairs("object", here.objects, there.objects, name: \.name) {
      found.compare(mine, theirs)
    }
    let hidden = found.lines.count - Limits.schemaDifferences
    guard hidden > 0 else { return found.lines }
    return found.lines.prefix(Limits.schemaDifferences) + ["and \(hidden) more difference\(hidden == 1 ? "" : "s")"]
  }
}

private struct Differences {
  let other: String
  var lines: [String] = []

  init(other: String) { self.other = other }

  mutating func compare(_ what: String, _ here: String, _ there: String) {
    if here != there { lines.append("\(what): \(here) here, \(there) \(other)") }
  }

  /// Notes the entries that only one side has, and returns those of both, by name.
  mutating func pairs<Entry>(_ what: String, _ here: [Entry], _ there: [Entry], name: (Entry) -> String) -> [(
    Entry, Entry
  )] {
    let theirs = Dictionary(there.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
    let mine = Set(here.map(name))
    var pairs: [(Entry, Entry)] = []
    for entry in here.sorted(by: { name($0) < name($1) }) {
      if let partner = theirs[name(entry)] {
        pairs.append((entry, partner))
      } else {
        lines.append("\(what) `\(name(entry))`: only here")
      }
    }
    for missing in theirs.keys.filter({ !mine.contains($0) }).sorted() {
      lines.append("\(what) `\(missing)`: only \(other)")
    }
    return pairs
  }

  mutating func compare(_ here: MessageType, _ there: MessageType) {
    let owner = "message `\(here.name)`"
    compare(owner, here.isReliable ? "reliable" : "unreliable", there.isReliable ? "reliable" : "unreliable")
    compare(
      owner, here.isSessionBound ? "session_bound" : "not session_bound",
      there.isSessionBound ? "session_bound" : "not session_bound")
    if here.arguments.count != there.arguments.count {
      compare(owner, Self.count(here.arguments.count, "argument"), Self.count(there.arguments.count, "argument"))
    }
    for (index, (mine, theirs)) in zip(here.arguments, there.arguments).enumerated() {
      compare("\(owner), argument \(index + 1)", mine.codec, theirs.codec)
    }
  }

  mutating func compare(_ here: ObjectType, _ there: ObjectType) {
    let owner = "object `\(here.name)`"
    let before = lines.count
    for (mine, theirs) in pairs("\(owner), field", here.fields, there.fields, name: \.name) {
      compare("\(owner), field `\(mine.name)`", mine.type.codec, theirs.type.codec)
    }
    if lines.count == before, here.fields.map(\.name) != there.fields.map(\.name) {
      lines.append("\(owner): the same fields in another order")
    }
  }

  mutating func compare(_ what: String, _ here: FieldCodec, _ there: FieldCodec) {
    guard here != there else { return }
    let texts = (here.summary(withBits: false), there.summary(withBits: false))
    if texts.0 != texts.1 {
      compare(what, texts.0, texts.1)
    } else {
      compare(what, here.summary(withBits: true), there.summary(withBits: true))
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension FieldCodec {
  /// The codec in words: `int 0..255`, and with its bits `int 0..255 in 8 bits`.
  func summary(withBits: Bool) -> String {
    switch kind {
    case .array: return "array of up to \(maximumCount) (\(element.summary(withBits: withBits)))"
    case .string: return "string of up to \(maximumLength) bytes"
    case .quaternion: return withBits ? "quaternion in \(fixedBitWidth) bits" : "quaternion"
    case .int: return "int \(minimum)..\(maximum)" + (withBits ? " in \(bits) bits" : "")
    case .float, .vector3:
      let range = isExact ? "exact \(kind.name)" : "\(kind.name) \(low.shortText)..\(high.shortText)"
      return range + (withBits ? " in \(bits) bits" : "")
    default: return kind.name
    }
  }
}
