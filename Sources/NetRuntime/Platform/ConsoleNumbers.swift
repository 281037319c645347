/// The last numbers by which scripts name rooms, sessions, lookups and jobs of the consoles. They go on when one client
/// ends and another begins: a number that a script has kept never names something else.
public final class ConsoleNumbers {
  private var rooms = 0
  private var sessions = 0
  private var lookups = 0
  private var presenceJobs = 0

  public init() {}

  func nextRoom() -> Int { Self.next(&rooms) }
  func nextSession() -> Int { Self.next(&sessions) }
  func nextLookup() -> Int { Self.next(&lookups) }
  func nextPresenceJob() -> Int { Self.next(&presenceJobs) }

  private static func next(_ last: inout Int) -> Int {
    last += 1
    return last
  }
}
