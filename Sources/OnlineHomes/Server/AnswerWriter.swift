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
  /// How an entry may look at one revision: to its host, to its members, to others.
  private static let versions = 3

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
    case .entries(let entries): enclose("{\"entries\":{\"_0\":[", entries, "]}}")
    default: AnswerWriter.text(answer)
    }
  }

  func text(of change: DirectoryChange) -> [UInt8] {
    if case .entry(let entry) = change { return enclose("{\"entry\":{\"_0\":", [entry], "}}") }
    return AnswerWriter.text(change)
  }

  func text(of refresh: NewsRefresh) -> [UInt8] {
    var text = enclose("{\"entries\":[", refresh.entries, "],\"acquaintances\":")
    text += AnswerWriter.text(refresh.acquaintances)
    text += Array(",\"invitations\":".utf8)
    text += AnswerWriter.text(refresh.invitations)
    text += Array(",\"tickets\":".utf8)
    text += AnswerWriter.text(refresh.tickets)
    text.append(UInt8(ascii: "}"))
    return text
  }

  /// - Parameter results: With the numbers of their requests.
  /// - Parameter news: See `AnswersBody.news`.
  func text(of results: [(number: UInt64, result: Result<DirectoryAnswer, DirectoryError>)], news: UInt64) -> [UInt8] {
    var text = Array("{\"answers\":[".utf8)
    for (index, (number, result)) in results.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text += Array("{\"number\":\(number),".utf8)
      switch result {
      case .success(let answer): text += Array("\"answer\":".utf8) + self.text(of: answer)
      case .failure(let error): text += Array("\"error\":".utf8) + AnswerWriter.text(error)
      }
      text.append(UInt8(ascii: "}"))
    }
    return text + Array("],\"news\":\(news)}".utf8)
  }

  private func enclose(_ start: String, _ entries: [DirectoryEntry], _ end: String) -> [UInt8] {
    var text = Array(start.utf8)
    for (index, entry) in entries.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text += self.text(of: entry)
    }
    text += Array(end.utf8)
    return text
  }
}
