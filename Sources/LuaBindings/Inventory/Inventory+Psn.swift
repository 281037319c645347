// Written by scripts/generate-inventory; do not edit.

extension Inventory {
  static let psn: [InventoryNamespace] = [
    InventoryNamespace(
      "PsnClient", tier: .platform,
      functions: [
        (
          .psn,
          """
          lost_context(self: PsnClient) -> boolean
          ready(self: PsnClient) -> boolean
          room_browser(self: PsnClient) -> PsnRoomBrowser
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "PsnRoom", tier: .platform,
      functions: [
        (
          .psn,
          """
          game_session_host(room: PsnRoom) -> string?
          member(room: PsnRoom, index: integer) -> network_psn_room_member
          num_members(room: PsnRoom) -> integer
          owner(room: PsnRoom) -> string
          set_data(room: PsnRoom, value: string)
          set_game_session_host(room: PsnRoom, peer_id: string?)
          set_name(room: PsnRoom, name: string)
          state(room: PsnRoom) -> integer
          """
        )
      ],
      constants: [
        (
          .psn,
          """
          CREATING FAILED JOINED JOINING WAITING_TO_CREATE
          """
        )
      ]),
    InventoryNamespace(
      "PsnRoomBrowser", tier: .platform,
      functions: [
        (
          .psn,
          """
          is_refreshing(self: PsnRoomBrowser) -> boolean
          num_rooms(self: PsnRoomBrowser) -> integer
          refresh(self: PsnRoomBrowser)
          room(self: PsnRoomBrowser, index: integer) -> network_psn_room_info
          """
        )
      ],
      constants: []),
  ]
}
