import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import NetRuntime
import Testing

@testable import OnlineHomes

@Suite("Connections of which the other end does nothing")
struct ConnectionDeadlinesTests {
  private let channel: EmbeddedChannel

  init() throws {
    channel = EmbeddedChannel(handler: ConnectionDeadlines())
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  private func pass(_ seconds: Double) {
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(Int64(seconds * 1000)))
  }

  private let head = HTTPRequestPart.head(
    HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/v1/requests"))
  private let answer = HTTPResponsePart.head(HTTPResponse(status: .ok))

  @Test func whoSendsForeverIsCutOff() throws {
    try channel.writeInbound(head)
    for _ in 0..<29 {
      pass(1)
      try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(string: "x")))
    }
    #expect(channel.isActive)
    pass(1)
    #expect(!channel.isActive)
    #expect(Limits.requestTime == 30)
  }

  @Test func whoHasSentAllIsNot() throws {
    for _ in 0..<3 {
      try channel.writeInbound(head)
      pass(29)
      try channel.writeInbound(HTTPRequestPart.end(nil))
      pass(1000)
    }
    #expect(channel.isActive)
  }

  @Test func whoTakesNothingIsCutOff() throws {
    // What is not flushed waits as what nobody takes.
    channel.write(answer, promise: nil)
    pass(Limits.untakenAnswerTime - 1)
    #expect(channel.isActive)
    channel.write(HTTPResponsePart.end(nil), promise: nil)
    pass(1)
    #expect(!channel.isActive)
    #expect(Limits.untakenAnswerTime == 30)
  }

  @Test func whoTakesSomethingIsNot() throws {
    for _ in 0..<3 {
      channel.write(answer, promise: nil)
      pass(Limits.untakenAnswerTime - 1)
      channel.flush()
      pass(1000)
    }
    #expect(channel.isActive)
  }
}
