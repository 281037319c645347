import Foundation
import NetRuntime
import Testing

@testable import OnlineHomes

@Suite("Where a program goes online, and as whom")
struct OnlineHomeTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("online.sqlite") }

  init() throws { folder = try TemporaryFolder() }

  private func home(_ user: String? = nil, _ settings: OnlineSettings = OnlineSettings()) -> OnlineHome {
    OnlineHome(place: .file(path), settings: settings, userName: user)
  }

  @Test func placesAreFilesServersOrNone() throws {
    #expect(try OnlinePlace("off", setting: "--online") == .off)
    let address = try #require(OnlineAddress("http://hush@example.org:80"))
    #expect(try OnlinePlace("http://example.org:80", setting: "--online", secret: "hush") == .server(address))
    #expect(try OnlinePlace("http://hush@example.org:80", setting: "--online", secret: "x") == .server(address))
    #expect(try OnlinePlace("a/b.sqlite", setting: "--online") == .file("a/b.sqlite"))
    #expect(try OnlinePlace("b.sqlite", setting: "online.service", folder: "/game") == .file("/game/b.sqlite"))
    #expect(try OnlinePlace("/b.sqlite", setting: "online.service", folder: "/game") == .file("/b.sqlite"))
  }

  @Test func placesThatMakeNoSenseAreRefused() {
    func problem(_ text: String) -> String {
      do throws(OnlineError) {
        return "\(try OnlinePlace(text, setting: "--online"))"
      } catch {
        return error.description
      }
    }
    let expected = "--online: expected a file, the address of a server such as http://127.0.0.1:7780, or off, got "
    #expect(problem("htp://word@there") == expected + "\"htp://...\"; did you mean `http`?", "secrets are not shown")
    #expect(problem("ftp2://there").hasPrefix(expected + "\"ftp2://...\""))
    #expect(problem("") == expected + "\"\"")
    #expect(
      problem("http://word@:80/?")
        == "--online: expected an address such as http://SECRET@127.0.0.1:7780, got another one",
      "secrets are not shown")
  }

  @Test func eachProgramWithoutANameGetsItsOwn() throws {
    var homes: [OnlineHome] = []
    var users: [DirectoryIdentity] = []
    for _ in 0..<4 {
      let home = home()
      homes.append(home)
      let setup = try home.open()
      users.append(setup.user)
      setup.directory.close()
    }
    let name = users[0].name
    #expect(users.map(\.name) == [name, "\(name)-2", "\(name)-3", "\(name)-4"])
    #expect(Set(users.map(\.id)).count == 4)
    homes[1] = home()
    let setup = try homes[1].open()
    #expect(setup.user.name == "\(name)-2", "a name is free again with the end of its program")
    setup.directory.close()
  }

  @Test func aChosenNameIsTheSamePlayerEverywhere() throws {
    var settings = OnlineSettings()
    settings.userName = "anna"
    settings.userID = PeerID(rawValue: 0x1100001026fb0cb)
    settings.relations = [PeerID(playerName: "bob"): .friend]
    let first = home(nil, settings)
    let second = home(nil, settings)
    for home in [first, second] {
      let setup = try home.open()
      #expect(setup.user.name == "anna")
      #expect(setup.user.id == settings.userID)
      #expect(setup.user.relations == settings.relations)
      setup.directory.close()
    }
    let other = try home("bob", settings).open()
    #expect(other.user == DirectoryIdentity(id: PeerID(playerName: "bob"), name: "bob"), "the id is anna's")
    other.directory.close()
  }

  @Test func whatHindersIsSaid() {
    func problem(_ place: OnlinePlace) -> String {
      do throws(OnlineError) {
        _ = try OnlineHome(place: place).open()
        return "none"
      } catch {
        return error.description
      }
    }
    #expect(problem(.off).hasPrefix("this program runs offline (--online off)"))
    #expect(problem(.file(folder.path)) == "cannot open the online file \(folder.path): it is a folder")
    #expect(throws: OnlineError.self) { try OnlineHome.check(userName: "", setting: "--user") }
    #expect(throws: OnlineError.self) {
      try OnlineHome.check(userName: String(repeating: "x", count: 65), setting: "--user")
    }
  }

  @Test func aFileIsAServersOrProgramsButNotBoths() throws {
    let server = try ServerLock(database: path)
    do throws(OnlineError) {
      _ = try home().open()
      Issue.record("opened")
    } catch {
      #expect(
        error.description
          == "a server (stingray-lua serve) uses the online file \(path); play there with --online http://HOST:PORT, "
          + "or end it first")
    }
    server.release()
    let homes = [home(), home()]
    let setups = try homes.map { try $0.open() }
    withExtendedLifetime(homes) {
      #expect(throws: ServerLock.Failure.played(path)) { try ServerLock(database: path) }
      for setup in setups { setup.directory.close() }
    }
  }
}
