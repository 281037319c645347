import NetRuntime

extension NetworkNamespace {
  static var xboxLiveJobs: [Entry] {
    [
      cleanSessions, cleanSessionsStatus, handleToDescription, handleToDescriptionStatus, handleToDescriptionResult,
      freeHandleToDescription, setPresence, setPresenceStatus,
    ]
  }

  private static var cleanSessions: Entry {
    Entry(
      "clean_sessions", [XboxParameter.user],
      summary: """
        Takes a user out of sessions that were never left; those that the script has not freed have to be freed \
        first.
        """
    ) { call throws(ScriptError) in
      try call.xbox { client throws(XboxLiveError) in try client.cleanSessions(user: call.integer(1)) }
    }
  }

  private static var cleanSessionsStatus: Entry {
    Entry(
      "clean_sessions_status", returns: ["integer"],
      summary: "How far the last `clean_sessions` has come: a `SessionJobStatus`. It needs no freeing."
    ) { call throws(ScriptError) in
      call.push(try call.xbox().cleaningStatus().rawValue)
    }
  }

  // MARK: Handles

  private static var handleToDescription: Entry {
    Entry(
      "handle_to_description", [XboxParameter.user, Parameter("handle", .string)], returns: ["integer"],
      summary: """
        Asks which session a handle names, such as that of an invitation, and gives a lookup's id, which has to be \
        freed.
        """
    ) { call throws(ScriptError) in
      call.push(
        try call.xbox { client throws(XboxLiveError) in
          try client.describe(user: call.integer(1), handle: call.string(2))
        })
    }
  }

  private static var handleToDescriptionStatus: Entry {
    Entry(
      "handle_to_description_status", [XboxParameter.lookup], returns: ["integer"],
      summary: "How far a lookup has come: a `SessionJobStatus`; `FAILED` where there is no such session."
    ) { call throws(ScriptError) in
      call.push(
        try call.xbox { client throws(XboxLiveError) in try client.descriptionStatus(call.integer(1)) }.rawValue)
    }
  }

  private static var handleToDescriptionResult: Entry {
    Entry(
      "handle_to_description_result", [XboxParameter.lookup], returns: ["string", "string"],
      summary: "The session's name and its template's; the lookup has to be `COMPLETE`."
    ) { call throws(ScriptError) in
      let result = try call.xbox { client throws(XboxLiveError) in try client.description(call.integer(1)) }
      call.push(result.name)
      call.push(result.template)
    }
  }

  private static var freeHandleToDescription: Entry {
    Entry(
      "free_handle_to_description", [XboxParameter.lookup],
      summary: "Gives a lookup's id back; it has to be `COMPLETE` or `FAILED`."
    ) { call throws(ScriptError) in
      try call.xbox { client throws(XboxLiveError) in try client.freeDescription(call.integer(1)) }
    }
  }

  // MARK: Presence

  private static var setPresence: Entry {
    Entry(
      "set_presence",
      [
        XboxParameter.user, Parameter("presence_id", .string),
        Parameter("is_active_in_title", .boolean, optional: true),
      ], returns: ["integer"],
      summary: "Shows others what a user does, and gives the id of a job that frees itself."
    ) { call throws(ScriptError) in
      let isActive = call.isNil(3) || call.boolean(3)
      let text = Bytes(call.stringBytes(2))
      call.push(
        try call.xbox { client throws(XboxLiveError) in
          try client.setPresence(user: call.integer(1), text, isActive: isActive)
        })
    }
  }

  private static var setPresenceStatus: Entry {
    Entry(
      "set_presence_status", [Parameter("set_presence_job_id", .integer)], returns: ["integer"],
      summary: "`SessionJobStatus.WORKING` until a job has ended, then `NOT_RUNNING`."
    ) { call throws(ScriptError) in
      call.push(try call.xbox().presenceStatus(call.integer(1)).rawValue)
    }
  }
}
