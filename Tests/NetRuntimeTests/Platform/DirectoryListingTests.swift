import Testing

@testable import NetRuntime

@Suite struct DirectoryListingTests {
  /// Six lobbies, with data and hosts in six regions, and a seeker in western Europe.
  private static func lobbies() throws -> DirectoryFixture {
    var fixture = try DirectoryFixture()
    let regions = ["eu-west", "eu-central", "us-east", "asia-east", "au-southeast", "local"]
    for (index, region) in regions.enumerated() {
      try fixture.signIn("host\(index)", region: region)
      try fixture.create(
        UInt64(10 + index), by: "host\(index)", maximum: 4 + index,
        data: ["level": Bytes("\(index * 5)"), "map": index % 2 == 0 ? "arena" : "cave"],
        password: index == 3 ? "x" : nil)
    }
    try fixture.signIn("seeker", region: "eu-west", friends: ["host2", "host1"])
    try fixture.signIn("host2", region: "us-east", friends: ["seeker"])
    return fixture
  }

  @Test func distances() throws {
    var fixture = try Self.lobbies()
    #expect(try fixture.list("seeker", .distance(.close)) == [10, 15])
    #expect(try fixture.list("seeker", .distance(.default)) == [10, 15, 11])
    #expect(try fixture.list("seeker", .distance(.far)) == [10, 15, 11, 12, 13])
    #expect(try fixture.list("seeker", .distance(.world)) == [10, 15, 11, 12, 13, 14])
  }

  @Test func regionsAreAsFarAsTheyAre() throws {
    func steps(_ one: String, _ other: String) -> UInt8 {
      let steps = RegionDistance.steps(from: RegionDistance.index(of: Region(one) ?? .local))
      return steps[RegionDistance.index(of: Region(other) ?? .local)]
    }
    #expect(steps("us-east", "us-central") == 1)
    #expect(steps("us-east", "us-west") == 2)
    #expect(steps("eu-west", "asia-northeast") == 2)
    #expect(steps("sa-east", "asia-northeast") == 3)
    for one in Region.known {
      for other in Region.known { #expect(steps(one.name, other.name) == steps(other.name, one.name)) }
      #expect(steps(one.name, "local") == 0 && steps(one.name, one.name) == 0)
    }
  }

  @Test func data() throws {
    var fixture = try Self.lobbies()
    #expect(try fixture.list("seeker", .text(key: "map", .equal, "cave")) == [11, 13, 15].nearest)
    #expect(try fixture.list("seeker", .text(key: "map", .notEqual, "cave")) == [10, 12, 14])
    #expect(try fixture.list("seeker", .text(key: "map", .less, "b")) == [10, 12, 14])
    #expect(try fixture.list("seeker", .text(key: "none", .equal, "")).count == 6)
    // As texts "5" is more than "10".
    #expect(try fixture.list("seeker", .text(key: "level", .greater, "5")).isEmpty)
    #expect(try fixture.list("seeker", .number(key: "level", .greater, 5)) == [15, 12, 13, 14])
    #expect(try fixture.list("seeker", .number(key: "level", .equal, 10)) == [12])
    #expect(try fixture.list("seeker", .number(key: "level", .lessOrEqual, 5)) == [10, 11])
    #expect(try fixture.list("seeker", .number(key: "map", .less, 5)).isEmpty)
    #expect(try fixture.list("seeker", .number(key: "map", .notEqual, 5)).count == 6)
    #expect(
      try fixture.list("seeker", .number(key: "level", .greaterOrEqual, 5), .text(key: "map", .equal, "arena"))
        == [12, 14])
  }

