import Glibc
import NetRuntime

/// What the host program tells a state's scripts about the world around them, and what they ask of it. Each state has
/// its own, as `LuaState.scriptHost`.
public final class ScriptHost {
  /// Folders in which `require` and `dofile` look, in this order, after the folder of the script that calls them.
  public var dataDirectories: [String] = []
  /// What `Application.settings` gives: the contents of settings.ini; nil for an empty table.
  public var settings: SJSON.Node?
  /// What `Application.argv` gives.
  public var arguments: [String] = []
  /// What `Application.build_identifier` gives.
  public var buildIdentifier = "stingray-lua"
  /// The exit code that a script asked for by `Application.quit`; nil while none did. The host program ends its loop
  /// when it is set.
  public var exitCode: Int32?
  /// Seconds on a clock that never goes back.
  public var clock: () -> Double = ScriptHost.monotonicSeconds
  /// When the program started, on `clock`.
  public var launchTime: Double
  /// Waits for seconds; a simulation lets its own clock pass instead. A signal may end it early.
  public var sleep: (_ seconds: Double) -> Void = ScriptHost.wait
  /// Where `Application.guid` takes its bits from.
  public var random: any RandomSource = SystemRandomSource()
  /// What `Application.console_command` can do.
  public var console = Console()
  /// Takes what a console command has to say, which is one line or more.
  public var consoleOutput: (String) -> Void = { _ in }
  /// Names of the keys that were pressed since the last call.
  public var readKeys: () -> [String] = Terminal.readKeys
  /// Columns and rows of the terminal; nil when there is none.
  public var terminalSize: () -> (columns: Int, rows: Int)? = Terminal.size

  public init() {
    launchTime = ScriptHost.monotonicSeconds()
  }

  /// Seconds since the machine started.
  public static func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func wait(_ seconds: Double) {
    var time = timespec()
    time.tv_sec = Int(seconds)
    time.tv_nsec = Int((seconds - seconds.rounded(.down)) * 1e9)
    nanosleep(&time, nil)
  }
}
