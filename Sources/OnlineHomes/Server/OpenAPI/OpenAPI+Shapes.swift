import NetRuntime

extension OpenAPI {
  /// The shapes of the directory's words, by name.
  static let shapes: [(String, @Sendable () -> Schema)] = [
    ("ID", { .text("A player's, peer's or entry's id: hexadecimal digits.", pattern: "^[0-9A-Fa-f]{1,16}$") }),
    (
      "Bytes",
      {
        .text(
          "Bytes that are mostly text. What is no UTF-8, or begins with U+0001, is U+0001 and two hexadecimal digits a "
            + "byte.")
      }
    ),
    ("Data", { .map(.named("Bytes")) }),
    (
      "Endpoint",
      { .text("An address and a port, as in 192.168.0.7:10000.", pattern: "^([0-9]{1,3}[.]){3}[0-9]{1,3}:[0-9]{1,5}$") }
    ),
    ("Region", { .words([Region.local.name] + Region.known.map(\.name)) }),
    ("PlayerKind", { .words(["player", "server"]) }),
    ("Relation", { .words(["friend", "blocked", "ignored"]) }),
    (
      "Identity",
      {
        .object(
          .must("id", .named("ID")), .must("kind", .named("PlayerKind")),
          .must("name", .text(sizes: 1...Limits.playerNameSize)), .must("region", .named("Region")),
          .must("relations", .map(.named("Relation"))))
      }
    ),
    (
      "Player",
      {
        .object(
          .must("id", .named("ID")), .must("kind", .named("PlayerKind")), .must("name", .text()),
          .must("region", .named("Region")), .must("isOnline", .flag), .must("presence", .named("Data")),
          .may("activity", .named("Activity")), .must("endpoints", .list(.named("Endpoint"))))
      }
    ),
    (
      "Activity",
      {
        .object(
          .must("title", .text()), .may("entry", .named("ID")), .must("address", .named("Bytes")),
          .must("parameters", .named("Bytes")), .must("password", .named("Bytes")))
      }
    ),
    (
      "Acquaintance",
      { .object(.must("player", .named("Player")), .may("relation", .named("Relation")), .must("isAsking", .flag)) }
    ),
    ("EntryKind", { .words(DirectoryEntry.Kind.allNames.map(\.rawValue)) }),
    ("Visibility", { .words(["byInvitation", "friends", "everyone", "unseen"]) }),
    (
      "Member",
      {
        .object(
          .must("player", .named("ID")), .must("peer", .named("ID")), .must("name", .text()), .must("run", .unsigned),
          .must("data", .named("Data")), .must("endpoints", .list(.named("Endpoint"))))
      }
    ),
    ("Entry", { entry }),
    (
      "Invitation",
      {
        .object(
          .must("id", .unsigned), .must("from", .named("ID")), .must("title", .text()), .may("entry", .named("ID")),
          .must("address", .named("Bytes")), .must("parameters", .named("Bytes")), .must("password", .named("Bytes")))
      }
    ),
    (
      "Ticket",
      {
        .object(
          .must("id", .unsigned), .must("entry", .named("ID")), .must("hopper", .named("Hopper")),
          .must("players", .list(.named("ID"))), .must("attributes", .map(.named("Attribute"))),
          .must("timeout", .number), .must("keepsSession", .flag), .must("state", .named("TicketState")))
      }
    ),
    ("TicketState", { .kinds([("searching", []), ("found", [.must("_0", .named("ID"))]), ("expired", [])]) }),
    ("Attribute", { .kinds([("number", [.must("_0", .number)]), ("text", [.must("_0", .text())])]) }),
    (
      "Hopper",
      {
        .object(
          .must("title", .text()), .must("name", .text()), .must("minimumPlayers", .integer),
          .must("maximumPlayers", .integer), .must("rules", .list(.named("HopperRule"))))
      }
    ),
    (
      "HopperRule",
      {
        .kinds([
          ("same", [.must("attribute", .text())]),
          ("within", [.must("attribute", .text()), .must("difference", .number)]),
        ])
      }
    ),
    ("Departure", { .words(["left", "kicked", "dropped", "ended"]) }),
  ]

  private static var entry: Schema {
    .object(
      .must("id", .named("ID")), .must("kind", .named("EntryKind")), .must("title", .text()),
      .must("name", .named("Bytes")), .must("host", .named("ID")), .must("visibility", .named("Visibility")),
      .must("isClosed", .flag), .must("maximum", .integer), .must("members", .list(.named("Member"))),
      .must("reservations", .list(.named("ID"))), .must("invited", .list(.named("ID"))),
      .must("kicked", .list(.named("ID"))), .must("data", .named("Data")),
      .must("keywords", .list(.named("Bytes"))), .may("sessionHost", .named("ID")), .may("password", .named("Bytes")),
      .must("hasPassword", .flag), .must("region", .named("Region")), .must("revision", .unsigned))
  }
}
