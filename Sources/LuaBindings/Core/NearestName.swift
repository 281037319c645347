/// The known name that a misspelt one most likely means; nil when none is near.
public func nearestName(to text: String, among names: some Sequence<String>) -> String? {
  let wanted = Array(text.lowercased().utf8.prefix(64))
  let limit = max(1, wanted.count / 3)
  var best: (name: String, distance: Int)?
  for name in names {
    let distance = editDistance(wanted, Array(name.lowercased().utf8.prefix(64)))
    if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
  }
  return best?.name
}

/// "; did you mean \"x\"?" or nothing.
public func suggestion(for text: String, among names: some Sequence<String>) -> String {
  nearestName(to: text, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
}

// Insertions, deletions, changes and swaps of neighbours.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  if abs(left.count - right.count) > 32 { return .max }
  var before = [Int](repeating: 0, count: right.count + 1)
  var last = Array(0...right.count)
  for row in 0..<left.count {
    var current = [row + 1] + [Int](repeating: 0, count: right.count)
    for column in 0..<right.count {
      let change = last[column] + (left[row] == right[column] ? 0 : 1)
      current[column + 1] = min(change, last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        current[column + 1] = min(current[column + 1], before[column - 1] + 1)
      }
    }
    before = last
    last = current
  }
  return last[right.count]
}
