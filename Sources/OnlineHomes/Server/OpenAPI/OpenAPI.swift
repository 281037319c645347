import Foundation
import NetRuntime

/// The description of the server's interface that /openapi.json gives.
enum OpenAPI {
  /// OpenAPI 3.1, as JSON.
  static let text: [UInt8] = {
    let document: [String: any Sendable] = [
      "openapi": "3.1.0",
      "info": [
        "title": "stingray-lua serve",
        "version": "1.0.0",
        "license": ["name": "MIT", "identifier": "MIT"],
        "description": """
        A directory of players, and of the lobbies, servers, rooms and sessions where they meet. Values with several \
        kinds are objects with one key, the kind's name. Every request may be repeated with the same effect.
        """,
      ] as [String: any Sendable],
      "servers": [["url": "/"]],
      "paths": paths,
      "components": [
        "schemas": Dictionary(uniqueKeysWithValues: (shapes + exchanges).map { ($0, $1().json) }),
        "securitySchemes": [
          "secret": [
            "type": "http", "scheme": "bearer",
            "description": "The server's secret, where it was started with one; with none, nothing is checked.",
          ],
          "token": ["type": "http", "scheme": "bearer", "description": "The token of a sign-in."],
        ],
      ] as [String: any Sendable],
    ]
    let data = try? JSONSerialization.data(withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes])
    return data.map(Array.init) ?? []
  }()

  private static var paths: [String: any Sendable] {
    var paths: [String: any Sendable] = [:]
    for route in Route.allCases {
      paths[route.rawValue] = [route.method.rawValue.lowercased(): operation(route)]
    }
    return paths
  }

  private static func operation(_ route: Route) -> [String: any Sendable] {
    var operation: [String: any Sendable]
    switch route {
    case .signIn:
      operation = describe(
        "Signs a player or a server in; another run of its program is signed out and leaves everything.",
        body: "SignIn", answer: json("SignedIn"), refusals: [400, 401, 413, 415, 429, 503])
      operation["security"] = [["secret": [String]()], [:]]
    case .requests:
      operation = describe(
        "Asks the directory, one request after the other. Those that are refused have an error in their answer.",
        body: "Requests", answer: json("Answers"), refusals: [400, 401, 409, 413, 415, 429, 503])
    case .heartbeat:
      operation = describe("Says that the player's program lives.", refusals: [401, 409, 429])
    case .signOut:
      operation = describe("Signs the player out; it leaves everything.", refusals: [401, 429])
    case .news:
      operation = describe(
        """
        Server-sent events for the player. The data of `change` is a News, of `refresh` a Refresh, which takes the \
        place of all that was known before; `signedOut` and `replaced` carry an Error and are the last. A stream goes \
        on after `Last-Event-ID` where that is still held, and begins with `refresh` else.
        """, answer: ["text/event-stream": ["schema": ["type": "string"]]], refusals: [401, 409, 429])
      operation["parameters"] = [
        [
          "name": "Last-Event-ID", "in": "header", "required": false, "schema": Schema.unsigned.json,
          "description": "The id of the last event that was read.",
        ] as [String: any Sendable]
      ]
    case .health:
      operation = describe("Whether the server can do its work.", answer: json("Health"), refusals: [429])
      operation["security"] = [[String: [String]]()]
      add(503, "The store failed.", json("Health"), to: &operation)
    case .metrics:
      operation = describe(
        "Counts and latencies for Prometheus.", answer: ["text/plain": ["schema": ["type": "string"]]],
        refusals: [401, 429])
      operation["security"] = [["secret": [String]()], [:]]
    case .openAPI:
      operation = describe(
        "This description.", answer: ["application/json": ["schema": ["type": "object"]]], refusals: [429])
      operation["security"] = [[String: [String]]()]
    }
    operation["operationId"] = "\(route)"
    return operation
  }

  private static func json(_ shape: String) -> [String: any Sendable] {
    ["application/json": ["schema": Schema.named(shape).json]]
  }

  /// - Parameter answer: What a success gives; nil for nothing.
  private static func describe(
    _ text: String, body: String? = nil, answer: [String: any Sendable]? = nil, refusals: [Int]
  ) -> [String: any Sendable] {
    var operation: [String: any Sendable] = [
      "description": text, "security": [["token": [String]()]], "responses": [String: any Sendable](),
    ]
    if let body { operation["requestBody"] = ["required": true, "content": json(body)] as [String: any Sendable] }
    add(answer == nil ? 204 : 200, "Done.", answer, to: &operation)
    for status in refusals { add(status, meaning(status), json("Error"), to: &operation) }
    return operation
  }

  private static func add(
    _ status: Int, _ text: String, _ content: [String: any Sendable]?, to operation: inout [String: any Sendable]
  ) {
    var response: [String: any Sendable] = ["description": text]
    if let content { response["content"] = content }
    var responses = operation["responses"] as? [String: any Sendable] ?? [:]
    responses[String(status)] = response
    operation["responses"] = responses
  }

  private static func meaning(_ status: Int) -> String {
    switch status {
    case 400: "The body cannot be read; the message names the place."
    case 401: "The secret is wrong, or the token is none of a run that is signed in: sign in again."
    case 409: "The player signed in at another place."
    case 413: "The body has more than \(Limits.serverBodySize) bytes."
    case 415: "The body is not announced as application/json."
    case 429: "Too many requests; the header Retry-After says when to try again."
    default: "The store failed; try again."
    }
  }
}
