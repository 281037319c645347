import Foundation
import NetRuntime
import Synchronization

/// The directory of all programs of one machine, without a server: each has a replica, and what they do meets in one
/// store. The work is done on a thread of its own, so that no frame waits for a disk or for another program.
public final class EmbeddedDirectory: Directory {
  private let worker: Worker

  /// - Parameters:
  ///   - store: Used by this directory's thread alone from now on.
  ///   - now: The clock that all users of the store share, in seconds.
  public init(
    store: sending any DirectoryStore, random: sending any RandomSource = SystemRandomSource(),
    now: @escaping @Sendable () -> Double = { SharedClock.now }
  ) {
    worker = Worker(DirectoryReplica(store: store, random: random), now: now)
    worker.start()
  }

  deinit { close() }

  public func signIn(_ identity: DirectoryIdentity) { worker.add(.signIn(identity)) }
  public func signOut(_ player: PeerID) { worker.add(.signOut(player)) }

  public func ask(_ request: DirectoryRequest, as player: PeerID, number: UInt64) {
    worker.add(.ask(request, as: player, number: number))
  }

  public func next() -> DirectoryNews? { worker.next() }

  /// Waits until all that was asked is answered, or the store turns out to be out of reach.
  public func settle(for limit: Double) {
    let deadline = SharedClock.now + limit
    while worker.isBusy, SharedClock.now < deadline { usleep(500) }
  }

  public func close() {
    worker.close()
    let deadline = SharedClock.now + Limits.embeddedCloseTime
    while !worker.hasEnded, SharedClock.now < deadline { usleep(500) }
  }
}
