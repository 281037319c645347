import Glibc
import Synchronization

/// Keeps a database to one server, or to programs that share it without one: the heartbeats of a server's players are
/// in its memory alone, so whoever else uses the database takes them all for dead.
public final class ServerLock: Sendable {
  /// Who uses a database.
  public enum Use: Sendable {
    /// A server, alone.
    case server
    /// One of several programs.
    case program
  }

  /// Why a server cannot use a database.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// A server uses it.
    case taken(String)
    /// Programs use it without a server.
    case played(String)
    /// The file beside the database cannot be made or locked.
    case cannotLock(String, errno: Int32)

    public var description: String {
      switch self {
      case .taken(let path): "another server uses the database \(path)"
      case .played(let path):
        "programs play with the database \(path) without a server; end them first, or give another with --database"
      case .cannotLock(let path, let number):
        "the database \(path) cannot be locked: \(String(cString: strerror(number)))"
      }
    }
  }

  /// -1 once it was given back.
  private let descriptor: Mutex<Int32>

  /// Takes the lock, which ends with the process, too.
  public init(database path: String, for use: Use = .server) throws(Failure) {
    let file = open(path + ".serve", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    descriptor = Mutex(file)
    guard file >= 0 else { throw .cannotLock(path, errno: errno) }
    guard flock(file, (use == .server ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0 else { return }
    let number = errno
    // Programs share it with each other, and a server with nobody.
    let isPlayed = use == .server && flock(file, LOCK_SH | LOCK_NB) == 0
    release()
    throw number != EWOULDBLOCK ? .cannotLock(path, errno: number) : isPlayed ? .played(path) : .taken(path)
  }

  deinit { release() }

  /// Gives the database to others.
  public func release() {
    descriptor.withLock { file in
      if file >= 0 { close(file) }
      file = -1
    }
  }
}
