import Glibc
import NetRuntime

/// Says to the other programs of this machine which players are played here: a lock on one byte of a file, its place
/// given by the player's id. The system takes a lock away with the program that held it, however that ended, so that
/// nobody has to wait for the players of a dead one.
public final class UserClaims {
  private let file: Int32

  /// - Parameter path: An empty file, made at need, that all programs of the machine use alike.
  public init(path: String) throws(OnlineError) {
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    if file < 0 { throw OnlineError("cannot open \(path): \(String(cString: strerror(errno)))") }
  }

  deinit { Glibc.close(file) }

  /// - Returns: Whether no other program plays the player; then none does from now on, as long as this value lives.
  public func claim(_ player: PeerID) -> Bool {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = off_t(player.rawValue >> 2)
    lock.l_len = 1
    // A file system without locks stops nobody from playing.
    return fcntl(file, UserClaims.setLock, &lock) == 0 || (errno != EAGAIN && errno != EACCES)
  }

  /// F_OFD_SETLK of <fcntl.h>: the lock belongs to the open file, so that two users in one program count as two.
  private static let setLock: Int32 = 37
}
