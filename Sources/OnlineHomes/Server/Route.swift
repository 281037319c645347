import HTTPTypes

/// The routes of the server.
enum Route: String, CaseIterable, Sendable {
  case signIn = "/v1/sign-in"
  case requests = "/v1/requests"
  case heartbeat = "/v1/heartbeat"
  case signOut = "/v1/sign-out"
  case news = "/v1/news"
  case health = "/health"
  case metrics = "/metrics"
  case openAPI = "/openapi.json"

  init?(path: String) { self.init(rawValue: path) }

  var method: HTTPRequest.Method {
    switch self {
    case .signIn, .requests, .heartbeat, .signOut: .post
    case .news, .health, .metrics, .openAPI: .get
    }
  }
}
