/// The candidate that a mistyped name most likely meant, for error texts: the one with the fewest single-character
/// edits, the first among equals. Nil when even that one differs in more than a third of the name (at least one edit is
/// always forgiven), or when the name is over 64 characters.
public func nearestName(to name: String, in candidates: some Sequence<String>) -> String? {
  let wanted = Array(name.unicodeScalars)
  guard wanted.count <= 64 else { return nil }
  var best: String?
  var bestDistance = max(1, wanted.count / 3) + 1
  for candidate in candidates where candidate != name {
    let scalars = Array(candidate.unicodeScalars)
    guard scalars.count <= 128, abs(scalars.count - wanted.count) < bestDistance else { continue }
    let distance = levenshteinDistance(wanted, scalars)
    if distance < bestDistance {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/// Insertions, deletions, replacements and swaps of neighbours between two texts; upper and lower case of an ASCII
/// letter differ by nothing.
private func levenshteinDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  func folded(_ scalar: Unicode.Scalar) -> UInt32 {
    65...90 ~= scalar.value ? scalar.value + 32 : scalar.value
  }
  let a = left.map(folded)
  let b = right.map(folded)
  var older = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var distance = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { distance = min(distance, older[j - 1] + 1) }
      row.append(distance)
    }
    older = last
    last = row
  }
  return last[b.count]
}

/// "; did you mean `x`?" for the nearest of the candidates, or nothing.
public func suggestion(for name: String, in candidates: some Sequence<String>) -> String {
  nearestName(to: name, in: candidates).map { "; did you mean `\($0)`?" } ?? ""
}
