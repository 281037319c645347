/// Why a function of Xbox Live refused; the text is for a game designer and does not name the function.
public enum XboxLiveError: Error, Equatable, Sendable {
  /// No user has the id.
  case unknownUser(Int, signedIn: [Int])
  case notSignedIn(Int)
  case unknownSession(Int)
  /// The session's state does not allow it; `needed` is what it has to be, `advice` what to call.
  case sessionState(Int, MultiplayerSession.Status, needed: MultiplayerSession.Status, advice: String)
  case sessionOfOther(session: Int, owner: Int, user: Int)
  case userInSession(user: Int, session: Int)
  case userHasSession(user: Int, session: Int, MultiplayerSession.Status)
  case unknownGroup(Int)
  case tooManySessions
  case noTemplates
  case unknownTemplate(String, suggestion: String)
  case noHoppers
  case unknownHopper(String, suggestion: String)
  case badSessionName(String)
  case badKeyword(Int, String)
  case tooManyKeywords(Int)
  case tooManyReservations(Int)
  case memberLimits(minimum: Int, maximum: Int, allowed: Int)
  case badHandle(String)
  case badURI(String)
  case badPropertyKey(Int)
  /// The text of an argument.
  case textTooLong(String, Int)
  case badJSON(String, JSONError)
  case attributesNoObject(String)
  case attributeType(String, String)
  case tooManyAttributes(Int)
  case ruleAttribute(String, hopper: String, expected: String, got: String)
  case selection(minimum: Int, maximum: Int)
  case badTimeout(Double)
  case searching(Int, ticket: String)
  case noTicket(Int)
  /// The session has another ticket than the script says.
  case otherTicket(Int, ticket: String, hopper: String, gotTicket: String, gotHopper: String)
  case noMatch(Int, SmartMatchStatus)
  case badPresence(Int)
  case tooManyPlayers(Int)
  case unknownLookup(Int)
  case lookupState(Int, SessionJobStatus)
  case lookupFailed(Int, why: String)
  /// The lookup was begun by another function than the one that this asks about.
  case otherLookup(Int, begun: String, expected: String)
  case tooManyLookups
}
