import NetRuntime

// The bodies of the server's HTTP interface. Their JSON is what Codable makes of them; docs/online.md and /openapi.json
// tell it.

/// POST /v1/sign-in.
struct SignInBody: Codable, Equatable, Sendable {
  var identity: DirectoryIdentity
  /// Drawn at random by who signs in: a repeated attempt gets the same run and token again.
  var attempt: String

  /// Characters of an attempt: 128 bits at least, as hexadecimal digits.
  static let attemptSize = 32...64
}

/// The answer to a sign-in.
struct SignInAnswer: Codable, Equatable, Sendable {
  /// Proves who asks, in the header `Authorization: Bearer TOKEN` of everything that follows.
  var token: String
  /// Tells this run of the player's program from the next.
  var run: UInt64
  /// Seconds between two heartbeats.
  var heartbeatInterval: Double
  /// Seconds of silence after which the player counts as gone.
  var heartbeatTimeout: Double
  /// The server's relay; nil where it has none.
  var relay: RelayOffer?
}

/// Where a player reaches the server's relay, and what it signs its datagrams with.
struct RelayOffer: Codable, Equatable, Sendable {
  /// Nil for the machine that the server was reached at.
  var host: String?
  var port: Int
  var key: RelayKey
}

/// POST /v1/requests.
struct RequestsBody: Codable, Equatable, Sendable {
  var requests: [NumberedRequest]
}

struct NumberedRequest: Codable, Equatable, Sendable {
  var number: UInt64
  var request: DirectoryRequest
}

/// The answers to requests, in their order.
struct AnswersBody: Codable, Equatable, Sendable {
  var answers: [NumberedAnswer]
  /// The id of the newest news of the player: what the requests changed has this id or one before it.
  var news: UInt64
}

/// One request's answer: just one of `answer` and `error`.
struct NumberedAnswer: Codable, Equatable, Sendable {
  var number: UInt64
  var answer: DirectoryAnswer?
  var error: DirectoryError?
}

/// Every refusal of the server.
struct ErrorBody: Codable, Equatable, Error, Sendable {
  var error: DirectoryError
  /// The error in words.
  var message: String
  /// Seconds after which it is worth to try again.
  var retryAfter: Double?

  init(_ error: DirectoryError, message: String? = nil, retryAfter: Double? = nil) {
    self.error = error
    self.message = message ?? error.description
    self.retryAfter = retryAfter
  }
}

/// The event `refresh` of the news: everything, where what happened in between is not held any more.
struct NewsRefresh: Codable, Equatable, Sendable {
  var entries: [DirectoryEntry] = []
  var acquaintances: [Acquaintance] = []
  var invitations: [Invitation] = []
  var tickets: [MatchTicket] = []
}

/// The names of the news' events.
enum NewsEvent: String, Sendable, CaseIterable {
  /// The data is a `DirectoryChange`.
  case change
  /// The data is a `NewsRefresh`.
  case refresh
  /// The data is an `ErrorBody`; nothing follows.
  case signedOut
  /// The same where the player signed in at another place, so that signing in again would put that one out.
  case replaced
}
