import NIOEmbedded
import NetRuntime
import Testing

@testable import OnlineHomes

@Suite("The server's streams of news")
struct NewsDeskTests {
  /// Ids that are counted up, in some step.
  private static let steps: [UInt64] = [1, 0x0110_0001_0000_0000, 0x9E37_79B9]
  private let channel = EmbeddedChannel()

  private func open(_ count: Int, _ step: UInt64) -> (NewsDesk, [NewsStream]) {
    var desk = NewsDesk(base: 0, at: 0)
    let streams = (1...count).map { number in
      NewsStream(player: PeerID(rawValue: UInt64(number) &* step), run: 1, channel: channel, at: 0)
    }
    for stream in streams { desk.attach(stream) }
    return (desk, streams)
  }

  @Test(arguments: steps)
  func streamsThatWereOpenedAtOnceGetTheirSignsOneAfterTheOther(step: UInt64) {
    defer { _ = try? channel.finish() }
    var (desk, streams) = open(1600, step)
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

  @Test(arguments: steps)
  func eachSweepLooksAfterAShareOfThem(step: UInt64) {
    defer { _ = try? channel.finish() }
    let opened = open(1600, step)
    var desk = opened.0
    for stream in opened.1 { stream.beginWriting(at: 0) }
    for sweep in 1...NewsDesk.shares {
      let count = desk.streamCount
      desk.sweep(at: Limits.slowReaderTime + 1)
      #expect((50...150).contains(count - desk.streamCount), "100 are a sixteenth; sweep \(sweep)")
    }
    #expect(desk.streamCount == 0)
  }
}
