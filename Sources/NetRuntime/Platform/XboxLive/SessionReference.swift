/// What names an Xbox Live session among all of a game's.
public struct SessionReference: Hashable, Sendable {
  public var serviceConfigID: String
  public var template: String
  public var name: String

  public init(serviceConfigID: String, template: String, name: String) {
    self.serviceConfigID = serviceConfigID
    self.template = template
    self.name = name
  }

  /// The entry of the directory that the session is: whoever knows its name can find it.
  public var entry: EntryID {
    // A byte that no name may hold keeps the parts apart.
    let hash = MurmurHash64A.hash("\(serviceConfigID)/\(template)/\(name)")
    return EntryID(rawValue: max(1, hash))
  }

  /// As the service addresses a session.
  public var uri: String { "/serviceconfigs/\(serviceConfigID)/sessionTemplates/\(template)/sessions/\(name)" }

  /// Reads a session's address; nil for other texts.
  public init?(uri: String) {
    let parts = uri.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 7, parts[0].isEmpty, parts[1] == "serviceconfigs", parts[3] == "sessionTemplates",
      parts[5] == "sessions", [parts[2], parts[4], parts[6]].allSatisfy(Self.isName)
    else { return nil }
    self.init(serviceConfigID: parts[2], template: parts[4], name: parts[6])
  }

  /// Whether a text can be a part of a session's address: 1 to `Limits.sessionNameSize` bytes of visible ASCII, without
  /// "/".
  static func isName(_ text: String) -> Bool {
    1...Limits.sessionNameSize ~= text.utf8.count
      && text.utf8.allSatisfy { 33...126 ~= $0 && $0 != UInt8(ascii: "/") }
  }

  /// Whether a text can be a session's name: as `isName`, and lower case.
  static func isSessionName(_ text: String) -> Bool {
    isName(text) && !text.utf8.contains { 65...90 ~= $0 }
  }
}
