import NetRuntime

extension MultiplayerSessionNamespace {
  static var matching: [Entry] {
    [startSmartMatch, startSmartMatchResult, smartMatchStatus, smartMatchResult, deleteTicket]
  }

  private static let hopper = Parameter("hopper_name", .string)

  private static var startSmartMatch: Entry {
    Entry(
      "start_smartmatch",
      [
        session, hopper, Parameter("timeout", .number),
        Parameter("preserve_mode", .integer, range: 0...Double(PreserveSessionMode.allCases.count - 1)),
        Parameter("ticket_attributes_json", .string, optional: true),
      ],
      summary: """
        Looks for others to play with, for all members of a session together, which has to be `READY`. The hopper is \
        one of settings.ini; the attributes are a JSON object of numbers and strings that its rules compare. The \
        search ends after `timeout` seconds, and is that of all members; the ticket of a former one is deleted. With `PreserveSessionMode.ALWAYS` others come to this session; with \
        `NEVER` it may also be the others'.
        """
    ) { call throws(ScriptError) in
      let name = call.string(2)
      let attributes = call.isNil(5) ? nil : call.stringBytes(5)
      let mode = PreserveSessionMode(rawValue: call.integer(4)) ?? .never
      try call.xbox { client throws(XboxLiveError) in
        try client.startMatch(call.integer(1), hopper: name, timeout: call.number(3), mode, attributes: attributes)
      }
    }
  }

  private static var startSmartMatchResult: Entry {
    Entry(
      "start_smartmatch_result", [session], returns: ["string", "number"],
      summary: """
        The ticket's id, "" while there is none or the service has not confirmed it, and the seconds that the search \
        may still take.
        """
    ) { call throws(ScriptError) in
      let ticket = try call.xbox { client throws(XboxLiveError) in try client.ticket(of: call.integer(1)) }
      call.push(ticket.id)
      call.push(ticket.remaining)
    }
  }

  private static var smartMatchStatus: Entry {
    Entry(
      "smartmatch_status", [session], returns: ["integer"],
      summary: """
        What has come of a session's search, or of the one that another member has begun: a `SmartMatchStatus`, \
        `UNKNOWN` where there is none.
        """
    ) { call throws(ScriptError) in
      call.push(try call.xbox { client throws(XboxLiveError) in try client.matchStatus(of: call.integer(1)) }.rawValue)
    }
  }

  private static var smartMatchResult: Entry {
    Entry(
      "smartmatch_result", [session], returns: ["string", "string", "number"],
      summary: """
        The name of the session where all that were found meet, its template's, and the seconds that the search may \
        still take, which is 0. The status has to be `SmartMatchStatus.FOUND`.
        """
    ) { call throws(ScriptError) in
      let found = try call.xbox { client throws(XboxLiveError) in try client.match(of: call.integer(1)) }
      call.push(found.name)
      call.push(found.template)
      call.push(0.0)
    }
  }

  private static var deleteTicket: Entry {
    Entry(
      "delete_smartmatch_ticket", [session, hopper, Parameter("ticket_id", .string)],
      summary: "Ends a session's search, or forgets what came of it; the status is `UNKNOWN` from then on."
    ) { call throws(ScriptError) in
      let (hopper, ticket) = (call.string(2), call.string(3))
      try call.xbox { client throws(XboxLiveError) in
        try client.deleteTicket(call.integer(1), hopper: hopper, ticket: ticket)
      }
    }
  }
}

/// `stingray.MultiplayerSessionGroup`: the sessions of all users of this machine that are in the same one.
enum MultiplayerSessionGroupNamespace {
  private static let group = Parameter("session_group_id", .integer)

  static var namespace: Namespace {
    Namespace(
      "MultiplayerSessionGroup",
      "The sessions of all users of this machine that are in the same one, by the id that "
        + "`MultiplayerSession.group_id` gives.", entries: [allSessionsHaveStatus, masterSession])
  }

  private static var allSessionsHaveStatus: Entry {
    Entry(
      "all_sessions_have_status",
      [
        group,
        Parameter("session_status", .integer, range: 0...Double(MultiplayerSession.Status.allCases.count - 1)),
      ], returns: ["boolean"],
      summary: "Whether each session of a group has a status of `MultiplayerSession`."
    ) { call throws(ScriptError) in
      let status = call.integer(2)
      call.push(
        try call.xbox { client throws(XboxLiveError) in
          try client.sessions(ofGroup: call.integer(1)).allSatisfy { client.status(of: $0).rawValue == status }
        })
    }
  }

  private static var masterSession: Entry {
    Entry(
      "master_session", [group], returns: ["integer?"],
      summary: "The session of the user who entered first; nil once it was freed."
    ) { call throws(ScriptError) in
      let group = call.integer(1)
      let sessions = try call.xbox { client throws(XboxLiveError) in try client.sessions(ofGroup: group) }
      // A group has the number of the session that it began with.
      if sessions.contains(where: { $0.number == group }) { call.push(group) } else { call.pushNil() }
    }
  }
}
