import Testing

@testable import NetRuntime

/// The messages of platform lobbies, byte for byte as docs/wire.md has them.
@Suite struct PlatformMessageTests {
  private func read(_ bytes: [UInt8]) -> PlatformMessage? {
    bytes.withUnsafeBytes { PlatformMessage(encoded: $0) }
  }

  @Test func theBytesAreThoseOfTheDocument() {
    let id = EntryID(rawValue: 0x0102_0304_0506_0708)
    #expect(PlatformMessage.hello(id).encoded == [1, 8, 7, 6, 5, 4, 3, 2, 1])
    #expect(PlatformMessage.welcome(id).encoded == [2, 8, 7, 6, 5, 4, 3, 2, 1])
    #expect(read(PlatformMessage.hello(id).encoded) == .hello(id))
    #expect(read(PlatformMessage.welcome(id).encoded) == .welcome(id))
  }

  @Test func anythingElseIsNoMessage() {
    let hello = PlatformMessage.hello(EntryID(rawValue: 5)).encoded
    for count in hello.indices { #expect(read(Array(hello.prefix(count))) == nil) }
    #expect(read(hello + [0]) == nil, "longer than it should be")
    #expect(read([0] + hello.dropFirst()) == nil && read([3] + hello.dropFirst()) == nil, "unknown kinds")
    #expect(read([1, 0, 0, 0, 0, 0, 0, 0, 0]) == nil, "no entry has the id 0")
  }
}
