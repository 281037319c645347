import Testing

@testable import NetRuntime

@Suite struct SchemaHashTests {
  /// The expected numbers come from a second implementation, written in another language from the function's
  /// description.
  @Test func murmurGivesTheKnownHashes() {
    let known: [(String, UInt64)] = [
      ("", 0), ("a", 0x0717_17d2_d36b_6b11), ("unit", 0xe0a4_8d0b_e9a7_453f), ("lua", 0xa14e_8dfa_2cd1_17e2),
      ("texture", 0xcd42_38c6_a0c6_9e32), ("package", 0xad9c_6d9e_d1e5_e77a), ("12345678", 0x758f_67d1_62b2_d202),
      ("units/player/player", 0x7b34_4860_9496_7a18), ("Bär", 0xa11a_be74_51fa_9dd8),
    ]
    for (name, hash) in known { #expect(MurmurHash64A.hash(name) == hash, "\(name)") }
    #expect(Array(UInt8.min...UInt8.max).withUnsafeBytes { MurmurHash64A.hash($0) } == 0xaeeb_f378_0095_c6c1)
    #expect(IdString32(name: "unit").rawValue == 0xe0a4_8d0b)
  }

  static let base = """
    network_type = "peer-to-peer"
    types = {
      id = { type = "int" min = 0 max = 255 }
      part = { type = "float" min = 0 max = 1 bits = 7 }
      ids = { type = "array" element = "id" max_size = 4 }
    }
    messages = { hit = { args = ["id" "part"] session_bound = true } pick = { args = ["ids"] } }
    objects = { avatar = { fields = [{ name = "who" type = "int64" } { name = "hp" type = "id" }] priority = 1 } }
    """

  private func hash(_ replacements: (String, String)...) throws -> UInt64 {
    var text = Self.base
    for (old, new) in replacements {
      #expect(text.contains(old), "\(old)")
      text = text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
    return try NetworkConfig.parse(text, file: "x").hash
  }

  @Test func whatDoesNotReachTheWireDoesNotChangeTheHash() throws {
    let plain = try hash()
    #expect(try hash(("\n", "\r\n")) == plain)
    #expect(try hash(("types = {", "types = { // comment\n/* and */")) == plain)
    #expect(try hash(("part", "fraction")) == plain)
    #expect(try hash(("priority = 1", "priority = 3 update_rate = 0.5")) == plain)
    #expect(try hash(("min = 0 max = 255", "bits = 8")) == plain)
    #expect(try hash(("max = 255", "max = 255 interpolated = true interpolation_threshold = 2")) == plain)
    #expect(try hash(("network_type = \"peer-to-peer\"", "reliable_send_buffer_size = 8192")) == plain)
    #expect(
      try hash(("pick = { args = [\"ids\"] }", ""), ("messages = {", "messages = { pick = { args = [\"ids\"] }"))
        == plain)
  }

  @Test func whatReachesTheWireChangesTheHash() throws {
    var seen: Set<UInt64> = [try hash()]
    #expect(seen.insert(try hash(("peer-to-peer", "client-server"))).inserted)
    #expect(seen.insert(try hash(("hit", "hut"))).inserted)
    #expect(seen.insert(try hash(("max = 255", "max = 254"))).inserted)
    #expect(seen.insert(try hash(("max = 255", "max = 255 bits = 9"))).inserted)
    #expect(seen.insert(try hash(("bits = 7", "bits = 8"))).inserted)
    #expect(seen.insert(try hash(("max_size = 4", "max_size = 5"))).inserted)
    #expect(seen.insert(try hash(("[\"id\" \"part\"]", "[\"part\" \"id\"]"))).inserted)
    #expect(seen.insert(try hash(("session_bound = true", "session_bound = false"))).inserted)
    #expect(seen.insert(try hash(("session_bound = true", "session_bound = true reliable = false"))).inserted)
    #expect(seen.insert(try hash(("avatar", "avatars"))).inserted)
    #expect(seen.insert(try hash(("name = \"hp\"", "name = \"health\""))).inserted)
    #expect(
      seen.insert(
        try hash(
          (
            "{ name = \"who\" type = \"int64\" } { name = \"hp\" type = \"id\" }",
            "{ name = \"hp\" type = \"id\" } { name = \"who\" type = \"int64\" }"
          ))
      ).inserted)
  }
}
