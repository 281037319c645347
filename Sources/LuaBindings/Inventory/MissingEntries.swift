/// The whole API: what this version has, and for each other function an entry that says what is missing.
public enum API {
  /// Namespaces that this version has something of.
  static var implemented: [Namespace] {
    [
      NetworkNamespace.namespace, GameSessionNamespace.namespace, RPCNamespace.namespace,
      LanClientNamespace.namespace, LanLobbyNamespace.namespace, LanLobbyBrowserNamespace.namespace,
      ScriptNamespace.namespace, ApplicationNamespace.namespace, TerminalNamespace.namespace,
      WorldNamespace.namespace, UnitNamespace.namespace, UnitSynchronizerNamespace.namespace,
      PsnClientNamespace.namespace, PsnRoomNamespace.namespace, PsnRoomBrowserNamespace.namespace,
      XboxLiveNamespace.namespace, MultiplayerSessionNamespace.namespace, MultiplayerSessionGroupNamespace.namespace,
    ] + steam + XboxConstants.namespaces + mathematics
  }

  private static var steam: [Namespace] {
    [
      SteamNamespace.namespace, SteamClientNamespace.namespace, SteamLobbyNamespace.namespace,
      SteamLobbyBrowserNamespace.namespace, SteamGameServerNamespace.namespace,
      SteamGameServerLobbyNamespace.namespace, SteamServerBrowserNamespace.namespace,
      SteamPingThreadNamespace.namespace, FriendsNamespace.namespace, PresenceNamespace.namespace,
    ]
  }

  /// The namespace that is not there where settings disable Steam.
  public static let steamName = "Steam"

  /// Everything, by name.
  public static var namespaces: [Namespace] {
    complete(implemented)
  }

  /// Adds to namespaces the functions of the inventory that they lack.
  static func complete(_ given: [Namespace]) -> [Namespace] {
    var named = Dictionary(given.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for known in Inventory.namespaces {
      var namespace = named[known.name] ?? Namespace(known.name, "Missing: \(Missing.what(known.name)).")
      let present = Set(namespace.entries.map(\.name))
      for function in known.functions where !present.contains(function.name) {
        namespace.entries.append(Missing.entry(for: function, in: known.name))
      }
      if namespace.constructor == nil, let constructor = known.constructor {
        namespace.constructor = Missing.entry(for: constructor, in: known.name)
      }
      if namespace.kind == nil, let kind = UserdataKind.named(known.name), named[known.name] == nil {
        namespace = Namespace(
          namespace.name, namespace.summary, kind: kind, entries: namespace.entries, constants: namespace.constants,
          constructor: namespace.constructor)
      }
      named[known.name] = namespace
    }
    return named.values.sorted { $0.name < $1.name }
  }
}

/// Entries of functions that belong to a later version.
enum Missing {
  static func entry(for function: InventoryFunction, in namespace: String) -> Entry {
    let what = what(namespace)
    return Entry(
      function.name,
      signatures: function.signatures.map { $0.parameters.map { Parameter($0.name, .any, notation: $0.type) } },
      returns: function.signatures.last?.results ?? [], summary: "Not in this version, which lacks \(what).",
      .missing("it lacks \(what)"))
  }

  /// What a function needs that this version lacks.
  static func what(_ namespace: String) -> String {
    for (prefix, part) in parts where namespace.hasPrefix(prefix) { return part }
    return "this function"
  }

  private static let parts = [
    ("VoiceChat", "voice chat"), ("QoSVoiceChat", "voice chat"), ("SteamVoip", "voice chat"),
    ("XboxCallbacks", "callbacks of the console"),
  ]
}

extension UserdataKind {
  /// The kind whose namespace has a name.
  static func named(_ name: String) -> UserdataKind? {
    allCases.first { $0.name == name }
  }
}
