// Written by scripts/generate-inventory; do not edit.

extension Inventory {
  static let session: [InventoryNamespace] = [
    InventoryNamespace(
      "GameSession", tier: .core,
      functions: [
        (
          .common,
          """
          add_peer(self: GameSession, peer_id: string)
          broken_connection(self: GameSession) -> string?
          create_game_object(self: GameSession, type: string, fields: table) -> integer
          destroy_game_object(self: GameSession, object_id: integer)
          disconnect_from_host(self: GameSession)
          game_object_exists(self: GameSession, object_id: integer) -> boolean
          game_object_field(self: GameSession, object_id: integer, field: string) -> any
          game_object_is_type(self: GameSession, object_id: integer, object_type: string) -> boolean
          game_object_owned(self: GameSession, object_id: integer) -> boolean
          game_object_owner(self: GameSession, object_id: integer) -> string
          game_session_host(self: GameSession) -> string
          host_error(self: GameSession) -> boolean
          in_session(self: GameSession) -> boolean
          leave(self: GameSession)
          make_game_session_host(self: GameSession)
          migrate_game_object(self: GameSession, object_id: integer, new_peer_id: string, callback_object: table)
          migrate_game_session_host(self: GameSession)
          objects_owned_by(self: GameSession, peer_id: string) -> integer[]
          other_peers(self: GameSession) -> string[]
          peers(self: GameSession) -> string[]
          remove_peer(self: GameSession, peer_id: string, callback_object: table)
          set_game_object_field(self: GameSession, object_id: integer, field: string, value: any)
          set_game_object_priority(self: GameSession, object_id: integer, peer_id: string, priority: number)
          set_interpolation_lag_compensation(self: GameSession, time: number)
          set_perfhud_pie_update_interval(self: GameSession, time: number)
          shutdown_game_session_host(self: GameSession)
          synchronized_peers(self: GameSession) -> string[]
          synchronizing_peers(self: GameSession) -> string[]
          unit_synchronizer(self: GameSession) -> UnitSynchronizer
          wants_to_leave(self: GameSession) -> string?
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "LanClient", tier: .core,
      functions: [
        (
          .lan,
          """
          lobby_browser(self: LanClient) -> LanLobbyBrowser
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "LanLobby", tier: .core,
      functions: [
        (
          .lan,
          """
          data(self: LanLobby, key: string) -> string
          game_session_host(self: LanLobby) -> string?
          kick(self: LanLobby, peer: any(string,integer))
          lobby_host(self: LanLobby) -> string
          member_data(self: LanLobby, peer_id: string, key: string) -> string
          members(self: LanLobby) -> string[]
          own_data(self: LanLobby, key: string) -> string
          set_data(self: LanLobby, key: string, value: string)
          set_game_session_host(self: LanLobby, peer_id: string?)
          set_member_data(self: LanLobby, key: string, value: string)
          state(self: LanLobby) -> integer
          """
        )
      ],
      constants: [
        (
          .lan,
          """
          CREATING FAILED JOINED JOINING
          """
        )
      ]),
    InventoryNamespace(
      "LanLobbyBrowser", tier: .core,
      functions: [
        (
          .lan,
          """
          is_refreshing(self: LanLobbyBrowser) -> boolean
          lobby(self: LanLobbyBrowser, index: integer) -> network_lan_lobby_info
          num_lobbies(self: LanLobbyBrowser) -> integer
          refresh(self: LanLobbyBrowser, port: number)
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "RPC", tier: .core,
      functions: [],
      constants: []),
    InventoryNamespace(
      "UnitSynchronizer", tier: .core,
      functions: [
        (
          .common,
          """
          destroy_unit(self: UnitSynchronizer, unit: Unit)
          game_object_id_to_unit(self: UnitSynchronizer, id: integer) -> Unit
          set_world(self: UnitSynchronizer, world: World)
          spawn_unit(self: UnitSynchronizer, type: string, unit_name: string, position: Vector3?, rotation: \
          Quaternion?) -> Unit
          unit_to_game_object_id(self: UnitSynchronizer, unit: Unit) -> integer
          """
        )
      ],
      constants: []),
  ]
}
