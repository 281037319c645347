/// Lines of aligned columns: the first is text, the others are numbers.
struct TextTable {
  private var rows: [[String]] = []
  /// Longer names lose their middle.
  private static let nameWidth = 40

  init(_ heads: String...) {
    rows = [heads]
  }

  mutating func add(_ cells: String...) {
    var cells = cells
    cells[0] = Self.shortened(cells[0])
    rows.append(cells)
  }

  var isEmpty: Bool { rows.count == 1 }

  /// All lines, each ended by a line feed.
  var text: String {
    var text = ""
    let widths = (rows.first ?? []).indices.map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        let pad = String(repeating: " ", count: widths[column] - cell.count)
        line += column == 0 ? cell + pad : "  " + pad + cell
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }

  private static func shortened(_ name: String) -> String {
    guard name.count > nameWidth else { return name }
    return name.prefix(nameWidth / 2) + "…" + name.suffix(nameWidth - nameWidth / 2 - 1)
  }
}

/// Numbers, and texts that others wrote, as readers like them.
enum Figures {
  /// With a comma between each three digits.
  static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number.magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text = "," + text }
      text = String(digit) + text
    }
    return number < 0 ? "-" + text : text
  }

  /// Characters of a text that fit a terminal's line.
  private static let textLength = 100

  /// A text of unknown origin for a terminal: what would steer it is replaced, and what is long is cut.
  static func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      // A character may have any number of scalars.
      if result.count == textLength { return String(result) + "…" }
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// With one digit behind the point.
  static func tenths(_ number: Double) -> String {
    guard number.isFinite, number.magnitude < 1e15 else { return "-" }
    let tenths = Int((number * 10).rounded())
    return "\(tenths < 0 ? "-" : "")\(grouped(Int(tenths.magnitude) / 10)).\(tenths.magnitude % 10)"
  }

  /// A part of a whole in percent; empty for nothing of nothing.
  static func share(_ part: Int, of whole: Int) -> String {
    whole > 0 ? tenths(Double(part) * 100 / Double(whole)) + " %" : ""
  }

  /// Bits over seconds in kbit/s.
  static func rate(_ bits: Int, over seconds: Double) -> String {
    seconds > 0 ? tenths(Double(bits) / seconds / 1000) : "-"
  }

  /// Minutes, seconds and tenths: "9:59.9"; with hours where there are any.
  static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "-" }
    let tenths = Int((max(0, seconds) * 10).rounded())
    let (minutes, rest) = (tenths / 600, tenths % 600)
    let ending = "\(rest < 100 ? "0" : "")\(rest / 10).\(rest % 10)"
    return minutes < 60
      ? "\(minutes):\(ending)" : "\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60):\(ending)"
  }

  /// A time of the calendar: "2026-11-23 02:15:17 UTC"; the algorithm is Howard Hinnant's `civil_from_days`.
  static func utc(microseconds: UInt64) -> String {
    let seconds = Int(microseconds / 1_000_000)
    let days = seconds / 86_400 + 719_468
    let era = days / 146_097
    let day = days - era * 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let date = [
      padded(year + era * 400 + (month < 10 ? 0 : 1), 4), padded(month < 10 ? month + 3 : month - 9, 2),
      padded(dayOfYear - (153 * month + 2) / 5 + 1, 2),
    ]
    let time = [padded(seconds / 3600 % 24, 2), padded(seconds / 60 % 60, 2), padded(seconds % 60, 2)]
    return date.joined(separator: "-") + " " + time.joined(separator: ":") + " UTC"
  }

  private static func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
