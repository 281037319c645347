import Testing

@testable import NetRuntime

/// Thousands of random requests, deaths and returns, with what must always be so.
@Suite struct DirectoryPlayTests {
  @Test(arguments: 0..<8) func whateverIsAskedTheRulesHold(_ seed: UInt64) {
    var play = DirectoryPlay(seed: seed)
    for step in 0..<700 {
      play.step()
      if let problem = play.problem() {
        Issue.record("seed \(seed), step \(step): \(problem)")
        return
      }
    }
    play.endAll()
    if let problem = play.problem() { Issue.record("seed \(seed), at the end: \(problem)") }
    #expect(play.state.entryCount == 0)
    #expect(play.accepted > 150)
  }
}
