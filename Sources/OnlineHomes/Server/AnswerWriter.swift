import Foundation
import NetRuntime
import Synchronization

/// Writes answers and news as JSON. An entry is long and goes to many, so each is encoded once and kept by its
/// revision.
final class AnswerWriter: Sendable {
  private struct Kept {
    /// As different players may see it: with its password, or without.
    var versions: [(entry: DirectoryEntry, text: [UInt8])] = []
  }

  private struct Cache {
    var entries: [EntryID: Kept] = [:]
    var size = 0
  }

  private let cache = Mutex(Cache())
  /// How an entry may look at one revision: to its host, to its members, to others, and in a list.
  private static let versions = 4

  private let limit: Int

  /// - Parameter limit: Bytes of encoded entries that are kept.
  init(limit: Int = Limits.encodedEntriesSize) { self.limit = limit }

  /// Any of the shapes, by Codable. None of them can fail: all numbers in them are finite.
  static func text(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(value)).map(Array.init) ?? Array("null".utf8)
  }

  /// One entry.
  func text(of entry: DirectoryEntry) -> [UInt8] {
    let known = cache.withLock { cache in
      cache.entries[entry.id]?.versions.first { $0.entry.revision == entry.revision && $0.entry == entry }?.text
    }
    if let known { return known }
    let text = AnswerWriter.text(entry)
    cache.withLock { cache in
      if cache.size + text.count > limit { cache = Cache() }
      var kept = cache.entries[entry.id] ?? Kept()
      let outdated = kept.versions.filter { $0.entry.revision != entry.revision }
      cache.size -= outdated.reduce(0) { $0 + $1.text.count }
      kept.versions.removeAll { $0.entry.revision != entry.revision }
      if kept.versions.count < AnswerWriter.versions {
        kept.versions.append((entry, text))
        cache.size += text.count
      }
      cache.entries[entry.id] = kept
    }
    return text
  }

  /// An entry is gone.
  func forget(_ id: EntryID) {
    cache.withLock { cache in
      guard let kept = cache.entries.removeValue(forKey: id) else { return }
      cache.size -= kept.versions.reduce(0) { $0 + $1.text.count }
    }
  }

  /// Bytes of encoded entries that are kept.
  var size: Int { cache.withLock { $0.size } }

  func text(of answer: DirectoryAnswer) -> [UInt8] {
    switch answer {
    case .entry(let entry): enclose("{\"entry\":{\"_0\":", [entry], "}}")
    case .entries(let entries): enclose("{\"entries\":{\"_0\":[", entries, "]}}", most: Limits.listedSize)
    case .friends(let all): Array("{\"friends\":{\"_0\":".utf8) + text(of: all) + Array("}}".utf8)
    default: AnswerWriter.text(answer)
    }
  }

  func text(of change: DirectoryChange) -> [UInt8] {
    if case .entry(let entry) = change { return enclose("{\"entry\":{\"_0\":", [entry], "}}") }
    return AnswerWriter.text(change)
  }

  func text(of refresh: NewsRefresh) -> [UInt8] {
    var text = enclose("{\"entries\":[", refresh.entries, "],\"acquaintances\":")
    text += self.text(of: refresh.acquaintances)
    text += Array(",\"invitations\":".utf8)
    text += AnswerWriter.text(refresh.invitations)
    text += Array(",\"tickets\":".utf8)
    text += AnswerWriter.text(refresh.tickets)
    text.append(UInt8(ascii: "}"))
    return text
  }

  /// Acquaintances; where they show more of themselves than `Limits.listedSize`, the later ones seem to show nothing.
  private func text(of acquaintances: [Acquaintance]) -> [UInt8] {
    var text = [UInt8(ascii: "[")]
    for (index, one) in acquaintances.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      var full = AnswerWriter.text(one)
      if text.count + full.count > Limits.listedSize {
        var shorter = one
        shorter.player.presence = [:]
        shorter.player.activity = nil
        full = AnswerWriter.text(shorter)
      }
      text += full
    }
    text.append(UInt8(ascii: "]"))
    return text
  }

  /// The answers of a body, as many of the first ones as fit `Limits.answersSize`, and one at least.
  /// - Parameter results: With the numbers of their requests.
  /// - Parameter news: See `AnswersBody.news`.
  func text(of results: [(number: UInt64, result: Result<DirectoryAnswer, DirectoryError>)], news: UInt64) -> [UInt8] {
    var text = Array("{\"answers\":[".utf8)
    for (index, (number, result)) in results.enumerated() {
      let answer =
        switch result {
        case .success(let answer): Array("\"answer\":".utf8) + self.text(of: answer)
        case .failure(let error): Array("\"error\":".utf8) + AnswerWriter.text(error)
        }
      if index > 0 {
        guard text.count + answer.count <= Limits.answersSize else { break }
        text.append(UInt8(ascii: ","))
      }
      text += Array("{\"number\":\(number),".utf8) + answer
      text.append(UInt8(ascii: "}"))
    }
    return text + Array("],\"news\":\(news)}".utf8)
  }

  /// - Parameter most: Bytes after which no further entry is written.
  private func enclose(
    _ start: String, _ entries: [DirectoryEntry], _ end: String, most: Int = .max
  ) -> [UInt8] {
    var text = Array(start.utf8)
    for (index, entry) in entries.enumerated() {
      let next = self.text(of: entry)
      if index > 0 {
        guard text.count + next.count <= most else { break }
        text.append(UInt8(ascii: ","))
      }
      text += next
    }
    text += Array(end.utf8)
    return text
  }
}
