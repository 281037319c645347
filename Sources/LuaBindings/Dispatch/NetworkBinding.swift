import CLua
import NetRuntime

/// What joins one Lua state to one peer: handles, names of the schema, and whether events are being handed out.
public final class NetworkBinding {
  /// What the host program does for a peer's scripts.
  public struct Host {
    /// Finds and reads a `.network_config` by its resource name, which has no extension.
    public var loadConfig: (_ name: String) throws(ScriptError) -> NetworkConfig
    /// Sets how much is logged.
    public var setLogLevel: (LogLevel) -> Void
    public var log: Log
    /// Seconds on the clock that the network runs by.
    public var now: () -> Double

    public init(
      loadConfig: @escaping (_ name: String) throws(ScriptError) -> NetworkConfig,
      setLogLevel: @escaping (LogLevel) -> Void, log: @escaping Log, now: @escaping () -> Double
    ) {
      self.loadConfig = loadConfig
      self.setLogLevel = setLogLevel
      self.log = log
      self.now = now
    }
  }

  unowned(unsafe) let lua: LuaState
  public let network: NetworkRuntime
  let host: Host
  /// Names of the events that every callback object handles.
  let events: EventNames
  /// The names of the schema of the client that runs, or of the last one.
  private(set) var schema: SchemaNames?
  var isRunning = false
  /// By index in the schema.
  var messages = UnsafeMutableBufferPointer<(name: Name, codecs: UnsafeBufferPointer<FieldCodec>)>(start: nil, count: 0)
  /// The game session that scripts hold; kept here, so that `current` stays good however the network ends it.
  private var heldSession: GameSession?
  /// Calls that are handing out events: while there is one, the network may not be updated.
  var dispatches = 0
  var handles = Handles()
  var consoles = ConsoleFaces()
  var steam = SteamFaces()
  var rpcFunctions: [Name: RPCFunction] = [:]
  var clampWarnings: [UInt64: Double] = [:]
  /// The state's, for the value of a field.
  var objectScratch: UnsafeMutableRawBufferPointer { lua.current.pointee.scratch }

  init(lua: LuaState, network: NetworkRuntime, host: Host) throws(ScriptError) {
    self.lua = lua
    self.network = network
    self.host = host
    events = try EventNames(lua)
  }

  /// Makes a handle stand for a session; nil for none.
  func hold(_ session: GameSession?, as handle: Handle?) {
    heldSession = session
    handles.session = handle
    handles.synchronizer = nil
    lua.current.pointee.number = handle?.number ?? 0
    lua.current.pointee.session = session.map { .passUnretained($0) }
    lua.current.pointee.isReplay = session?.isReplay ?? false
  }

  /// Makes names those of the schema.
  func take(_ schema: SchemaNames) {
    self.schema = schema
    lua.current.pointee.schema = .passUnretained(schema)
    layOutMessages(of: schema)
  }

  deinit {
    messages.deallocate()
  }
}

extension LuaState {
  /// Gives the state's API a peer to act for. To be called once, before scripts run.
  /// - Throws: When memory is short.
  public func attach(_ network: NetworkRuntime, host: NetworkBinding.Host) throws(ScriptError) {
    self.network = try NetworkBinding(lua: self, network: network, host: host)
  }
}

extension Call {
  /// The peer that this state acts for.
  var binding: NetworkBinding {
    get throws(ScriptError) {
      guard let binding = lua.network else { throw ScriptError("this Lua state has no network") }
      return binding
    }
  }
}

/// What most calls ask for; apart from the objects that own it, so that asking neither counts references nor checks for
/// overlapping access.
struct Current {
  /// The number of the session's handle; 0 for none.
  var number: UInt32 = 0
  var session: Unmanaged<GameSession>?
  /// Whether the session is one that only looks on.
  var isReplay = false
  /// The names of the schema of the client that runs, or of the last one.
  var schema: Unmanaged<SchemaNames>?
  /// The names that the state knows.
  let names: UnsafePointer<NameTable>
  /// Room for one packed value.
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: Limits.messageSize + 64, alignment: 8)

  init(names: UnsafePointer<NameTable>) {
    self.names = names
  }
}

/// The names of the six events.
struct EventNames {
  let objectCreated, objectDestroyed, objectMigratedToMe, objectMigratedAway, objectSyncDone, sessionDisconnect: Name

  init(_ lua: LuaState) throws(ScriptError) {
    let names = try lua.intern([
      "game_object_created", "game_object_destroyed", "game_object_migrated_to_me", "game_object_migrated_away",
      "game_object_sync_done", "game_session_disconnect",
    ])
    objectCreated = names[0]
    objectDestroyed = names[1]
    objectMigratedToMe = names[2]
    objectMigratedAway = names[3]
    objectSyncDone = names[4]
    sessionDisconnect = names[5]
  }
}

/// Which objects the handles stand for that scripts hold. A handle whose object ended stays valid in Lua and stands
/// for nothing.
struct Handles {
  private var last: UInt32 = 0
  var client: Handle?
  var browser: Handle?
  var session: Handle?
  var synchronizer: Handle?
  /// Of platforms, by the numbers of their handles.
  private var objects: [UInt32: AnyObject] = [:]
  private var objectHandles: [ObjectIdentifier: Handle] = [:]
  /// Lobbies that were not left, failed ones too.
  private(set) var lobbies: [(handle: Handle, lobby: LANLobby)] = []

  mutating func make(_ kind: UserdataKind) -> Handle {
    last &+= 1
    return Handle(kind: kind, number: last)
  }

  /// The handle of a lobby, the same one each time.
  mutating func handle(of lobby: LANLobby) -> Handle {
    if let known = lobbies.first(where: { $0.lobby === lobby }) { return known.handle }
    let handle = make(.lanLobby)
    lobbies.append((handle, lobby))
    return handle
  }

  func lobby(_ number: UInt32) -> LANLobby? {
    lobbies.first { $0.handle.number == number }?.lobby
  }

  mutating func forget(_ lobby: LANLobby) {
    lobbies.removeAll { $0.lobby === lobby }
  }

  /// The handle of a platform's object, the same one each time.
  mutating func handle(of object: AnyObject, _ kind: UserdataKind) -> Handle {
    if let known = objectHandles[ObjectIdentifier(object)] { return known }
    let handle = make(kind)
    objects[handle.number] = object
    objectHandles[ObjectIdentifier(object)] = handle
    return handle
  }

  /// The platform's object behind a handle; nil once it was forgotten.
  func object(_ number: UInt32) -> AnyObject? { objects[number] }

  mutating func forget(_ object: AnyObject) {
    guard let handle = objectHandles.removeValue(forKey: ObjectIdentifier(object)) else { return }
    objects[handle.number] = nil
  }

  mutating func forgetClient() {
    client = nil
    browser = nil
    lobbies = []
    objects = [:]
    objectHandles = [:]
  }
}