  @Test func theRest() throws {
    var fixture = try Self.lobbies()
    #expect(try fixture.list("seeker", .places(7)) == [15, 14])
    #expect(try fixture.list("seeker", .hasPassword(true)) == [13])
    #expect(try fixture.list("seeker", .host(DirectoryFixture.id("host3"))) == [13])
    #expect(try fixture.list("seeker", .isEmpty(true)).isEmpty)
    #expect(try fixture.list("seeker", .isFull(true)).isEmpty)
    try fixture.change("host0", 10, .setMaximum(1), .setKeywords(["pro", "eu"]))
    #expect(try fixture.list("seeker", .isFull(true)) == [10])
    #expect(try fixture.list("seeker", .isFull(false)).count == 5)
    #expect(try fixture.list("seeker", .keyword("eu")) == [10])
    #expect(try fixture.list("seeker", .keyword("e")).isEmpty)
    // host1 has not named the seeker.
    #expect(try fixture.list("seeker", .withFriends) == [12])
    try fixture.change("host2", 12, .setVisibility(.unseen))
    #expect(try fixture.list("seeker", .withFriends).isEmpty)
    #expect(try fixture.list("seeker").count == 6)
  }

  @Test func nearest() throws {
    var fixture = try Self.lobbies()
    let level = EntryQuery.Near(key: "level", value: 12)
    #expect(try fixture.list("seeker", near: [level]) == [12, 13, 11, 14, 10, 15])
    #expect(try fixture.list("seeker", near: [level], limit: 2) == [12, 13])
    try fixture.change("host2", 12, .setData(key: "level", value: "much"))
    #expect(try fixture.list("seeker", near: [level]) == [13, 11, 14, 10, 15, 12])
    for host in [0, 1] { try fixture.change("host\(host)", UInt64(10 + host), .setData(key: "level", value: "7")) }
    #expect(
      try fixture.list("seeker", near: [level, EntryQuery.Near(key: "x", value: 1)], limit: 3) == [13, 10, 11])
    let extremes = [EntryQuery.Near(key: "level", value: .min), EntryQuery.Near(key: "level", value: .max)]
    for near in extremes { #expect(try fixture.list("seeker", near: [near]).count == 6) }
  }

  @Test func gamesAndKindsAreApart() throws {
    var fixture = try Self.lobbies()
    #expect(try fixture.list("seeker", kind: .psnRoom).isEmpty)
    let query = EntryQuery(kind: .steamLobby, title: "steam:1")
    #expect(try fixture.ask("seeker", .list(query)) == .entries([]))
    for index in 0..<6 { try fixture.leave("host\(index)", UInt64(10 + index)) }
    #expect(try fixture.list("seeker").isEmpty)
    try fixture.create(99, by: "seeker")
    #expect(try fixture.list("host0") == [99])
  }

  @Test func integersAreReadAsTheyAreWritten() {
    for text in ["0", "-1", "+7", "007", "9223372036854775807", "-9223372036854775808"] {
      #expect(Bytes(text).integer == Int64(text))
    }
    for text in ["", "-", "+", "1.5", " 1", "1 ", "9223372036854775808", "-9223372036854775809", "0x1", "1e3"] {
      #expect(Bytes(text).integer == nil)
    }
  }

  @Test func listsAreOfTheNearestHoweverManyThereAre() throws {
    var fixture = try DirectoryFixture("seeker")
    for index in 0..<600 {
      try fixture.signIn("host\(index)")
      try fixture.create(
        UInt64(1 + index * 7919 % 600), by: "host\(index)", data: ["level": Bytes("\(index * 7919 % 600)")])
    }
    let list = try fixture.list("seeker", near: [EntryQuery.Near(key: "level", value: 300)], limit: 3)
    #expect(list.first == 301 && Set(list) == [300, 301, 302])
    #expect(try fixture.list("seeker") == Array(1...50))
    #expect(try fixture.list("seeker", .number(key: "level", .less, 10)) == Array(1...10))
  }
}

extension [UInt64] {
  /// 15 is of no region, and so as close as 10.
  fileprivate var nearest: [UInt64] { filter { $0 == 15 } + filter { $0 != 15 } }
}
