import NIOEmbedded
import NetRuntime
import Testing

@testable import OnlineHomes

@Suite("The server's streams of news")
struct NewsDeskTests {
  @Test(arguments: [1, 0x0110_0001_0000_0000, 0x9E37_79B9])
  func streamsThatWereOpenedAtOnceGetTheirSignsOneAfterTheOther(step: UInt64) {
    var desk = NewsDesk(base: 0, at: 0)
    var streams = (1...1600).map { number in
      NewsStream(player: PeerID(rawValue: UInt64(number) &* step), run: 1, channel: EmbeddedChannel(), at: 0)
    }
    for stream in streams { desk.attach(stream) }
    // 80 sweeps a second, each of a share of the streams.
    var most = 0
    for sweep in 1...Int((Limits.newsSilence + 0.4) * 80) {
      desk.sweep(at: Double(sweep) / 80)
      let count = streams.count
      streams.removeAll { $0.takeSign() }
      most = max(most, count - streams.count)
      if Double(sweep) / 80 < Limits.newsSilence / 2 { #expect(streams.count == 1600, "none before its time") }
    }
    #expect(streams.isEmpty)
    #expect(most <= 16, "evenly, 2.7 a sweep")
  }
}
