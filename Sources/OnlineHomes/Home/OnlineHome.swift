import Glibc
import NetRuntime

/// A program's way online: where the service is, and who plays. It has to live as long as the program plays.
public final class OnlineHome {
  private let place: OnlinePlace
  private let settings: OnlineSettings
  private let userName: String?
  private var claims: UserClaims?
  private var lock: ServerLock?

  /// - Parameter userName: As the program's user gave it; counts before the settings.
  public init(place: OnlinePlace, settings: OnlineSettings = OnlineSettings(), userName: String? = nil) {
    self.place = place
    self.settings = settings
    self.userName = userName
  }

  /// - Throws: Where nobody can have that name.
  public static func check(userName: String, setting: String) throws(OnlineError) {
    guard 1...Limits.playerNameSize ~= userName.utf8.count else {
      throw OnlineError(
        "\(setting): expected a name of 1 to \(Limits.playerNameSize) bytes, got \"\(userName.prefix(80))\"")
    }
  }

  /// Opens the service.
  public func open() throws(OnlineError) -> OnlineService.Setup {
    // Threads that start here leave the program's signals to its first one.
    var all = sigset_t()
    var former = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &former)
    defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
    switch place {
    case .off:
      throw OnlineError("this program runs offline (--online off); start it with --online FILE or --online http://...")
    case .standard:
      let folder = try OnlinePlace.stateFolder()
      try OnlinePlace.makeFolder(folder)
      return try openFile(folder + "/online.sqlite")
    case .file(let path): return try openFile(path)
    case .server(let address):
      let folder = try OnlinePlace.stateFolder()
      try OnlinePlace.makeFolder(folder)
      // Machines have users of the same name.
      let user = try identity(claimedIn: folder + "/server-players", suffix: "@" + OnlineHome.machineName())
      return OnlineService.Setup(directory: HTTPDirectory(address), user: user)
    }
  }

  private func openFile(_ path: String) throws(OnlineError) -> OnlineService.Setup {
    try shareFile(path)
    let store: SQLiteStore
    do throws(StoreError) {
      store = try SQLiteStore(path: path)
    } catch {
      throw OnlineError(error.description)
    }
    let user = try identity(claimedIn: path + "-players")
    return OnlineService.Setup(directory: EmbeddedDirectory(store: store), user: user)
  }

  /// A file that a server serves is the server's alone.
  private func shareFile(_ path: String) throws(OnlineError) {
    do throws(ServerLock.Failure) {
      lock = try ServerLock(database: path, for: .program)
    } catch .taken {
      throw OnlineError(
        "a server (stingray-lua serve) uses the online file \(path); play there with --online http://HOST:PORT, or end "
          + "it first")
    } catch {
      // A file system without locks stops nobody from playing.
    }
  }

  /// Who plays. A name that somebody chose is that player, wherever it plays already; without one, each program of a
  /// machine gets its own.
  private func identity(
    claimedIn path: String, suffix: String = ""
  ) throws(OnlineError) -> DirectoryIdentity {
    let claims = try UserClaims(path: path)
    self.claims = claims
    if let name = userName {
      // The id of the settings belongs to their name.
      let id = name == settings.userName ? settings.userID : nil
      return claimed(settings.identity(named: name, id: id), claims)
    }
    if let name = settings.userName { return claimed(settings.identity(named: name, id: settings.userID), claims) }
    let name = OnlineHome.loginName() + suffix
    if let id = settings.userID { return claimed(settings.identity(named: name, id: id), claims) }
    for number in 1...Limits.programsOfAUser {
      let candidate = settings.identity(named: number == 1 ? name : "\(name)-\(number)")
      if claims.claim(candidate.id) { return candidate }
    }
    return settings.identity(named: name)
  }

  private func claimed(_ identity: DirectoryIdentity, _ claims: UserClaims) -> DirectoryIdentity {
    _ = claims.claim(identity.id)
    return identity
  }

  private static func loginName() -> String {
    let name =
      OnlinePlace.variable("USER") ?? OnlinePlace.variable("LOGNAME")
      ?? getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "player"
    return shortened(name)
  }

  private static func machineName() -> String {
    var bytes = [CChar](repeating: 0, count: 65)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "somewhere" }
    return shortened(String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  /// Leaves room in a player's name for the other half and a number.
  private static func shortened(_ text: String) -> String {
    var text = text
    while text.utf8.count > Limits.playerNameSize / 2 - 4 { text.removeLast() }
    return text
  }
}
