import Glibc
import NetRuntime
import OnlineHomes

/// Where a program goes online, and as whom: by its options, else by the environment, else by the settings.
enum OnlineChoice {
  /// - Throws: Where the place or the name makes no sense. Nothing is opened yet.
  static func home(online: String?, user: String?, project: Project) throws(OnlineError) -> OnlineHome {
    let settings = project.settings.online
    if let user { try OnlineHome.check(userName: user, setting: "--user") }
    return OnlineHome(place: try place(online, project), settings: settings, userName: user)
  }

  private static func place(_ online: String?, _ project: Project) throws(OnlineError) -> OnlinePlace {
    let settings = project.settings.online
    if let online { return try OnlinePlace(online, setting: "--online", secret: settings.secret) }
    if let variable = getenv("STINGRAY_ONLINE") {
      // Set to nothing, the variable asks for what happens without settings.
      if variable.pointee == 0 { return .standard }
      return try OnlinePlace(String(cString: variable), setting: "STINGRAY_ONLINE", secret: settings.secret)
    }
    if let service = settings.service {
      return try OnlinePlace(
        service, setting: "online.service", folder: project.settingsFolder, secret: settings.secret)
    }
    return .standard
  }
}
