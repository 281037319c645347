import NetRuntime

extension NetworkNamespace {
  static var schema: [Entry] { [configHash, typeInfo, messageInfo, objectInfo] }

  private static var configHash: Entry {
    Entry(
      "config_hash", [Parameter("config_resource", .string)], returns: ["string"],
      summary: """
        The hash of a schema, 16 hexadecimal digits: peers with the same one understand each other. Needs no client.
        """
    ) { call throws(ScriptError) in
      call.push(try call.binding.host.loadConfig(call.string(1)).hashText)
    }
  }

  private static var typeInfo: Entry {
    Entry(
      "type_info", [Parameter("type_name", .string)], returns: ["network_type_info?"],
      summary: "What the running client's schema says of a type; nil for an unknown name and without a client."
    ) { call throws(ScriptError) in
      if let type = try call.runningConfig?.type(named: call.string(1)) { call.pushInfo(type) } else { call.pushNil() }
    }
  }

  private static var messageInfo: Entry {
    Entry(
      "message_info", [Parameter("message_name", .string)], returns: ["network_message_info?"],
      summary: "What the running client's schema says of a message; nil for an unknown name and without a client."
    ) { call throws(ScriptError) in
      if let message = try call.runningConfig?.message(named: call.string(1)) {
        call.pushInfo(message)
      } else {
        call.pushNil()
      }
    }
  }

  private static var objectInfo: Entry {
    Entry(
      "object_info", [Parameter("object_name", .string)], returns: ["network_object_info?"],
      summary: """
        What the running client's schema says of a type of game object; nil for an unknown name and without a \
        client.
        """
    ) { call throws(ScriptError) in
      if let object = try call.runningConfig?.object(named: call.string(1)) {
        call.pushInfo(object)
      } else {
        call.pushNil()
      }
    }
  }
}

extension Call {
  /// The schema of the client that runs; nil without one.
  var runningConfig: NetworkConfig? {
    get throws(ScriptError) {
      let binding = try binding
      return binding.isRunning ? binding.schema?.config : nil
    }
  }
}
