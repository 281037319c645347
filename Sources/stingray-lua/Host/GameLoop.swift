import LuaBindings

/// Runs a script from its first line to its end: `init()`, then frames of `update(dt)` and `render()`, then
/// `shutdown()`.
struct GameLoop {
  /// How long frames go on and how they are spaced.
  struct Options {
    /// Frames a second.
    var rate = 60.0
    /// Frames until the end; nil for no limit.
    var frameLimit: Int?
  }

  let peer: ScriptPeer
  let clock: any Clock
  var options = Options()
  /// Something outside asks for the end.
  var isStopped: () -> Bool = { false }
  /// Called before `init()`, and where each frame begins.
  var beginFrame: () -> Void = {}
  /// Takes the text of an error that the script did not handle.
  var report: (String) -> Void

  /// - Returns: The exit status: what the script asked for, or 1 after an error.
  func run(_ script: String, arguments: [String]) -> Int32 {
    var failed = !attempt { () throws(ScriptError) in
      try peer.run(file: script, arguments: arguments)
      try play()
    }
    if !attempt({ () throws(ScriptError) in _ = try peer.lua.callGlobal("shutdown") }) { failed = true }
    return failed ? 1 : peer.quitStatus ?? 0
  }

  private func attempt(_ body: () throws(ScriptError) -> Void) -> Bool {
    do throws(ScriptError) {
      try body()
      return true
    } catch {
      report(error.description)
      return false
    }
  }

  private var isOver: Bool { isStopped() || peer.quitStatus != nil }

  private func play() throws(ScriptError) {
    if isOver { return }
    beginFrame()
    _ = try peer.lua.callGlobal("init")
    var pacer = FramePacer(rate: options.rate, now: clock.now)
    var last = clock.now
    var frames = 0
    while !isOver, frames < options.frameLimit ?? .max {
      beginFrame()
      let now = clock.now
      let hasUpdate = try peer.lua.callGlobal("update", arguments: 1) { $0.push(now - last) }
      // A script without frames ends with its first lines.
      guard hasUpdate else { return }
      last = now
      frames += 1
      if isOver { return }
      _ = try peer.lua.callGlobal("render")
      let next = pacer.next(now: clock.now)
      if !isOver, frames < options.frameLimit ?? .max { clock.sleep(until: next) }
    }
  }
}
