import Foundation

/// Where a server is, and the secret that it asks for: `http://[SECRET@]HOST[:PORT]`, or https.
public struct OnlineAddress: Equatable, Sendable {
  /// The address before the routes, without a slash at its end.
  public var base: String
  /// The machine.
  public var host: String
  /// Nil for none.
  public var secret: String?

  /// The port where none is given with http.
  public static let defaultPort = 7780

  /// Whether a text is meant as a server's address, and not as a file's name.
  public static func isMeant(by text: some StringProtocol) -> Bool {
    text.hasPrefix("http://") || text.hasPrefix("https://")
  }

  /// - Parameter secret: What counts where the address has none.
  /// - Returns: Nil for what is no such address.
  public init?(_ text: String, secret: String? = nil) {
    guard OnlineAddress.isMeant(by: text), let parts = URLComponents(string: text, encodingInvalidCharacters: false),
      let host = parts.host,
      !host.isEmpty, parts.query == nil, parts.fragment == nil, parts.password == nil
    else { return nil }
    let isSecure = parts.scheme == "https"
    var path = parts.percentEncodedPath
    while path.hasSuffix("/") { path.removeLast() }
    let port = parts.port ?? (isSecure ? 443 : OnlineAddress.defaultPort)
    guard 1...65_535 ~= port else { return nil }
    self.host = host
    base = "\(isSecure ? "https" : "http")://\(host):\(port)\(path)"
    self.secret = parts.user.flatMap { $0.isEmpty ? nil : $0 } ?? secret
  }
}
