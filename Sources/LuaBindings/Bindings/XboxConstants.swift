import NetRuntime

/// Namespaces of Xbox Live that hold only numbers.
enum XboxConstants {
  static var namespaces: [Namespace] {
    [jobStatus, matchStatus, preserveMode, visibility, restriction, xboxOne]
  }

  private static var jobStatus: Namespace {
    Namespace(
      "SessionJobStatus", "How far an asynchronous function of Xbox Live has come.",
      constants: [
        constant("COMPLETE", SessionJobStatus.complete, "It has ended, and there is a result."),
        constant("FAILED", SessionJobStatus.failed, "It has failed."),
        constant("NOT_RUNNING", SessionJobStatus.notRunning, "It was never begun, or it was freed."),
        constant("WORKING", SessionJobStatus.working, "It goes on."),
      ])
  }

  private static var matchStatus: Namespace {
    Namespace(
      "SmartMatchStatus", "What has come of a search for others to play with.",
      constants: [
        constant("EXPIRED", SmartMatchStatus.expired, "Nobody was found in time."),
        constant("FOUND", SmartMatchStatus.found, "Others were found."),
        constant("SEARCHING", SmartMatchStatus.searching, "The search goes on."),
        constant("UNKNOWN", SmartMatchStatus.unknown, "There is no search."),
      ])
  }

  private static var preserveMode: Namespace {
    Namespace(
      "PreserveSessionMode", "Whether a session that looks for others is kept.",
      constants: [
        constant("ALWAYS", PreserveSessionMode.always, "Others come to this session."),
        constant("NEVER", PreserveSessionMode.never, "All may meet in another session."),
      ])
  }

  private static var visibility: Namespace {
    Namespace(
      "MultiplayerSessionVisibility", "Who sees a session.",
      constants: [
        constant("ANY", SessionVisibility.any, "Every session; none of one."),
        constant("FULL", SessionVisibility.full, "It is open and has no free place."),
        constant("OPEN", SessionVisibility.open, "Everybody may join."),
        constant("PRIVATE", SessionVisibility.private, "Only its members see it."),
        constant("UNKNOWN", SessionVisibility.unknown, "It is not known."),
        constant("VISIBLE", SessionVisibility.visible, "All see it, and it is closed."),
      ])
  }

  private static var restriction: Namespace {
    Namespace(
      "MultiplayerSessionRestriction", "Who may join a session.",
      constants: [
        constant("FOLLOWED", SessionRestriction.followed, "Friends of its members."),
        constant("LOCAL", SessionRestriction.local, "Who is invited."),
        constant("NONE", SessionRestriction.none, "Everybody."),
        constant("UNKNOWN", SessionRestriction.unknown, "It is not known."),
      ])
  }

  private static var xboxOne: Namespace {
    Namespace(
      "XboxOne", "Whether Xbox Live can be reached.",
      constants: [
        constant("OFFLINE", XboxUsers.OnlineState.offline, "It cannot, or the user was signed out."),
        constant("ONLINE", XboxUsers.OnlineState.online, "It can."),
        constant("UNKNOWN", XboxUsers.OnlineState.unknown, "The first user is being signed in."),
      ])
  }

  private static func constant<Value: RawRepresentable<Int>>(
    _ name: String, _ value: Value, _ summary: String
  ) -> Constant {
    Constant(name, Double(value.rawValue), summary)
  }
}
