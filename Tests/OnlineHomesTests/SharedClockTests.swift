import OnlineHomes
import Testing

@Suite("The clock that programs share")
struct SharedClockTests {
  @Test func goesForward() {
    let before = SharedClock.now
    #expect(before > 0)
    #expect(SharedClock.now >= before)
  }
}
