import Glibc

/// Keeps a database to one server: heartbeats are in its memory alone, so a second one would take all its players for
/// dead.
public final class ServerLock: Sendable {
  /// Why a database cannot be served.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    case taken(String)
    case cannotLock(String, errno: Int32)

    public var description: String {
      switch self {
      case .taken(let path): "another server uses the database \(path)"
      case .cannotLock(let path, let number):
        "the database \(path) cannot be locked: \(String(cString: strerror(number)))"
      }
    }
  }

  private let descriptor: Int32

  /// Takes the lock, which ends with the process, too.
  public init(database path: String) throws(Failure) {
    descriptor = open(path + ".serve", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotLock(path, errno: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(descriptor)
      throw number == EWOULDBLOCK ? .taken(path) : .cannotLock(path, errno: number)
    }
  }

  /// Gives the database to others.
  public func release() { close(descriptor) }
}
