import NetRuntime
import Testing

@testable import stingray_lua

/// What `analyze` writes for a browser.
@Suite struct TrafficPageTests {
  private func page(_ facts: TrafficFacts) throws -> String {
    let config = try NetworkConfig.parse("network_type = \"peer-to-peer\"\nmessages = { hit = {} }", file: "test")
    let audit = TrafficAudit(config, keepsTimes: true)
    let body: [UInt8] = [UInt8](repeating: 0, count: 12) + [4, 1, 0]
    body.withUnsafeBytes { audit.packet(.sent, peer: PeerID(rawValue: 0xB2), link: 0, at: 0, body: $0) }
    audit.finish()
    return TrafficPage(audit, facts).text
  }

  @Test func thePageNeedsNothingElse() throws {
    let text = try page(TrafficFacts(title: "a<b>&.ndp", duration: 1, tags: [(0.5, "</script><b>\"\\\n")]))
    #expect(text.contains("<title>a&lt;b>&amp;.ndp"))
    #expect(text.contains(#""tags":[[0.5,"\u003c/script>\u003cb>\"\\\u000a"]]"#))
    #expect(text.components(separatedBy: "</script>") == 3)
    for word in ["src=", "href=", "@import", "fetch(", "import("] { #expect(!text.contains(word)) }
  }

  @Test func whatCombinesWithASignLeavesNoMarkup() {
    let text = JSON.escapedForMarkup("a<\u{301}b&\u{308}c")
    #expect(Array(text.unicodeScalars) == Array("a&lt;\u{301}b&amp;\u{308}c".unicodeScalars))
  }

  @Test func seriesArePackedSmall() {
    var packer = SeriesPacker()
    packer.add([0, 0, 0, 5, 64, 0][...], count: 8)
    // A run of three zeros, 5, 64 in two bytes, a run of three zeros.
    #expect(packer.base64 == "BwqAAQc=")
    #expect(SeriesPacker().base64 == "")
  }
}

extension String {
  /// How many parts a text has between separators.
  fileprivate func components(separatedBy separator: String) -> Int {
    var count = 1
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
