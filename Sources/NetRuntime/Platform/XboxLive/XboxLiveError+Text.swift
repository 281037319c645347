extension XboxLiveError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownUser, .notSignedIn, .userInSession, .userHasSession, .sessionOfOther: userText
    case .unknownSession, .sessionState, .unknownGroup, .tooManySessions: sessionText
    case .searching, .noTicket, .otherTicket, .noMatch, .badTimeout, .noHoppers, .unknownHopper: matchText
    case .attributesNoObject, .attributeType, .tooManyAttributes, .ruleAttribute: matchText
    case .unknownLookup, .lookupState, .otherLookup, .tooManyLookups: lookupText
    default: valueText
    }
  }

  private var userText: String {
    switch self {
    case .unknownUser(let id, let signedIn):
      "there is no user \(id); XboxLive.users gives "
        + (signedIn.isEmpty ? "none" : signedIn.map(String.init).joined(separator: ", "))
    case .notSignedIn(let id): "user \(id) is not signed in"
    case .userInSession(let user, let session): "user \(user) is in this session already: that is session \(session)"
    case .userHasSession(let user, let session, let status):
      "user \(user) still has session \(session), which is \(status.name); call MultiplayerSession.leave, wait until "
        + "MultiplayerSession.status gives SHUTDOWN, and call Network.free_multiplayer_session first"
    case .sessionOfOther(let session, let owner, let user):
      "session \(session) is user \(owner)'s, not user \(user)'s; Network.join_local_multiplayer_session gives each "
        + "user a session id of its own"
    default: ""
    }
  }

  private var sessionText: String {
    switch self {
    case .unknownSession(let id): "there is no session \(id): it was freed, or never created"
    case .sessionState(let id, let status, let needed, let advice):
      "session \(id) is \(status.name), and has to be \(needed.name); \(advice)"
    case .unknownGroup(let id): "there is no session group \(id); MultiplayerSession.group_id gives a session's"
    case .tooManySessions:
      "there are \(Limits.unfreedSessions) sessions that were not freed; call Network.free_multiplayer_session for "
        + "those that are SHUTDOWN"
    default: ""
    }
  }

  private var matchText: String {
    switch self {
    case .searching(let session, let ticket):
      "session \(session) is searching already, with ticket \"\(ticket)\"; call "
        + "MultiplayerSession.delete_smartmatch_ticket first"
    case .noTicket(let session): "session \(session) has no ticket; call MultiplayerSession.start_smartmatch first"
    case .otherTicket(let session, let ticket, let hopper):
      "session \(session) has the ticket \"\(ticket)\" in hopper \"\(hopper)\", and no other"
    case .noMatch(let session, let status):
      "session \(session) has found no match: MultiplayerSession.smartmatch_status gives \(status.name), and has to "
        + "give FOUND"
    case .badTimeout: "expected a timeout of 1 to \(Int(Limits.smartMatchTimeout)) seconds"
    case .noHoppers: "settings.ini names no hopper; add xboxlive = { hoppers = { NAME = { min_players = 2 } } }"
    case .unknownHopper(let name, let suggestion): "settings.ini names no hopper `\(name)`\(suggestion)"
    case .attributesNoObject(let type): "expected a JSON object of ticket attributes, got \(type)"
    case .attributeType(let key, let type): "ticket attribute \"\(key)\": expected a number or a string, got \(type)"
    case .tooManyAttributes(let count):
      "there are \(count) ticket attributes; at most \(Limits.ticketAttributes) are possible"
    case .ruleAttribute(let key, let hopper):
      "the rules of hopper \"\(hopper)\" compare the ticket attribute \"\(key)\", which is not given or of another type"
    default: ""
    }
  }

  private var lookupText: String {
    switch self {
    case .unknownLookup(let id): "there is no lookup \(id): it was freed, or never begun"
    case .lookupState(let id, let status):
      "lookup \(id) is \(status.name); wait until its status is COMPLETE"
        + (status == .working ? " or FAILED" : ", a failed one can only be freed")
    case .otherLookup(let id, let begun, let expected):
      "lookup \(id) was begun by \(begun); expected one that \(expected) began"
    case .tooManyLookups:
      "there are \(Limits.unfreedLookups) lookups that were not freed; call the free function of those that are done"
    default: ""
    }
  }

  private var valueText: String {
    switch self {
    case .noTemplates:
      "settings.ini names no session template; add xboxlive = { templates = { NAME = { max_members = 8 } } }"
    case .unknownTemplate(let name, let suggestion): "settings.ini names no session template `\(name)`\(suggestion)"
    case .badSessionName(let name):
      "expected a session name of 1 to \(Limits.sessionNameSize) lower-case letters, digits and signs without \"/\", "
        + "got \"\(name)\""
    case .badKeyword(let index, let text):
      "keyword \(index): expected 1 to \(Limits.keywordSize) bytes in lower case, got \"\(text)\""
    case .tooManyKeywords(let count): "there are \(count) keywords; at most \(Limits.entryKeywords) are possible"
    case .tooManyReservations(let count):
      "there are \(count) reservations; at most \(Limits.lobbyMembers) are possible"
    case .memberLimits(let minimum, let maximum, let allowed):
      "expected 0 <= minimum <= maximum <= \(allowed), got a minimum of \(minimum) and a maximum of \(maximum)"
    case .badHandle(let text):
      "expected a session handle of 1 to \(Limits.sessionHandleSize) bytes, got \(text.utf8.count) bytes"
    case .badURI(let text):
      "expected a text like \"/serviceconfigs/ID/sessionTemplates/TEMPLATE/sessions/NAME\", got \"\(text)\""
    case .badPropertyKey(let count):
      "expected a key of 1 to \(Limits.customPropertyKeySize) bytes, got \(count) bytes"
    case .propertyTooLong(let count):
      "the JSON text has \(count) bytes; at most \(Limits.customPropertySize) are possible"
    case .badJSON(let error): "expected JSON text; \(error)"
    case .selection(let minimum, let maximum):
      "expected 0 <= min_selection <= max_selection, got \(minimum) and \(maximum)"
    case .badPresence(let count):
      "expected a presence id of 1 to \(Limits.sessionHandleSize) bytes, got \(count) bytes"
    case .tooManyPlayers(let count): "there are \(count) ids; at most \(Limits.askedPlayers) are possible"
    default: ""
    }
  }
}

extension SessionJobStatus {
  /// As scripts call it.
  public var name: String { constantName("\(self)") }
}

extension MultiplayerSession.Status {
  /// As scripts call it.
  public var name: String { constantName("\(self)") }
}

extension SmartMatchStatus {
  /// As scripts call it.
  public var name: String { constantName("\(self)") }
}

/// "notRunning" as "NOT_RUNNING".
private func constantName(_ name: String) -> String {
  name.reduce(into: "") { text, character in
    if character.isUppercase { text += "_" }
    text += character.uppercased()
  }
}
