import NetRuntime

extension OpenAPI {
  /// The shapes of what is asked, answered and told, by name.
  static let exchanges: [(String, @Sendable () -> Schema)] = [
    ("Request", { request }),
    ("Change", { change }),
    ("Query", { query }),
    ("Comparison", { .words(["equal", "notEqual", "less", "lessOrEqual", "greater", "greaterOrEqual"]) }),
    ("Filter", { filter }),
    ("Answer", { answer }),
    ("DirectoryError", { error }),
    ("News", { news }),
    (
      "Refresh",
      {
        .object(
          .must("entries", .list(.named("Entry"))), .must("acquaintances", .list(.named("Acquaintance"))),
          .must("invitations", .list(.named("Invitation"))), .must("tickets", .list(.named("Ticket"))))
      }
    ),
    (
      "SignIn",
      {
        .object(
          .must("identity", .named("Identity")),
          .must(
            "attempt",
            .text("Drawn at random; a repeated attempt gets the same run again.", sizes: SignInBody.attemptSize)))
      }
    ),
    (
      "SignedIn",
      {
        .object(
          .must("token", .text()), .must("run", .unsigned), .must("heartbeatInterval", .number),
          .must("heartbeatTimeout", .number), .may("relay", .named("Relay")))
      }
    ),
    (
      "Relay",
      {
        .object(
          .may("host", .text("Where the relay is reached; without it, where the server is.")),
          .must("port", .integer(1...65_535)), .must("key", .text(pattern: "^[0-9a-f]{32}$")))
      }
    ),
    (
      "Requests",
      {
        .object(
          .must(
            "requests",
            .list(
              .object(.must("number", .unsigned), .must("request", .named("Request"))),
              atMost: Limits.requestsPerBatch, atLeast: 1)))
      }
    ),
    (
      "Answers",
      {
        .object(
          .must(
            "answers",
            .list(
              .object(
                .must("number", .unsigned), .may("answer", .named("Answer")),
                .may("error", .named("DirectoryError"))))),
          .must("news", .unsigned))
      }
    ),
    (
      "Error",
      { .object(.must("error", .named("DirectoryError")), .must("message", .text()), .may("retryAfter", .number)) }
    ),
    (
      "Health",
      {
        .object(
          .must("status", .words(["ok", "store failed"])), .must("players", .integer), .must("entries", .integer))
      }
    ),
  ]

  private static func one(_ name: String) -> [Schema.Field] { [.must("_0", .named(name))] }
  private static func several(_ name: String) -> [Schema.Field] { [.must("_0", .list(.named(name)))] }

  private static var request: Schema {
    let joining: [Schema.Field] = [.must("peer", .named("ID")), .must("memberData", .named("Data"))]
    return .kinds([
      ("publish", [.must("endpoints", .list(.named("Endpoint"), atMost: Limits.playerEndpoints))]),
      ("create", [.must("entry", .named("Entry"))] + joining),
      ("join", one("ID") + [.may("password", .named("Bytes"))] + joining),
      ("leave", one("ID")),
      ("change", one("ID") + [.must("_1", .list(.named("Change")))]),
      ("list", one("Query")),
      ("find", one("ID")),
      ("players", [.must("_0", .list(.named("ID"), atMost: Limits.askedPlayers))]),
      ("friends", []),
      ("setPresence", one("Data")),
      ("setActivity", [.may("_0", .named("Activity"))]),
      ("invite", one("Invitation") + [.must("to", .list(.named("ID")))]),
      ("dismissInvitation", [.must("_0", .unsigned)]),
      ("startTicket", one("Ticket")),
      ("deleteTicket", [.must("_0", .unsigned)]),
      ("keep", [.must("key", .named("Bytes")), .may("value", .named("Bytes"))]),
      ("kept", [.must("prefix", .named("Bytes"))]),
    ])
  }

  private static var change: Schema {
    let pair: [Schema.Field] = [.must("key", .named("Bytes")), .may("value", .named("Bytes"))]
    return .kinds([
      ("setData", pair),
      ("setName", one("Bytes")),
      ("setSessionHost", [.may("_0", .named("ID"))]),
      ("setVisibility", one("Visibility")),
      ("setClosed", [.must("_0", .flag)]),
      ("setMaximum", [.must("_0", .integer)]),
      ("setKeywords", several("Bytes")),
      ("setPassword", [.may("_0", .named("Bytes"))]),
      ("setHost", one("ID")),
      ("reserve", several("ID")),
      ("kick", one("ID")),
      ("drop", one("ID")),
      ("setDataOfMember", one("ID") + pair),
      ("setMemberData", pair),
    ])
  }

  private static var query: Schema {
    .object(
      .must("kind", .named("EntryKind")), .must("title", .text()),
      .must("filters", .list(.named("Filter"), atMost: Limits.listFilters)),
      .must(
        "near",
        .list(.object(.must("key", .named("Bytes")), .must("value", .integer)), atMost: Limits.listFilters)),
      .must("limit", .integer(1...Limits.listedEntries)))
  }

  private static var filter: Schema {
    .kinds([
      ("text", [.must("key", .named("Bytes")), .must("_1", .named("Comparison")), .must("_2", .named("Bytes"))]),
      ("number", [.must("key", .named("Bytes")), .must("_1", .named("Comparison")), .must("_2", .integer)]),
      ("places", [.must("_0", .integer)]),
      ("distance", [.must("_0", .words(["close", "default", "far", "world"]))]),
      ("keyword", one("Bytes")),
      ("hasPassword", [.must("_0", .flag)]),
      ("isEmpty", [.must("_0", .flag)]),
      ("isFull", [.must("_0", .flag)]),
      ("withFriends", []),
      ("host", one("ID")),
    ])
  }

  private static var answer: Schema {
    .kinds([
      ("done", []),
      ("entry", one("Entry")),
      ("entries", several("Entry")),
      ("players", several("Player")),
      ("friends", several("Acquaintance")),
      ("ticket", one("Ticket")),
      ("notes", one("Data")),
    ])
  }

  private static var error: Schema {
    .kinds([
      ("unavailable", [.must("_0", .text())]), ("signedOut", []), ("expired", []), ("badSecret", []),
      ("tooManyRequests", []),
      ("malformed", [.must("_0", .text())]), ("unknownEntry", one("ID")), ("unknownPlayer", one("ID")),
      ("full", [.must("maximum", .integer)]), ("wrongPassword", []), ("closed", []), ("notInvited", []),
      ("kicked", []), ("notHost", []), ("notMember", []), ("unknownHopper", [.must("_0", .text())]),
    ])
  }

  private static var news: Schema {
    .kinds([
      ("entry", one("Entry")),
      ("left", one("ID") + [.must("_1", .named("Departure"))]),
      ("acquaintance", one("Acquaintance")),
      ("invitation", one("Invitation")),
      ("ticket", one("Ticket")),
    ])
  }
}
