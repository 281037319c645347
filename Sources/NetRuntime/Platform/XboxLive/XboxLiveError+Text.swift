extension XboxLiveError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownUser, .notSignedIn, .userInSession, .userHasSession, .sessionOfOther: userText
    case .unknownSession, .sessionState, .unknownGroup, .tooManySessions: sessionText
    case .searching, .noTicket, .otherTicket, .noMatch, .badTimeout, .noHoppers, .unknownHopper: matchText
    case .attributesNoObject, .attributeType, .tooManyAttributes, .ruleAttribute: matchText
    case .unknownLookup, .lookupState, .lookupFailed, .otherLookup, .tooManyLookups: lookupText
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
    case .otherTicket(let session, let ticket, let hopper, let gotTicket, let gotHopper):
      "expected the ticket_id \"\(ticket)\" and the hopper_name \"\(hopper)\" of session \(session), got \"\(gotTicket)\" "
        + "and \"\(gotHopper)\""
    case .noMatch(let session, let status):
      "session \(session) has found no match: MultiplayerSession.smartmatch_status gives \(status.name), and has to "
        + "give FOUND"
    case .badTimeout(let seconds):
      "timeout: expected 1 to \(Int(Limits.ticketTimeout)) seconds, got \(seconds.shortText)"
    case .noHoppers: "settings.ini names no hopper; add xboxlive = { hoppers = { NAME = { min_players = 2 } } }"
    case .unknownHopper(let name, let suggestion): "settings.ini names no hopper `\(name)`\(suggestion)"
    case .attributesNoObject(let type): "ticket_attributes_json: expected a JSON object, got \(type)"
    case .attributeType(let key, let type):
      "ticket_attributes_json: \"\(key)\": expected a number or a string, got \(type)"
    case .tooManyAttributes(let count):
      "ticket_attributes_json: expected at most \(Limits.ticketAttributes) attributes, got \(count)"
    case .ruleAttribute(let key, let hopper, let expected, let got):
      "ticket_attributes_json: \"\(key)\": expected \(expected), which the rules of hopper \"\(hopper)\" compare, got \(got)"
    default: ""
    }
  }

  private var lookupText: String {
    switch self {
    case .unknownLookup(let id): "there is no lookup \(id): it was freed, or never begun"
    case .lookupState(let id, let status):
      "lookup \(id) is \(status.name); wait until its status is COMPLETE"
        + (status == .working ? " or FAILED" : ", a failed one can only be freed")
    case .lookupFailed(let id, let why): "lookup \(id) is FAILED, and can only be freed: \(why)"
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
      "session_name: expected 1 to \(Limits.sessionNameSize) lower-case letters, digits and signs without \"/\", "
        + "got \"\(name)\""
    case .badKeyword(let index, let text):
      "session_keywords: element \(index): expected 1 to \(Limits.keywordSize) bytes in lower case, got \"\(text)\""
    case .tooManyKeywords(let count):
      "session_keywords: expected at most \(Limits.entryKeywords) elements, got \(count)"
    case .tooManyReservations(let count):
      "xbox_user_id_member_reservation: expected at most \(Limits.lobbyMembers) elements, got \(count)"
    case .memberLimits(let minimum, let maximum, let allowed):
      "expected 0 <= min_number_members <= max_number_members <= \(allowed), got \(minimum) and \(maximum)"
    case .badHandle(let text):
      "handle: expected 1 to \(Limits.sessionHandleSize) bytes, got \(text.utf8.count) bytes"
    case .badURI(let text):
      "session_uri: expected a text like \"/serviceconfigs/ID/sessionTemplates/TEMPLATE/sessions/NAME\", got \"\(text)\""
    case .badPropertyKey(let count):
      "custom_property_key: expected 1 to \(Limits.customPropertyKeySize) bytes, got \(count) bytes"
    case .textTooLong(let argument, let count):
      "\(argument): expected at most \(Limits.customPropertySize) bytes, got \(count) bytes"
    case .badJSON(let argument, let error): "\(argument): expected JSON text; \(error)"
    case .selection(let minimum, let maximum):
      "expected 0 <= min_selection <= max_selection, got \(minimum) and \(maximum)"
    case .badPresence(let count):
      "presence_id: expected 1 to \(Limits.sessionHandleSize) bytes, got \(count) bytes"
    case .tooManyPlayers(let count): "expected at most \(Limits.askedPlayers) ids, got \(count)"
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
