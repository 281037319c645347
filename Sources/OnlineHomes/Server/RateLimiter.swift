import NetRuntime
import Synchronization

/// Counts what clients ask, a bucket of tokens for each: a bucket fills at a steady rate up to a burst, and each
/// request takes a token out of it.
final class RateLimiter: Sendable {
  struct Rate: Equatable, Sendable {
    /// Requests a second.
    var rate: Double
    /// Requests at once after a rest.
    var burst: Double
  }

  enum Client: Hashable, Sendable {
    case player(PeerID)
    case address(String)
  }

  private struct Bucket {
    var tokens: Double
    var time: Double
  }

  private let player: Rate
  private let address: Rate
  private let buckets = Mutex<[Client: Bucket]>([:])

  init(player: Rate, address: Rate) {
    self.player = player
    self.address = address
  }

  /// Takes tokens for a client's requests.
  /// - Parameter again: Tokens that were taken before for the same, and are needed once more when it is repeated.
  /// - Returns: Nil where they may go on; else the seconds until there are as many tokens. None is taken then.
  func take(_ count: Int, from client: Client, again: Int = 0, at now: Double) -> Double? {
    let rate: Rate =
      switch client {
      case .player: player
      case .address: address
      }
    return buckets.withLock { buckets in
      var bucket = buckets[client] ?? Bucket(tokens: rate.burst, time: now)
      bucket.tokens = min(rate.burst, bucket.tokens + max(0, now - bucket.time) * rate.rate)
      bucket.time = now
      let missing = min(Double(count), rate.burst) - bucket.tokens
      if missing <= 0 { bucket.tokens -= Double(count) }
      if buckets[client] == nil, buckets.count >= Limits.countedClients { forget(&buckets, at: now) }
      buckets[client] = bucket
      return missing <= 0 ? nil : (missing + Double(again)) / rate.rate
    }
  }

  /// A full bucket says nothing, so it may go. Where none is full, somebody plays many clients: all begin anew.
  private func forget(_ buckets: inout [Client: Bucket], at now: Double) {
    buckets = buckets.filter { client, bucket in
      let rate = if case .player = client { player } else { address }
      return bucket.tokens + (now - bucket.time) * rate.rate < rate.burst
    }
    if buckets.count >= Limits.countedClients { buckets.removeAll(keepingCapacity: true) }
  }

  /// Clients that are counted now.
  var count: Int { buckets.withLock { $0.count } }
}
