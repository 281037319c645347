/// The page that `analyze` writes: one file with style, scripts and data, which needs nothing else.
enum PageSource {
  /// The whole page.
  /// - Parameter data: A JSON object, in which no `<` stands.
  static func page(title: String, data: String) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(JSON.escapedForMarkup(title)) – network traffic</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    \(markup)
    <script type="application/json" id="data">\(data)</script>
    <script>
    "use strict";
    \(dataScript)
    \(layerScript)
    \(chartScript)
    \(controlScript)
    \(tableScript)
    </script>
    </body>
    </html>

    """
  }
}

/// As much of writing JSON as the page needs.
enum JSON {
  static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      // Markup in a script element must not end it.
      case "<", "\u{0}"..."\u{1F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  static func list(_ items: some Sequence<String>) -> String { "[" + items.joined(separator: ",") + "]" }

  static func object(_ entries: KeyValuePairs<String, String>) -> String {
    "{" + entries.map { string($0.key) + ":" + $0.value }.joined(separator: ",") + "}"
  }

  static func escapedForMarkup(_ text: String) -> String {
    var result = ""
    // What combines with a sign makes another character of it, and no other markup.
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case "&": result += "&amp;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
