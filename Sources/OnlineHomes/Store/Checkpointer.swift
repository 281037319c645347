import Dispatch
import GRDB

/// Takes a database's write-ahead log back into its file, on a connection and a queue of its own, so that nobody who
/// commits waits for the disk: a checkpoint syncs twice, for which a busy disk takes 200 ms.
///
/// A passive checkpoint (<https://www.sqlite.org/c3ref/wal_checkpoint_v2.html>) disturbs neither readers nor the writer.
/// The log begins anew once nobody committed during one; until then it grows, to `Limits.storeLogPages`, at which a
/// commit does it itself.
final class Checkpointer {
  /// Checkpoints in a row while the log grows meanwhile; each has less to do than the one before.
  private static let passes = 4

  private let database: DatabaseQueue
  private let queue = DispatchQueue(label: "checkpoints", qos: .utility)
  private let timer: any DispatchSourceTimer

  /// - Parameters:
  ///   - path: A database that is in the mode of a write-ahead log.
  ///   - interval: Seconds between checkpoints; one of a log without news costs nothing.
  init(path: String, interval: Double) throws {
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
    // What fails is left to the next one; a disk that takes nothing fails the commits, which tell of it.
    try? database.writeWithoutTransaction { database in
      var pages = -1
      for _ in 0..<passes {
        // It counts the log as it was at its beginning.
        let done = try database.checkpoint(.passive)
        guard done.walFrameCount != pages, done.checkpointedFrameCount == done.walFrameCount else { return }
        pages = done.walFrameCount
      }
    }
  }
}
