// Written by scripts/generate-inventory; do not edit.

extension Inventory {
  static let steam: [InventoryNamespace] = [
    InventoryNamespace(
      "Friends", tier: .extra,
      functions: [
        (
          .steam,
          """
          boot_invite() -> integer, string
          id(index: integer) -> string
          in_category(id: string, category: integer) -> boolean
          invite(id: string, game: any(SteamLobby,string), extra_params: string?, password: string?)
          name(id: string) -> string
          next_invite() -> integer, string, string, string
          num_friends(category_mask: integer?) -> integer
          playing_game(id: string) -> steam_friend_game_info?
          relationship(id: string) -> integer
          status(id: string) -> integer
          """
        )
      ],
      constants: [
        (
          .steam,
          """
          AWAY BLOCKED BLOCKED_FLAG BUSY CLAN_MEMBER_FLAG FRIEND FRIENDSHIP_REQUESTED_FLAG FRIEND_FLAG IGNORED \
          IGNORED_FLAG IGNORED_FRIEND IGNORED_FRIEND_FLAG INVITE_LOBBY INVITE_SERVER LOOKING_TO_PLAY NONE NO_INVITE \
          OFFLINE ONLINE ON_GAME_SERVER_FLAG REQUESTING_FRIENDSHIP_FLAG REQUESTING_INFO_FLAG REQUEST_INITIATOR \
          REQUEST_RECIPIENT SNOOZE SUGGESTED SUGGESTED_FLAG TRADING
          """
        )
      ]),
    InventoryNamespace(
      "Presence", tier: .extra,
      functions: [
        (
          .steam,
          """
          advertise_playing(game: any(SteamLobby,string), extra_params: string?, password: string?)
          presence(friend: string, key: string) -> string?
          set_presence(key: string, value: string)
          stop_advertise_playing()
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "Steam", tier: .platform,
      functions: [
        (
          .steam,
          """
          app_id() -> integer
          connected() -> boolean
          install_event() -> integer?
          is_installed(app_id: integer) -> boolean
          language() -> string
          open_url(url: string)
          owns_app(app_id: integer) -> boolean
          user_id() -> string
          user_name(id: string?) -> string
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "SteamClient", tier: .platform,
      functions: [
        (
          .steam,
          """
          lobby_browser(self: SteamClient) -> SteamLobbyBrowser
          server_browser(self: SteamClient) -> SteamServerBrowser
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "SteamGameServer", tier: .platform,
      functions: [
        (
          .steam,
          """
          app_id() -> integer
          data(self: SteamGameServer, key: string) -> string
          members(self: SteamGameServer) -> string[]
          name(self: SteamGameServer, peer: string) -> string
          remove_member(self: SteamGameServer, player: string)
          run_callbacks(self: SteamGameServer, callback_object: table)
          set_data(self: SteamGameServer, value: table)
          set_data(self: SteamGameServer, key: string, value: string)
          set_game_tags(self: SteamGameServer, tags: string)
          set_map(self: SteamGameServer, map: string)
          set_score(self: SteamGameServer, peer: string, score: integer)
          set_server_name(self: SteamGameServer, name: string)
          state(self: SteamGameServer) -> integer
          """
        )
      ],
      constants: [
        (
          .steam,
          """
          CONNECTED CONNECTING DISCONNECTED
          """
        )
      ]),
    InventoryNamespace(
      "SteamGameServerLobby", tier: .platform,
      functions: [
        (
          .steam,
          """
          auto_update_data(self: SteamGameServerLobby)
          data(self: SteamGameServerLobby, key: string) -> string?
          fail_reason(self: SteamGameServerLobby) -> integer
          game_description(self: SteamGameServerLobby) -> string
          game_session_host(self: SteamGameServerLobby) -> integer
          members(self: SteamGameServerLobby) -> string[]
          request_data(self: SteamGameServerLobby)
          server_name(self: SteamGameServerLobby) -> string
          state(self: SteamGameServerLobby) -> integer
          version(self: SteamGameServerLobby) -> string
          """
        )
      ],
      constants: [
        (
          .steam,
          """
          FAILED JOINED JOINING SERVER_IS_FULL TIMEOUT
          """
        )
      ]),
    InventoryNamespace(
      "SteamLobby", tier: .platform,
      functions: [
        (
          .steam,
          """
          data(self: SteamLobby, key: string) -> string
          game_session_host(self: SteamLobby) -> string?
          lobby_host(self: SteamLobby) -> string
          member_data(self: SteamLobby, peer_id: string, key: string) -> string
          members(self: SteamLobby) -> string[]
          own_data(self: SteamLobby, key: string) -> string
          set_data(self: SteamLobby, key: string, value: string)
          set_game_session_host(self: SteamLobby, peer_id: string?)
          set_member_data(self: SteamLobby, key: string, value: string)
          state(self: SteamLobby) -> integer
          """
        )
      ],
      constants: [
        (
          .steam,
          """
          CREATING FAILED JOINED JOINING
          """
        )
      ]),
    InventoryNamespace(
      "SteamLobbyBrowser", tier: .platform,
      functions: [
        (
          .steam,
          """
          add_distance_filter(self: SteamLobbyBrowser, distance: integer)
          add_filter(self: SteamLobbyBrowser, key: string, value: any(string,integer), comp: integer)
          add_near_filter(self: SteamLobbyBrowser, key: string, value: integer)
          add_slots_filter(self: SteamLobbyBrowser, slots: integer)
          clear_filters(self: SteamLobbyBrowser)
          data(self: SteamLobbyBrowser, index: integer, key: string) -> string
          is_refreshing(self: SteamLobbyBrowser) -> boolean
          lobby(self: SteamLobbyBrowser, i: integer) -> network_steam_lobby_info
          num_lobbies(self: SteamLobbyBrowser) -> integer
          refresh(self: SteamLobbyBrowser)
          """
        )
      ],
      constants: [
        (
          .steam,
          """
          CLOSE DEFAULT EQUAL FAR GREATER GREATER_OR_EQUAL LESS LESS_OR_EQUAL NOT_EQUAL WORLD
          """
        )
      ]),
    InventoryNamespace(
      "SteamPingThread", tier: .platform,
      constructors: (
        .steam,
        """
        SteamPingThread(connect: any(SteamClient,SteamGameServer)) -> SteamPingThread
        """
      ),
      functions: [
        (
          .steam,
          """
          add_peer(self: SteamPingThread, peer_id: string)
          destroy(self: SteamPingThread)
          ping(self: SteamPingThread, peer_id: string) -> number
          remove_peer(self: SteamPingThread, peer_id: string)
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "SteamServerBrowser", tier: .platform,
      functions: [
        (
          .steam,
          """
          abort_refresh(self: SteamServerBrowser)
          add_favorite(self: SteamServerBrowser, ip: string, connection_port: integer, query_port: integer)
          add_filter(self: SteamServerBrowser, value: steam_server_browser_filter)
          add_filter(self: SteamServerBrowser, key: string, value: string)
          clear_filters(self: SteamServerBrowser)
          data(self: SteamServerBrowser, index: integer, key: string) -> string?
          is_fetching_data(self: SteamServerBrowser, i: integer) -> boolean, boolean
          is_fetching_players(self: SteamServerBrowser, index: integer) -> boolean, boolean
          is_refreshing(self: SteamServerBrowser) -> boolean
          num_servers(self: SteamServerBrowser) -> integer
          players(self: SteamServerBrowser, index: integer) -> steam_server_player[]?
          refresh(self: SteamServerBrowser, server_type: integer)
          refresh_server(self: SteamServerBrowser, i: integer)
          remove_favorite(self: SteamServerBrowser, ip: string, connection_port: integer, query_port: integer)
          request_data(self: SteamServerBrowser, i: integer)
          request_players(self: SteamServerBrowser, index: integer)
          server(self: SteamServerBrowser, i: integer) -> steam_server_info
          """
        )
      ],
      constants: [
        (
          .steam,
          """
          FAVORITES FRIENDS HISTORY INTERNET LAN
          """
        )
      ]),
    InventoryNamespace(
      "SteamVoip", tier: .extra,
      functions: [
        (
          .steam,
          """
          create_room() -> string
          destroy_room(room_id: string)
          join_room(host_peer_id: string, room_id: string) -> SteamVoipClient
          leave_room(client: SteamVoipClient)
          update(callback_object: table)
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "SteamVoipClient", tier: .extra,
      functions: [
        (
          .steam,
          """
          broken_host(self: SteamVoipClient) -> boolean
          members(self: SteamVoipClient) -> string[]
          room_id(self: SteamVoipClient) -> string
          select_in(self: SteamVoipClient, enable: boolean, peer_id: string?)
          select_out(self: SteamVoipClient, enable: boolean, peer_id: string?)
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "SteamVoipRoom", tier: .extra,
      functions: [
        (
          .steam,
          """
          add_member(room_id: string, peer_id: string)
          broken_members(room_id: string) -> string[]?
          members(room_id: string) -> string[]
          remove_member(room_id: string, peer_id: string)
          """
        )
      ],
      constants: []),
  ]
}
