import NetRuntime
import Synchronization

/// What the server counts, as Prometheus reads it.
final class ServerMetrics: Sendable {
  /// Seconds up to which a latency falls into each bucket; 50 ms is the one that lists and joins have to keep.
  private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

  private struct Histogram {
    var counts = [Int](repeating: 0, count: ServerMetrics.bounds.count + 1)
    var sum = 0.0

    mutating func add(_ seconds: Double) {
      counts[ServerMetrics.bounds.firstIndex { seconds <= $0 } ?? ServerMetrics.bounds.count] += 1
      sum += seconds
    }
  }

  private struct Labels: Hashable {
    var first: String
    var second: String
  }

  private struct State {
    var requests: [Labels: Int] = [:]
    var responses: [Labels: Int] = [:]
    var routes: [String: Histogram] = [:]
    var store = Histogram()
    var storeFailures = 0
    var storedRequests = 0
    var refreshes = 0
  }

  /// What is true now, and is asked for when somebody looks.
  struct Gauges: Sendable {
    var players = 0
    var entries: [DirectoryEntry.Kind: Int] = [:]
    var streams = 0
    var heldNews = 0
    var encodedEntries = 0
  }

  private let state = Mutex(State())

  /// A request was answered.
  func asked(_ request: DirectoryRequest, _ result: Result<DirectoryAnswer, DirectoryError>) {
    let outcome = if case .failure(let error) = result { error.caseName } else { "ok" }
    state.withLock { $0.requests[Labels(first: request.caseName, second: outcome), default: 0] += 1 }
  }

  /// An HTTP request was answered.
  func responded(route: String, status: Int, seconds: Double) {
    state.withLock { state in
      state.responses[Labels(first: route, second: String(status)), default: 0] += 1
      state.routes[route, default: Histogram()].add(seconds)
    }
  }

  /// An exchange with the store ended, which the requests of so many bodies shared.
  func stored(requests: Int, seconds: Double) {
    state.withLock { state in
      state.store.add(seconds)
      state.storedRequests += requests
    }
  }

  func storeFailed() { state.withLock { $0.storeFailures += 1 } }

  /// A player got all anew.
  func refreshed() { state.withLock { $0.refreshes += 1 } }

  /// The page.
  /// - Parameter relay: Nil where there is none.
  func text(_ gauges: Gauges, relay: RelayCounts? = nil) -> String {
    let state = state.withLock { $0 }
    var page = Page()
    page.add("players", "gauge", "Players and servers that are signed in.", [("", gauges.players)])
    page.add(
      "entries", "gauge", "Lobbies, servers, rooms and sessions.",
      DirectoryEntry.Kind.allNames.map { ("{kind=\"\($0.rawValue)\"}", gauges.entries[$0] ?? 0) })
    page.add("news_streams", "gauge", "Open streams of news.", [("", gauges.streams)])
    page.add("held_news_bytes", "gauge", "News that are held for streams that break.", [("", gauges.heldNews)])
    page.add("encoded_entries_bytes", "gauge", "Entries kept as JSON.", [("", gauges.encodedEntries)])
    if let relay {
      page.add("relay_players", "gauge", "Players that are registered at the relay.", [("", relay.players)])
      page.add(
        "relay_datagrams_total", "counter", "Datagrams that were passed on.", [("", Int(clamping: relay.datagrams))])
      page.add("relay_bytes_total", "counter", "Bytes of these.", [("", Int(clamping: relay.bytes))])
      page.add(
        "relay_dropped_total", "counter", "Datagrams that were not passed on.",
        [
          ("{why=\"rate\"}", Int(clamping: relay.overRate)), ("{why=\"refused\"}", Int(clamping: relay.refused)),
        ])
    }
    page.add("requests_total", "counter", "Requests of players.", lines(state.requests, "kind", "outcome"))
    page.add("responses_total", "counter", "HTTP responses.", lines(state.responses, "route", "status"))
    page.add("refreshes_total", "counter", "Players that got all anew.", [("", state.refreshes)])
    page.add("store_failures_total", "counter", "Exchanges that the store refused.", [("", state.storeFailures)])
    page.add("stored_bodies_total", "counter", "Bodies whose requests were stored.", [("", state.storedRequests)])
    page.add("store_seconds", "Exchanges with the store.", [("", state.store)])
    page.add(
      "response_seconds", "From a request's head to its answer.",
      state.routes.sorted { $0.key < $1.key }.map { ("route=\"\($0.key)\"", $0.value) })
    return page.text
  }

  private func lines(_ counts: [Labels: Int], _ first: String, _ second: String) -> [(String, Int)] {
    counts.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }
      .map { ("{\(first)=\"\($0.key.first)\",\(second)=\"\($0.key.second)\"}", $0.value) }
  }

  private struct Page {
    var text = ""

    mutating func add(_ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: Int)]) {
      head(name, type, help)
      for (labels, value) in values { text += "stingray_\(name)\(labels) \(value)\n" }
    }

    mutating func add(_ name: String, _ help: String, _ values: [(labels: String, histogram: Histogram)]) {
      head(name, "histogram", help)
      for (labels, histogram) in values {
        let comma = labels.isEmpty ? "" : ","
        var total = 0
        for (index, count) in histogram.counts.enumerated() {
          total += count
          let bound = index < ServerMetrics.bounds.count ? "\(ServerMetrics.bounds[index])" : "+Inf"
          text += "stingray_\(name)_bucket{\(labels)\(comma)le=\"\(bound)\"} \(total)\n"
        }
        let all = labels.isEmpty ? "" : "{\(labels)}"
        text += "stingray_\(name)_sum\(all) \(histogram.sum)\nstingray_\(name)_count\(all) \(total)\n"
      }
    }

    private mutating func head(_ name: String, _ type: String, _ help: String) {
      text += "# HELP stingray_\(name) \(help)\n# TYPE stingray_\(name) \(type)\n"
    }
  }
}
