// Written by scripts/generate-inventory; do not edit.

extension Inventory {
  static let network: [InventoryNamespace] = [
    InventoryNamespace(
      "Network", tier: .core,
      functions: [
        (
          .common,
          """
          config_hash(config_resource: string)
          connections() -> string[]
          create_connection(peer_id: string) -> integer
          create_game_session() -> GameSession
          create_replay_session(dump_file: string) -> GameSession
          destroy_connection(peer_id: string)
          disable_qos_peer(peer_id: string)
          enable_qos(min_peer_kbps: number, initial_peer_kbps: number, max_total_kbps: number)
          enable_qos_peer(peer_id: string)
          fatal_error() -> boolean
          game_session() -> GameSession
          has_connection(peer_id: string) -> integer?
          is_broken(peer_id: string) -> boolean
          is_used(peer_id: string) -> boolean
          log(log_level: integer)
          message_info(message_name: string) -> network_message_info
          object_info(object_name: string) -> network_object_info
          peer_id() -> string
          ping(player_id: string) -> number
          reliable_send_buffer_left(peer_id: string) -> number
          set_explicit_connections()
          set_max_transmit_rate(time: number)
          set_ping_resend_time(time: number)
          set_ping_send_time(time: number)
          set_pong_timeout(time: number)
          set_resend_time(time: number)
          shutdown_game_session()
          shutdown_replay_session()
          type_info(type_name: string) -> network_type_info
          update(dt: number, callback_object: table)
          update_receive(dt: number, callback_object: table)
          update_transmit()
          write_dump_tag(details: string)
          """
        ),
        (
          .lan,
          """
          create_lan_lobby(lobby_port: integer, max_members: integer) -> LanLobby
          init_lan_client(config: string, game_port: integer?, peer_id: integer?) -> LanClient
          join_lan_lobby(address: string, lobby_port: integer?) -> LanLobby
          leave_lan_lobby(lobby: LanLobby)
          shutdown_lan_client(client: LanClient)
          """
        ),
        (
          .psn,
          """
          create_psn_room(name: string, max_members: integer) -> integer
          init_psn_client(config: string) -> PsnClient
          join_psn_room(room_id: string) -> PsnRoom
          leave_psn_room(room: PsnRoom)
          shutdown_psn_client(client: PsnClient)
          """
        ),
        (
          .steam,
          """
          create_steam_lobby(type_lobby: integer, max_members: integer) -> SteamLobby
          init_steam_client(config: string) -> SteamClient
          init_steam_server(config: string, settings: network_steam_server_settings) -> SteamGameServer
          join_steam_lobby(lobby_id: integer) -> SteamLobby
          join_steam_server(ip_address: string, password: string?) -> SteamGameServerLobby
          join_steam_server(ip_address: string, port: number, password: string?) -> SteamGameServerLobby
          leave_steam_lobby(lobby: SteamLobby)
          leave_steam_server(server_lobby: SteamGameServerLobby)
          shutdown_steam_client(client: SteamClient)
          shutdown_steam_server(server: SteamGameServer)
          """
        ),
        (
          .xboxlive,
          """
          clean_sessions(user_id: integer)
          clean_sessions_status() -> integer
          clear_activity(user_id: integer)
          clear_activity_status(user_id: integer) -> integer
          create_multiplayer_session(user_id: integer, session_name: string, session_template_name: string, \
          create_as_host: boolean, session_keywords: string[]?) -> integer
          create_multiplayer_session_client(user_id: integer, session_name: string, session_template_name: string, \
          xbox_user_id_member_reservation: integer[]?) -> integer
          create_multiplayer_session_host(user_id: integer, session_name: string, session_template_name: string, \
          session_keywords: string[]?, min_number_members: integer?, max_number_members: integer?, \
          xbox_user_id_member_reservation: integer[]?) -> integer
          free_get_activity_details(session_lookup_id: integer)
          free_handle_to_description(session_lookup_id: integer)
          free_multiplayer_session(session_id: integer)
          get_activity_details(user_id: integer, xuids: string[]) -> integer
          get_activity_details_result(session_lookup_id: integer) -> activity_details*
          get_activity_details_status(get_activites_id: integer) -> integer
          handle_to_description(user_id: integer, handle: string) -> integer
          handle_to_description_result(session_lookup_id: integer) -> string, string
          handle_to_description_status(session_lookup_id: integer) -> integer
          init_xboxlive_client(config: string)
          invite_friends(user_id: integer, session_id: integer, min_selection: integer, max_selection: integer, \
          custom_invite_id: string?)
          invite_friends_list(user_id: integer, session_id: integer, friend_xuids: string[], custom_invite_id: \
          string?)
          join_local_multiplayer_session(user_id: integer, session_id: integer) -> integer
          set_activity(user_id: integer, session_id: integer)
          set_presence(user_id: integer, presence_id: string, is_active_in_title: boolean?) -> integer
          set_presence_status(set_precense_job_id: integer) -> integer
          shutdown_xboxlive_client()
          xboxlive_client_exists() -> boolean
          """
        ),
      ],
      constants: [
        (
          .common,
          """
          ARRAY BOOL FLOAT IDSTRING32 IDSTRING64 INT MESSAGES QUATERNION RESOURCE_ID SILENT SPEW STRING UINT64 \
          VECTOR3 WARNINGS
          """
        ),
        (
          .steam,
          """
          STEAM_LOBBY_FRIENDS_ONLY STEAM_LOBBY_INVISIBLE STEAM_LOBBY_PRIVATE STEAM_LOBBY_PUBLIC
          """
        ),
      ])
  ]
}
