extension Limits {
  /// - Parameters:
  ///   - before: Begins the sentence of an error, up to the number: "the name has".
  ///   - what: Says what is counted: "bytes".
  static func check(
    _ count: Int, _ range: ClosedRange<Int>, _ before: String, _ what: String
  ) throws(DirectoryError) {
    if count < range.lowerBound {
      throw .malformed("\(before) \(count) \(what); at least \(range.lowerBound) are needed")
    }
    if count > range.upperBound {
      throw .malformed("\(before) \(count) \(what); at most \(range.upperBound) are possible")
    }
  }

  /// Data of an entry or a member; counted as that of LAN lobbies is.
  static func checkData(_ data: [Bytes: Bytes], size: Int) throws(DirectoryError) {
    guard data.count <= Limits.lobbyKeys else {
      throw .malformed("there are \(Limits.lobbyKeys) keys already; more are not possible")
    }
    for key in data.keys where key.count > Limits.lobbyKeySize {
      throw .malformed("the key has \(key.count) bytes; at most \(Limits.lobbyKeySize) are possible")
    }
    let needed = dataSize(data)
    guard needed <= size else {
      throw .malformed("all keys and values together would take \(needed) bytes; at most \(size) are possible")
    }
  }

  /// Bytes of keys and values, and 3 for each entry.
  static func dataSize(_ data: [Bytes: Bytes]) -> Int {
    data.reduce(0) { $0 + 3 + $1.key.count + $1.value.count }
  }

  static func checkKeywords(_ keywords: [Bytes]) throws(DirectoryError) {
    try check(keywords.count, 0...Limits.entryKeywords, "there would be", "keywords")
    for keyword in keywords { try check(keyword.count, 1...Limits.keywordSize, "a keyword has", "bytes") }
  }
}
