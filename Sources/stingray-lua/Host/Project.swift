import NetRuntime

/// What the user asked to run: a script, and the folder and settings that belong to it.
struct Project {
  /// A reason why there is nothing to run, in words for the user.
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// The first script, as the user wrote its folder.
  let script: String
  let folder: String
  let settings: Settings
  /// Where the settings' file lies, or would lie.
  let settingsFolder: String

  /// - Parameters:
  ///   - path: A script, or a folder with `settings.ini` or `main.lua`.
  ///   - settingsFile: Read instead of the folder's `settings.ini`.
  init(_ path: String, settingsFile: String?) throws(Problem) {
    let isFolder = Files.isFolder(path)
    let folder = isFolder ? Project.withoutEndingSlash(path) : Files.folder(of: path)
    self.folder = folder
    settings = try Project.settings(settingsFile, in: folder)
    settingsFolder = settingsFile.map(Files.folder) ?? folder
    guard isFolder else {
      guard Files.isFile(path) else { throw Problem(description: "there is no script or folder \(path)") }
      script = path
      return
    }
    guard let boot = settings.bootScript else {
      script = Files.join(folder, "main.lua")
      guard Files.isFile(script) else {
        throw Problem(description: "\(path) has neither main.lua nor a settings.ini with boot_script")
      }
      return
    }
    let places = [Files.join(folder, boot), Files.join(folder, boot + ".lua")]
    guard let place = places.first(where: Files.isFile) else {
      throw Problem(description: "boot_script = \"\(boot)\", but there is no \(places[1])")
    }
    script = place
  }

  private static func settings(_ file: String?, in folder: String) throws(Problem) -> Settings {
    let path = file ?? Files.join(folder, "settings.ini")
    if file == nil, !Files.isFile(path) { return Settings() }
    do {
      return try Settings(try Files.read(path), file: path)
    } catch {
      throw Problem(description: "\(error)")
    }
  }

  private static func withoutEndingSlash(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }
}
