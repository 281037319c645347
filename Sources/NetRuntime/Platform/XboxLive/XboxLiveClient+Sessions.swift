extension XboxLiveClient {
  /// What a host says of a new session.
  public struct HostOptions {
    public var keywords: [Bytes] = []
    /// 0 takes the template's.
    public var minimumMembers = 0
    /// 0 takes the template's.
    public var maximumMembers = 0
    public var reservations: [PeerID] = []

    public init() {}
  }

  /// Makes a session and enters it as its host.
  public func createSession(
    user: Int, name: String, template: String, _ options: HostOptions = HostOptions()
  ) throws(XboxLiveError) -> MultiplayerSession {
    let (user, reference) = try prepare(user: user, name: name, template: template)
    let rules = try self.template(template)
    try Self.check(keywords: options.keywords)
    try Self.check(reservations: options.reservations)
    let maximum = options.maximumMembers == 0 ? rules.maximumMembers : options.maximumMembers
    let minimum = options.minimumMembers == 0 ? min(rules.minimumMembers, maximum) : options.minimumMembers
    guard 1...rules.maximumMembers ~= maximum, 0...maximum ~= minimum else {
      throw .memberLimits(minimum: minimum, maximum: maximum, allowed: rules.maximumMembers)
    }
    let entry = DirectoryEntry(
      id: reference.entry, kind: .xboxSession, title: settings.title, host: user.player, maximum: maximum,
      name: Bytes(name),
      data: [
        SessionData.template: Bytes(template), SessionData.minimum: Bytes("\(max(1, minimum))"),
        SessionData.timeout: Bytes("\(rules.initializationTimeout)"),
      ], keywords: options.keywords, reservations: options.reservations)
    return add(client.createLobby(entry, as: user.player), reference, of: user)
  }

  /// Enters a session by its name.
  /// - Parameter reservations: Players for whom a place shall be kept once this one is in.
  public func joinSession(
    user: Int, name: String, template: String, reservations: [PeerID] = []
  ) throws(XboxLiveError) -> MultiplayerSession {
    let (user, reference) = try prepare(user: user, name: name, template: template)
    try Self.check(reservations: reservations)
    let lobby = client.joinLobby(reference.entry, kind: .xboxSession, as: user.player)
    let session = add(lobby, reference, of: user)
    if !reservations.isEmpty { lobby.change([.reserve(reservations)]) }
    return session
  }

  /// Brings another user of this machine into a session.
  public func joinLocalSession(user: Int, _ number: Int) throws(XboxLiveError) -> MultiplayerSession {
    let user = try users.signedIn(user)
    let first = try readySession(number)
    try checkAbsent(user, from: first.reference)
    try checkSpace()
    let lobby = client.joinLobby(first.lobby.id, kind: .xboxSession, as: user.player)
    return add(lobby, first.reference, of: user, group: first.group)
  }

  private func prepare(
    user: Int, name: String, template: String
  ) throws(XboxLiveError) -> (XboxUser, SessionReference) {
    let user = try users.signedIn(user)
    guard SessionReference.isSessionName(name) else { throw .badSessionName(String(name.prefix(128))) }
    _ = try self.template(template)
    let reference = SessionReference(serviceConfigID: settings.serviceConfigID, template: template, name: name)
    try checkAbsent(user, from: reference)
    try checkSpace()
    return (user, reference)
  }

  /// A user is in a session only once.
  private func checkAbsent(_ user: XboxUser, from reference: SessionReference) throws(XboxLiveError) {
    let same = sessions.values.first { $0.user.id == user.id && $0.reference == reference && $0.lobby.isActive }
    if let same { throw .userInSession(user: user.id, session: same.number) }
  }

  private func template(_ name: String) throws(XboxLiveError) -> SessionTemplate {
    if let template = settings.templates[name] { return template }
    guard !settings.templates.isEmpty else { throw .noTemplates }
    throw .unknownTemplate(name, suggestion: Self.suggestion(name, settings.templates.keys.sorted()))
  }

  /// The nearest of the names, or all where none is near.
  static func suggestion(_ name: String, _ names: [String]) -> String {
    let near = NetRuntime.suggestion(for: name, in: names)
    guard near.isEmpty else { return near }
    let list = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
    return "; it names " + list + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }

  static func check(keywords: [Bytes]) throws(XboxLiveError) {
    guard keywords.count <= Limits.entryKeywords else { throw .tooManyKeywords(keywords.count) }
    for (index, keyword) in keywords.enumerated() {
      let isLowerCase = !keyword.array.contains { 65...90 ~= $0 }
      guard 1...Limits.keywordSize ~= keyword.count, isLowerCase else {
        throw .badKeyword(index + 1, String(keyword.text.prefix(64)))
      }
    }
  }

  private static func check(reservations: [PeerID]) throws(XboxLiveError) {
    guard reservations.count <= Limits.lobbyMembers else { throw .tooManyReservations(reservations.count) }
  }

  // MARK: What members change

  public func setClosed(_ number: Int, _ isClosed: Bool) throws(XboxLiveError) {
    try readySession(number).lobby.change([.setClosed(isClosed)])
  }

  public func setKeywords(user: Int, _ number: Int, _ keywords: [Bytes]) throws(XboxLiveError) {
    let session = try readySession(number, of: user)
    try Self.check(keywords: keywords)
    session.lobby.change([.setKeywords(keywords)])
  }

  /// Sets a property of the session; "null" takes it away.
  public func setProperty(_ number: Int, _ key: Bytes, json: [UInt8]) throws(XboxLiveError) {
    let session = try readySession(number)
    let value = try Self.property(key, json)
    session.lobby.change([.setData(key: SessionData.property(key), value: value)])
  }

  /// Sets a property of the session's user; "null" takes it away.
  public func setMemberProperty(_ number: Int, _ key: Bytes, json: [UInt8]) throws(XboxLiveError) {
    let session = try readySession(number)
    let value = try Self.property(key, json)
    session.lobby.change([.setMemberData(key: SessionData.property(key), value: value)])
  }

  /// Nil for null.
  private static func property(_ key: Bytes, _ json: [UInt8]) throws(XboxLiveError) -> Bytes? {
    try check(propertyKey: key)
    guard json.count <= Limits.customPropertySize else { throw .textTooLong("custom_property_json", json.count) }
    return try parse(json, of: "custom_property_json") == .null ? nil : Bytes(json)
  }

  static func check(propertyKey key: Bytes) throws(XboxLiveError) {
    guard 1...Limits.customPropertyKeySize ~= key.count else { throw .badPropertyKey(key.count) }
  }

  /// - Parameter argument: The name of the one whose value it is.
  static func parse(_ json: [UInt8], of argument: String) throws(XboxLiveError) -> JSON {
    do throws(JSONError) {
      return try JSON(json)
    } catch {
      throw .badJSON(argument, error)
    }
  }

  // MARK: Addresses

  /// A session as the service addresses it.
  public func uri(of number: Int) throws(XboxLiveError) -> String { try session(number).reference.uri }

  /// Which session an address names.
  public func reference(uri: String) throws(XboxLiveError) -> SessionReference {
    guard let reference = SessionReference(uri: uri) else { throw .badURI(String(uri.prefix(128))) }
    return reference
  }
}
