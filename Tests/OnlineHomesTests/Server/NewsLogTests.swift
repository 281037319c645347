import NetRuntime
import Testing

@testable import OnlineHomes

@Suite("News that are held")
struct NewsLogTests {
  private func event(_ size: Int) -> NewsLog.Event { .init(name: .change, data: .init(repeating: 0, count: size)) }

  @Test func aReaderGoesOnWhereItWas() {
    var log = NewsLog(base: 100)
    #expect(log.events(after: 100)?.isEmpty == true)
    for _ in 0..<3 { log.append(event(1)) }
    #expect(log.last == 103)
    #expect(log.events(after: 101)?.map(\.number) == [102, 103])
    #expect(log.events(after: 103)?.isEmpty == true)
    for unknown in [0, 99, 104, UInt64.max] { #expect(log.events(after: unknown) == nil) }
    log.clear()
    for number in 100...103 as ClosedRange<UInt64> { #expect(log.events(after: number) == nil) }
    #expect(log.events(after: log.last)?.isEmpty == true)
  }

  @Test func soManyAreHeld() {
    var log = NewsLog(base: 0)
    for count in 1...(3 * Limits.heldNews) {
      log.append(event(1))
      #expect(log.held.count == min(count, Limits.heldNews) && log.held.size == log.held.count)
      #expect(log.last == UInt64(count))
    }
    let oldest = log.last - UInt64(Limits.heldNews)
    #expect(log.events(after: oldest)?.count == Limits.heldNews)
    #expect(log.events(after: oldest - 1) == nil)
  }

  @Test func soManyBytesAreHeld() {
    var log = NewsLog(base: 0)
    for _ in 0..<20 {
      log.append(event(Limits.heldNewsSize / 4))
      #expect(log.held.size <= Limits.heldNewsSize)
    }
    #expect(log.held.count == 4)
    log.append(event(2 * Limits.heldNewsSize))
    #expect(log.held.count == 1, "one alone may be longer")
    #expect(log.events(after: log.last - 1)?.count == 1)
  }
}
