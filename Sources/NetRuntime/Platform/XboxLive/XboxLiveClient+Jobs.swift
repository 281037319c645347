// What is asked of the service and takes a while.
extension XboxLiveClient {
  // MARK: Handles

  /// Asks which session a handle names.
  /// - Returns: The lookup's id.
  public func describe(user: Int, handle: String) throws(XboxLiveError) -> Int {
    let user = try users.signedIn(user)
    guard 1...Limits.sessionHandleSize ~= handle.utf8.count else { throw .badHandle(handle) }
    let lookup = try lookups.begin(.description, at: now)
    // A handle that makes no sense names no session; that is told as for one whose session is gone.
    let entry = EntryID(rawValue: max(1, UInt64(hexadecimalDigits: handle.utf8) ?? 1))
    online.ask(.find(entry), as: user.player) { [weak self] result in
      guard let self else { return }
      guard case .success(.entry(let entry)) = result else { return lookups.end(lookup, nil) }
      guard let session = reference(of: entry) else {
        let why =
          "the handle names a session of another game; xboxlive.service_config_id in settings.ini says "
          + "\"\(settings.serviceConfigID)\""
        log(.warnings, "handle \(handle): \(why)")
        return lookups.end(lookup, nil, why: why)
      }
      lookups.end(lookup, .description(name: session.name, template: session.template))
    }
    return lookup
  }

  /// Which session of this game an entry is; nil for others.
  func reference(of entry: DirectoryEntry) -> SessionReference? {
    entry.title == settings.title ? SessionReference(entry, serviceConfigID: settings.serviceConfigID) : nil
  }

  // MARK: Properties

  /// Asks for a session's custom property.
  /// - Returns: The lookup's id.
  public func property(_ number: Int, _ key: Bytes) throws(XboxLiveError) -> Int {
    let session = try readySession(number)
    try Self.check(propertyKey: key)
    let lookup = try lookups.begin(.property, at: now)
    session.lobby.sendChanges()
    online.ask(.find(session.lobby.id), as: session.user.player) { [weak self] result in
      guard case .success(.entry(let entry)) = result else { return self?.lookups.end(lookup, nil) ?? () }
      self?.lookups.end(lookup, .property(entry.data[SessionData.property(key)]?.text ?? "null"))
    }
    return lookup
  }

  // MARK: Lookups

  public func descriptionStatus(_ id: Int) throws(XboxLiveError) -> SessionJobStatus {
    try lookups.status(id, .description, at: now)
  }

  public func description(_ id: Int) throws(XboxLiveError) -> (name: String, template: String) {
    guard case .description(let name, let template) = try lookups.result(id, .description, at: now) else {
      throw .unknownLookup(id)
    }
    return (name, template)
  }

  public func freeDescription(_ id: Int) throws(XboxLiveError) { try lookups.free(id, .description, at: now) }

  public func activitiesStatus(_ id: Int) throws(XboxLiveError) -> SessionJobStatus {
    try lookups.status(id, .activities, at: now)
  }

  public func activities(_ id: Int) throws(XboxLiveError) -> [ActivityDetails] {
    guard case .activities(let list) = try lookups.result(id, .activities, at: now) else { throw .unknownLookup(id) }
    return list
  }

  public func freeActivities(_ id: Int) throws(XboxLiveError) { try lookups.free(id, .activities, at: now) }

  public func propertyStatus(_ id: Int) throws(XboxLiveError) -> SessionJobStatus {
    try lookups.status(id, .property, at: now)
  }

  public func propertyText(_ id: Int) throws(XboxLiveError) -> String {
    guard case .property(let text) = try lookups.result(id, .property, at: now) else { throw .unknownLookup(id) }
    return text
  }

  public func freeProperty(_ id: Int) throws(XboxLiveError) { try lookups.free(id, .property, at: now) }

  // MARK: Presence

  /// Shows others what a user does.
  /// - Returns: The id of a job that ends by itself.
  public func setPresence(user: Int, _ text: Bytes, isActive: Bool) throws(XboxLiveError) -> Int {
    let user = try users.signedIn(user)
    guard 1...Limits.sessionHandleSize ~= text.count else { throw .badPresence(text.count) }
    let job = numbers.nextPresenceJob()
    var single = SingleJob()
    let run = single.begin(at: now)
    presenceJobs = presenceJobs.filter { _, other in
      var other = other
      return other.status(at: now) == .working
    }
    presenceJobs[job] = single
    let values: [Bytes: Bytes] = [XboxPresence.text: text, XboxPresence.isActive: isActive ? "1" : "0"]
    online.ask(.setPresence(values), as: user.player) { [weak self] result in
      if case .failure(let error) = result { self?.log(.warnings, "the presence was not set: \(error)") }
      self?.presenceJobs[job]?.end(run, .notRunning)
      self?.presenceJobs[job] = nil
    }
    return job
  }

  /// Working, and not running from its end on.
  public func presenceStatus(_ job: Int) -> SessionJobStatus {
    presenceJobs[job]?.status(at: now) == .working ? .working : .notRunning
  }

  // MARK: Cleaning

  /// Makes sure that a user is in no session; those that the script knows of have to be freed first. The service takes
  /// everybody out of everything whose program ends, so there is nothing left to leave.
  public func cleanSessions(user: Int) throws(XboxLiveError) {
    let user = try users.signedIn(user)
    for session in sessions.values.sorted(by: { $0.number < $1.number }) where session.user.id == user.id {
      throw .userHasSession(user: user.id, session: session.number, status(of: session))
    }
    let run = cleaning.begin(at: now)
    online.ask(.players([user.player]), as: user.player) { [weak self] result in
      if case .success = result { self?.cleaning.end(run, .complete) } else { self?.cleaning.end(run, .failed) }
    }
  }

  public func cleaningStatus() -> SessionJobStatus { cleaning.status(at: now) }
}
