import NetRuntime
import Testing

@Suite struct ConsoleTests {
  private func console(_ heard: @escaping (String) -> Void = { _ in }) -> Console {
    Console([
      ConsoleGroup(
        "lamp", "the lamp",
        commands: [
          ConsoleCommand("on", "", "Lights it.") { arguments throws(ConsoleError) in
            try arguments.end()
            heard("on")
            return ""
          },
          ConsoleCommand("dim", "[#peer] PART", "Dims it.") { arguments throws(ConsoleError) in
            let peer = try arguments.peer()
            let part = try arguments.number("PART", in: 0...1.5, unit: " lumens")
            try arguments.end()
            return "\(peer.map { "\($0)" } ?? "all") \(part)"
          },
        ], status: { "it is on" })
    ])
  }

  private func error(_ text: String) -> String {
    do throws(ConsoleError) {
      return "no error, but: \(try console().run(text))"
    } catch {
      return error.description
    }
  }

  @Test func commandsRun() throws {
    var heard: [String] = []
    #expect(try console { heard.append($0) }.run(" lamp  on ") == "")
    #expect(heard == ["on"])
    #expect(try console().run("lamp dim 1e-1") == "all 0.1")
    #expect(try console().run("lamp\tdim #00AB 1.5\r") == "ab 1.5")
    #expect(try console().run("") == "")
    #expect(try console().run(" \t ") == "")
  }

  @Test func helpShowsTheTableAndWhatIsSet() throws {
    let help = """
      lamp on                Lights it.
      lamp dim [#peer] PART  Dims it.
      it is on
      """
    #expect(try console().run("lamp") == help)
    #expect(try console().run("lamp help") == help)
    #expect(try console().run("help") == "lamp: the lamp\nNAME help lists the commands of one of them.")
  }

  @Test func mistakesAreNamed() {
    #expect(error("lmap on") == "there is no command \"lmap\"; the commands are lamp, help; did you mean `lamp`?")
    #expect(error("lamp off") == "`lamp` has no command \"off\"; it has on, dim, help")
    #expect(error("lamp on now") == "expected nothing more, got \"now\" (usage: lamp on)")
    let range = "expected PART, a number 0 to 1.5 lumens"
    for word in ["1.6", "-0.1", "nan", "inf", "x", "1,5"] {
      #expect(error("lamp dim \(word)") == "\(range), got \"\(word)\" (usage: lamp dim [#peer] PART)")
    }
    #expect(error("lamp dim") == "\(range), got nothing (usage: lamp dim [#peer] PART)")
    #expect(error("lamp dim #1") == "\(range), got nothing (usage: lamp dim [#peer] PART)")
    for word in ["#", "#0", "#xyz", "#11112222333344445"] {
      #expect(
        error("lamp dim \(word) 1")
          == "expected # and a peer id (hexadecimal) such as #18f7be4ebf73e0, got \"\(word)\" "
          + "(usage: lamp dim [#peer] PART)")
    }
  }
}
