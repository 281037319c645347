import Testing

@testable import NetRuntime

@Suite("Favourite servers and the history")
struct SteamKeptServersTests {
  /// Notes of one player, which answer when they are told to.
  private final class Notes {
    var kept: [Bytes: Bytes] = [:]
    /// Whether requests are refused.
    var isBroken = false
    private var answers: [() -> Void] = []

    var ask: SteamAsk {
      SteamAsk { [self] request, then in
        switch request {
        case .keep(let key, let value):
          kept[key] = value
          answers.append { then(.success(.done)) }
        case .kept(let prefix):
          answers.append { [self] in
            then(
              isBroken
                ? .failure(.tooManyRequests) : .success(.notes(kept.filter { $0.key.array.starts(with: prefix.array) }))
            )
          }
        default: Issue.record("\(request) was not expected")
        }
      }
    }

    func answer() {
      let waiting = answers
      answers = []
      for answer in waiting { answer() }
    }
  }

  private final class Warnings {
    var lines: [String] = []
  }

  private func place(_ port: UInt16) -> SteamServerPlace {
    SteamServerPlace(address: 0x0a00_0001, connectionPort: 4000, queryPort: port)
  }

  private func make(_ kind: SteamKeptServers.Kind, _ notes: Notes, _ warnings: Warnings = Warnings())
    -> SteamKeptServers
  {
    SteamKeptServers(kind, ask: notes.ask) { warnings.lines.append($1().text) }
  }

  @Test func placesAreTexts() {
    #expect(place(27016).text == "10.0.0.1:4000:27016")
    #expect(SteamServerPlace("10.0.0.1:4000:27016") == place(27016))
    for text in ["", "10.0.0.1:4000", "10.0.0.1:4000:x", "10.0.0.1:70000:1", "a:1:2", "10.0.0.1:1:2:3"] {
      #expect(SteamServerPlace(text) == nil, "\(text)")
    }
  }

  @Test func whatIsAddedIsThereInTheNextRun() {
    let notes = Notes()
    let favorites = make(.favorite, notes)
    notes.answer()
    favorites.add(place(1))
    favorites.add(place(2))
    favorites.add(place(1))
    favorites.remove(place(2))
    #expect(favorites.list == [place(1)])
    let later = make(.favorite, notes)
    #expect(later.list.isEmpty)
    var isKnown = false
    later.whenKnown { isKnown = true }
    #expect(!isKnown)
    notes.answer()
    #expect(isKnown && later.list == [place(1)])
    #expect(make(.history, notes).list.isEmpty)
  }

  @Test func changesBeforeTheAnswerCount() {
    let notes = Notes()
    let first = make(.favorite, notes)
    notes.answer()
    first.add(place(1))
    first.add(place(2))
    let second = make(.favorite, notes)
    second.remove(place(1))
    second.add(place(3))
    #expect(second.list == [place(3)])
    notes.answer()
    #expect(second.list == [place(3), place(2)])
    #expect(notes.kept.count == 2)
  }

  @Test func theHistoryForgetsTheOldest() {
    let notes = Notes()
    let history = make(.history, notes)
    notes.answer()
    for port in 1...UInt16(Limits.steamKeptServers) { history.add(place(port)) }
    history.add(place(1))
    history.add(place(1000))
    #expect(history.list.count == Limits.steamKeptServers)
    #expect(history.list.first == place(1000) && history.list[1] == place(1))
    #expect(!history.contains(place(2)))
    #expect(notes.kept.count == Limits.steamKeptServers)
  }

  @Test func favoritesAreNotPushedOut() {
    let notes = Notes()
    let warnings = Warnings()
    let favorites = make(.favorite, notes, warnings)
    notes.answer()
    for port in 1...UInt16(Limits.steamKeptServers + 1) { favorites.add(place(port)) }
    #expect(favorites.list.count == Limits.steamKeptServers)
    #expect(!favorites.contains(place(51)))
    #expect(warnings.lines == ["there are 50 favourite servers already; none was added"])
  }

  @Test func strangeNotesAreIgnored() {
    let notes = Notes()
    notes.kept = ["steam.favorite:nonsense": "1", "steam.favorite:10.0.0.1:4000:7": "x"]
    let favorites = make(.favorite, notes)
    notes.answer()
    #expect(favorites.list == [place(7)])
  }

  @Test func whatTheDirectoryDidNotTellIsAskedForAgain() {
    let notes = Notes()
    let first = make(.favorite, notes)
    notes.answer()
    first.add(place(1))
    first.add(place(2))
    notes.isBroken = true
    let second = make(.favorite, notes)
    var known = 0
    second.whenKnown { known += 1 }
    second.add(place(3))
    notes.answer()
    #expect(known == 0 && notes.kept.count == 2)
    notes.isBroken = false
    second.advance(to: 100)
    second.advance(to: 100 + Limits.steamAskInterval - 0.1)
    notes.answer()
    #expect(known == 0)
    second.advance(to: 100 + Limits.steamAskInterval)
    second.remove(place(2))
    second.advance(to: 200)
    notes.answer()
    #expect(known == 1 && second.list == [place(3), place(1)])
    #expect(notes.kept.count == 2)
    let third = make(.favorite, notes)
    notes.answer()
    #expect(third.list == [place(3), place(1)])
  }
}
