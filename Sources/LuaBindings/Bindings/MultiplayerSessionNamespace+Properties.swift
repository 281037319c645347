import NetRuntime

extension MultiplayerSessionNamespace {
  static var properties: [Entry] {
    [
      customProperty, customPropertyStatus, customPropertyResult, freeCustomProperty, setCustomProperty,
      setMemberProperty,
    ]
  }

  static var addresses: [Entry] { [sessionToURI, uriToDescription] }

  private static let key = Parameter("custom_property_key", .string)
  private static let json = Parameter("custom_property_json", .string)

  private static var customProperty: Entry {
    Entry(
      "custom_property_json", [session, key], returns: ["integer"],
      summary: """
        Asks for a property of a session, which has to be `READY`, and gives a lookup's id, which has to be freed.
        """
    ) { call throws(ScriptError) in
      let key = Bytes(call.stringBytes(2))
      call.push(try call.xbox { client throws(XboxLiveError) in try client.property(call.integer(1), key) })
    }
  }

  private static var customPropertyStatus: Entry {
    Entry(
      "custom_property_json_status", [XboxParameter.lookup], returns: ["integer"],
      summary: "How far a lookup has come: a `SessionJobStatus`."
    ) { call throws(ScriptError) in
      call.push(try call.xbox { client throws(XboxLiveError) in try client.propertyStatus(call.integer(1)) }.rawValue)
    }
  }

  private static var customPropertyResult: Entry {
    Entry(
      "custom_property_json_result", [XboxParameter.lookup], returns: ["string"],
      summary: "The property as JSON text; \"null\" where there is none. The lookup has to be `COMPLETE`."
    ) { call throws(ScriptError) in
      call.push(try call.xbox { client throws(XboxLiveError) in try client.propertyText(call.integer(1)) })
    }
  }

  private static var freeCustomProperty: Entry {
    Entry(
      "free_custom_property_json", [XboxParameter.lookup],
      summary: "Gives a lookup's id back; it has to be `COMPLETE` or `FAILED`."
    ) { call throws(ScriptError) in
      try call.xbox { client throws(XboxLiveError) in try client.freeProperty(call.integer(1)) }
    }
  }

  private static var setCustomProperty: Entry {
    Entry(
      "set_custom_property_json", [session, key, json],
      summary: """
        Sets a property of a session, which has to be `READY`, to a JSON text; "null" takes it away.
        """
    ) { call throws(ScriptError) in
      let (key, json) = (Bytes(call.stringBytes(2)), call.stringBytes(3))
      try call.xbox { client throws(XboxLiveError) in try client.setProperty(call.integer(1), key, json: json) }
    }
  }

  private static var setMemberProperty: Entry {
    Entry(
      "set_current_user_member_custom_property_json", [session, key, json],
      summary: """
        Sets a property of the session's user in a session, which has to be `READY`, to a JSON text; "null" takes it \
        away.
        """
    ) { call throws(ScriptError) in
      let (key, json) = (Bytes(call.stringBytes(2)), call.stringBytes(3))
      try call.xbox { client throws(XboxLiveError) in try client.setMemberProperty(call.integer(1), key, json: json) }
    }
  }

  // MARK: Addresses

  private static var sessionToURI: Entry {
    Entry(
      "session_id_to_uri", [session], returns: ["string"], summary: "A session as Xbox Live addresses it."
    ) { call throws(ScriptError) in
      call.push(try call.xbox { client throws(XboxLiveError) in try client.uri(of: call.integer(1)) })
    }
  }

  private static var uriToDescription: Entry {
    Entry(
      "session_uri_to_description", [Parameter("session_uri", .string)], returns: ["string", "string"],
      summary: "The name of the session that an address names, and its template's."
    ) { call throws(ScriptError) in
      let uri = call.string(1)
      let reference = try call.xbox { client throws(XboxLiveError) in try client.reference(uri: uri) }
      call.push(reference.name)
      call.push(reference.template)
    }
  }
}
