import NetRuntime

/// Parameters that many functions of Xbox Live have.
enum XboxParameter {
  static let user = Parameter("user_id", .integer)
  static let session = Parameter("session_id", .integer)
  static let lookup = Parameter("session_lookup_id", .integer)
  static let keywords = Parameter("session_keywords", .table, optional: true, notation: "string[]?")
  static let reservations = Parameter(
    "xbox_user_id_member_reservation", .table, optional: true, notation: "any(string,integer)[]?")
}

extension Call {
  /// The Xbox Live client that runs.
  func xbox() throws(ScriptError) -> XboxLiveClient {
    _ = try network { network throws(NetworkError) in try network.platformClient(.xboxLive) }
    guard let client = try binding.consoles.xbox else {
      throw ScriptError(NetworkError.noPlatformClient(.xboxLive).description)
    }
    return client
  }

  /// Does something with the Xbox Live client that runs.
  func xbox<Result>(_ body: (XboxLiveClient) throws(XboxLiveError) -> Result) throws(ScriptError) -> Result {
    let client = try xbox()
    do throws(XboxLiveError) {
      return try body(client)
    } catch {
      throw ScriptError(error.description)
    }
  }

  /// The users of this machine, who are there with or without a client.
  func xboxUsers() throws(ScriptError) -> XboxUsers {
    let binding = try binding
    if let users = binding.consoles.users { return users }
    let online = try network { network throws(NetworkError) in try network.online() }
    let users = XboxUsers(online, binding.network.platformSettings.xboxLive, log: binding.host.log)
    binding.consoles.users = users
    return users
  }
}
