// Written by scripts/generate-inventory; do not edit.

extension Inventory {
  static let tables: [InventoryTable] = [
    InventoryTable(
      "activity_details",
      """
      closed: bool, join_restriction: integer, max_members: integer, members: integer, session_name: string, \
      session_template_name: string, title_id: integer, visibility: integer, xbox_user_id: string
      """),
    InventoryTable(
      "chat_user",
      """
      is_local: bool, is_muted: bool, local_render_target_volume: number, participant_Type: integer, peer: string, \
      restriction_mode: integer, talking_mode: integer, volume: number, xbox_user_id: string
      """),
    InventoryTable(
      "chat_user_channel",
      """
      restriction_mode: integer, xbox_user_id: string
      """),
    InventoryTable(
      "network_lan_lobby_info",
      """
      address: string
      """),
    InventoryTable(
      "network_message_info",
      """
      arguments: network_type_info[], priority: number, reliable: boolean
      """),
    InventoryTable(
      "network_object_info",
      """
      fields: network_type_info[], priority: number, update_rate: number
      """),
    InventoryTable(
      "network_psn_room_info",
      """
      data: string, id: string, name: string
      """),
    InventoryTable(
      "network_psn_room_member",
      """
      handle: string, np_id: string, peer_id: string
      """),
    InventoryTable(
      "network_steam_lobby_info",
      """
      id: string, name: string
      """),
    InventoryTable(
      "network_steam_server_settings",
      """
      authentication_port: integer, dedicated: boolean, game_description: string, gamedir: string, \
      ip_address: string, map: string, max_players: integer, password: string, query_port: integer, \
      server_name: string, server_port: integer, server_version: string, spectator_port: integer
      """),
    InventoryTable(
      "network_type_info",
      """
      bits: integer, id: string, interpolated: boolean, interpolation_threshold: number, max: number, \
      max_size: integer?, min: number, tolerance: integer, type: integer
      """),
    InventoryTable(
      "session_member",
      """
      gamertag: string, peer: string, xbox_user_id: string
      """),
    InventoryTable(
      "steam_friend_game_info",
      """
      app_id: string, ip: string?, lobby: string?, mod_id: string?, query_port: integer?, server_port: integer?
      """),
    InventoryTable(
      "steam_server_browser_filter",
      """
      dedicated: boolean, empty: boolean, full: boolean, gamedir: string, map: string, noplayers: boolean, \
      proxy: boolean, secure: boolean
      """),
    InventoryTable(
      "steam_server_info",
      """
      connection_port: integer, favorite: boolean, game_description: string, ip_address: integer, map: string, \
      max_players: integer, num_bots: integer, num_players: integer, password: boolean, ping: integer, \
      query_port: integer, secure: boolean, server_name: string, server_version: integer, steam_id: integer, \
      tags: string
      """),
    InventoryTable(
      "steam_server_player",
      """
      name: string, play_time: number, score: integer
      """),
    InventoryTable(
      "user_cached_info",
      """
      guest: bool, id: integer, signed_in: bool, xbox_user_id: string
      """),
  ]
}
