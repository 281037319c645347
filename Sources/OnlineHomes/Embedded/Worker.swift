import Foundation
import NetRuntime
import Synchronization

/// The thread behind an embedded directory: orders go in, news come out.
final class Worker: Sendable {
  /// What both threads see.
  private struct Mailbox {
    var orders: [DirectoryReplica.Order] = []
    var news: [DirectoryNews] = []
    /// The news that was taken last is before this.
    var read = 0
    /// Orders are taken out and not done yet.
    var isWorking = false
    var isClosing = false
    var hasEnded = false
  }

  private let mailbox = Mutex(Mailbox())
  private let bell = DispatchSemaphore(value: 0)
  private let now: @Sendable () -> Double
  /// The worker's own thread's alone, once that runs.
  private nonisolated(unsafe) var replica: DirectoryReplica

  init(_ replica: sending DirectoryReplica, now: @escaping @Sendable () -> Double) {
    self.replica = replica
    self.now = now
  }

  func start() {
    let thread = Thread { self.run() }
    thread.name = "online"
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Whether something that was ordered is still to be done, and can be.
  var isBusy: Bool { mailbox.withLock { ($0.isWorking || !$0.orders.isEmpty) && !$0.hasEnded } }

  var hasEnded: Bool { mailbox.withLock { $0.hasEnded } }

  func add(_ order: DirectoryReplica.Order) {
    let isFirst = mailbox.withLock { mailbox in
      mailbox.orders.append(order)
      return mailbox.orders.count == 1
    }
    if isFirst { bell.signal() }
  }

  func next() -> DirectoryNews? {
    mailbox.withLock { mailbox in
      guard mailbox.read < mailbox.news.count else { return nil }
      let news = mailbox.news[mailbox.read]
      mailbox.read += 1
      if mailbox.read == mailbox.news.count {
        mailbox.news.removeAll(keepingCapacity: true)
        mailbox.read = 0
      }
      return news
    }
  }

  func close() {
    mailbox.withLock { $0.isClosing = true }
    bell.signal()
  }

  private func run() {
    // The program's signals are its first thread's.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    while let wait = takeTurn() { _ = bell.wait(timeout: .now() + .microseconds(Int(wait * 1e6))) }
    replica.end(at: now())
    mailbox.withLock { $0.hasEnded = true }
  }

  /// - Returns: Seconds until the next one at the latest; nil at the end.
  private func takeTurn() -> Double? {
    let (orders, isClosing, isFull) = mailbox.withLock { mailbox in
      mailbox.isWorking = !mailbox.orders.isEmpty
      defer { mailbox.orders.removeAll() }
      return (mailbox.orders, mailbox.isClosing, mailbox.news.count - mailbox.read > Limits.embeddedNews)
    }
    for order in orders { replica.add(order) }
    if isClosing { return nil }
    // Who takes no news is as good as dead.
    if isFull { return Limits.embeddedPollInterval }
    let news = replica.turn(at: now())
    mailbox.withLock { mailbox in
      mailbox.news.append(contentsOf: news)
      mailbox.isWorking = false
    }
    return min(max(replica.nextDeadline - now(), 0.001), Limits.embeddedPollInterval)
  }
}
