import Foundation
import NetRuntime

@testable import OnlineHomes

/// A program with one player at a server.
final class ClientPlayer {
  let directory: HTTPDirectory
  let id: PeerID
  private(set) var news: [DirectoryNews] = []
  private var number: UInt64 = 0

  convenience init(_ server: OnlineAddress, _ id: UInt64) { self.init(HTTPHub(server, answerTime: 60), id) }

  init(_ hub: HTTPHub, _ id: UInt64) {
    directory = HTTPDirectory(hub)
    self.id = PeerID(rawValue: id)
    directory.signIn(DirectoryIdentity(id: self.id, name: "player \(id)"))
  }

  /// Lets frames pass until something is true.
  /// - Returns: Whether it came true within the time.
  @discardableResult
  func waits(seconds: Double = 90, for isTrue: ([DirectoryNews]) -> Bool) async -> Bool {
    let deadline = SharedClock.now + seconds
    repeat {
      while let one = directory.next() { news.append(one) }
      if isTrue(news) { return true }
      try? await Task.sleep(for: .milliseconds(2))
    } while SharedClock.now < deadline
    return false
  }

  /// Waits as a program does at its start.
  func settle(for limit: Double) async {
    let directory = Unchecked(directory)
    await onThread { directory.value.settle(for: limit) }
  }

  func close() async {
    let directory = Unchecked(directory)
    await onThread { directory.value.close() }
  }

  private struct Unchecked: @unchecked Sendable {
    let value: HTTPDirectory

    init(_ value: HTTPDirectory) { self.value = value }
  }

  func forgetNews() { news.removeAll() }

  /// Asks, and waits for the answer.
  func ask(_ request: DirectoryRequest, seconds: Double = 90) async -> Result<DirectoryAnswer, DirectoryError>? {
    number += 1
    let asked = number
    directory.ask(request, as: id, number: asked)
    await waits(seconds: seconds) { $0.answer(to: asked) != nil }
    return news.answer(to: asked)
  }

  /// Asks, and does not wait.
  @discardableResult
  func leave(_ request: DirectoryRequest) -> UInt64 {
    number += 1
    directory.ask(request, as: id, number: number)
    return number
  }
}

extension [DirectoryNews] {
  func answer(to number: UInt64) -> Result<DirectoryAnswer, DirectoryError>? {
    for case .answer(number, let result) in self { return result }
    return nil
  }

  var entries: [DirectoryEntry] {
    compactMap { if case .change(.entry(let entry), _) = $0 { entry } else { nil } }
  }

  var departures: [DepartureReason] {
    compactMap { if case .change(.left(_, let reason), _) = $0 { reason } else { nil } }
  }

  var runs: [UInt64] { compactMap { if case .signedIn(_, let run) = $0 { run } else { nil } } }

  var signOuts: [DirectoryError] { compactMap { if case .signedOut(_, let error) = $0 { error } else { nil } } }

  var outages: Int { count { if case .lost = $0 { true } else { false } } }

  var returns: Int { count { $0 == .restored } }
}
