import Dispatch
import GRDB

/// Takes a database's write-ahead log back into its file, on a connection and a queue of its own, so that nobody who
/// commits waits for the disk: a checkpoint syncs twice, which a busy disk takes 200 ms for.
///
/// A passive checkpoint (<https://www.sqlite.org/c3ref/wal_checkpoint_v2.html>) disturbs neither readers nor the writer.
/// The log begins anew once a checkpoint found nobody writing; in between it grows.
final class Checkpointer {
  /// Seconds between checkpoints; one of a log without news costs nothing.
  static let interval = 1.0
  /// Pages of the log at which a commit does it itself after all: 64 MB. So the log ends also where every checkpoint
  /// finds somebody writing, or fails.
  static let pagesAtMost = 16_000
  /// Checkpoints in a row while the log grew meanwhile; each has less to do than the one before.
  private static let passes = 4

  private let database: DatabaseQueue
  private let queue = DispatchQueue(label: "checkpoints", qos: .utility)
  private let timer: any DispatchSourceTimer

  /// - Parameters:
  ///   - path: A database that is in the mode of a write-ahead log.
  ///   - interval: Seconds between checkpoints.
  init(path: String, interval: Double = Checkpointer.interval) throws {
    let database = try DatabaseQueue(path: path)
    self.database = database
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .milliseconds(10))
    timer.setEventHandler { Checkpointer.checkpoint(database) }
    timer.activate()
  }

  deinit {
    timer.cancel()
    queue.sync {}
    try? database.close()
  }

  private static func checkpoint(_ database: DatabaseQueue) {
    // What fails is left to the next one, and at last to a commit, which tells of it.
    try? database.writeWithoutTransaction { database in
      for _ in 0..<passes {
        let done = try database.checkpoint(.passive)
        if done.checkpointedFrameCount >= done.walFrameCount { return }
      }
    }
  }
}
