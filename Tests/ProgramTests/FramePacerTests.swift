import Testing

@testable import stingray_lua

@Suite struct FramePacerTests {
  @Test func sleepingTooLongAddsUpToNothing() {
    let clock = ManualClock()
    clock.oversleep = 0.001
    var pacer = FramePacer(rate: 60, now: clock.now)
    for _ in 0..<6000 { clock.sleep(until: pacer.next(now: clock.now)) }
    #expect(abs(clock.now - 200.001) < 1e-6)
  }

  @Test func deadlinesAreWholeMultiplesOfThePeriod() {
    var pacer = FramePacer(rate: 50, now: 10)
    var deadlines: [Double] = []
    for index in 0..<5 { deadlines.append(pacer.next(now: 10 + Double(index) * 0.02)) }
    #expect(deadlines == [10.02, 10.04, 10.06, 10.08, 10.1])
  }

  @Test func aShortDelayIsMadeUpFor() {
    var pacer = FramePacer(rate: 10, now: 0)
    #expect(pacer.next(now: 0.25) == 0.1)
    #expect(pacer.next(now: 0.25) == 0.2)
    #expect(pacer.next(now: 0.25) > 0.25)
  }

  @Test func framesMissedInAStallAreGivenUp() {
    var pacer = FramePacer(rate: 10, now: 0)
    #expect(pacer.next(now: 60) == 60)
    #expect(abs(pacer.next(now: 60) - 60.1) < 1e-9)
  }
}
