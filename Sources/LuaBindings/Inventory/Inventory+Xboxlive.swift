// Written by scripts/generate-inventory; do not edit.

extension Inventory {
  static let xboxlive: [InventoryNamespace] = [
    InventoryNamespace(
      "MultiplayerSession", tier: .platform,
      functions: [
        (
          .xboxlive,
          """
          custom_property_json(session_id: integer, custom_property_key: string) -> integer
          custom_property_json_result(session_lookup_id: integer) -> string
          custom_property_json_status(session_lookup_id: integer) -> integer
          delete_smartmatch_ticket(session_id: integer, hopper_name: string, ticket_id: string)
          free_custom_property_json(session_lookup_id: integer)
          group_id(session_id: integer) -> integer
          has_session_changed(session_id: integer) -> boolean
          host_peer(session_id: integer) -> string?
          invite_friends(user_id: integer, session_id: integer, min_selection: integer, max_selection: integer, \
          custom_invite_id: string?)
          invite_friends_list(user_id: integer, session_id: integer, friend_xuids: string[], custom_invite_id: \
          string?)
          keywords(session_id: integer) -> string[]
          leave(session_id: integer)
          members(session_id: integer) -> session_member[]
          session_id_to_uri(session_id: string) -> string
          session_uri_to_description(session_uri: string) -> string, string
          set_closed(session_id: integer, closed: boolean)
          set_current_user_member_custom_property_json(session_id: integer, custom_property_key: string, \
          custom_property_json: string)
          set_custom_property_json(session_id: integer, custom_property_key: string, custom_property_json: string)
          set_keywords(user_id: integer, session_id: integer, session_keywords: string[]?)
          smartmatch_result(session_id: integer) -> string, string, number
          smartmatch_status(session_id: integer) -> integer
          start_smartmatch(session_id: integer, hopper_name: string, timeout: number, preserve_mode: integer, \
          ticket_attributes_json: string?)
          start_smartmatch_result(session_id: integer) -> string, number
          status(session_id: integer) -> integer
          """
        )
      ],
      constants: [
        (
          .xboxlive,
          """
          BROKEN READY SHUTDOWN WORKING
          """
        )
      ]),
    InventoryNamespace(
      "MultiplayerSessionGroup", tier: .platform,
      functions: [
        (
          .xboxlive,
          """
          all_sessions_have_status(session_group_id: integer, session_status: number) -> boolean
          master_session(session_group_id: integer) -> integer?
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "MultiplayerSessionRestriction", tier: .platform,
      functions: [],
      constants: [
        (
          .xboxlive,
          """
          FOLLOWED LOCAL NONE UNKNOWN
          """
        )
      ]),
    InventoryNamespace(
      "MultiplayerSessionVisibility", tier: .platform,
      functions: [],
      constants: [
        (
          .xboxlive,
          """
          ANY FULL OPEN PRIVATE UNKNOWN VISIBLE
          """
        )
      ]),
    InventoryNamespace(
      "PreserveSessionMode", tier: .platform,
      functions: [],
      constants: [
        (
          .xboxlive,
          """
          ALWAYS NEVER
          """
        )
      ]),
    InventoryNamespace(
      "QoSVoiceChat", tier: .extra,
      functions: [
        (
          .xboxlive,
          """
          init(client: PsnClient, user_id: integer)
          local_mute_status() -> boolean
          mute_local(mute: boolean)
          mute_remote(peer_id: string, mute: boolean)
          remote_mute_status(peer_id: string) -> boolean
          set_speaker_volume(volume: number)
          shutdown()
          speaker_volume() -> number
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "SessionJobStatus", tier: .platform,
      functions: [],
      constants: [
        (
          .xboxlive,
          """
          COMPLETE FAILED NOT_RUNNING WORKING
          """
        )
      ]),
    InventoryNamespace(
      "SmartMatchStatus", tier: .platform,
      functions: [],
      constants: [
        (
          .xboxlive,
          """
          EXPIRED FOUND SEARCHING UNKNOWN
          """
        )
      ]),
    InventoryNamespace(
      "VoiceChat", tier: .extra,
      functions: [
        (
          .xboxlive,
          """
          add_user_to_channel(user_id: integer, channel: integer)
          chat_users() -> chat_user[]
          has_mic_focus() -> boolean
          has_running_jobs() -> boolean
          init()
          latest_added_users() -> chat_user_channel*
          latest_removed_users() -> chat_user_channel*
          mute_all_users()
          mute_user(xbox_user_id: string)
          remove_user_from_channel(user_id: integer, channel: integer)
          remove_user_from_channel_with_xuid(xbox_user_id: string, channel: integer)
          shutdown()
          unmute_all_users()
          unmute_user(xbox_user_id: string)
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "VoiceChatParticipantType", tier: .extra,
      functions: [],
      constants: [
        (
          .xboxlive,
          """
          BYSTANDER LISTENER NONE TALKER
          """
        )
      ]),
    InventoryNamespace(
      "VoiceChatRestriction", tier: .extra,
      functions: [],
      constants: [
        (
          .xboxlive,
          """
          CANNOT_LISTEN CANNOT_TALK MUTED NONE NOT_ALLOWED NOT_IN_SAME_CHANNEL NOT_SIGNED_IN UNKNOWN_RELATIONSHIP
          """
        )
      ]),
    InventoryNamespace(
      "VoiceChatTalkingMode", tier: .extra,
      functions: [],
      constants: [
        (
          .xboxlive,
          """
          NOT_TALKING TALKING_OVER_HEADSET TALKING_OVER_KINECT
          """
        )
      ]),
    InventoryNamespace(
      "XboxCallbacks", tier: .extra,
      functions: [
        (
          .xboxlive,
          """
          register_suspending_callback(callback: fun(nil:nil)) -> integer
          unregister_callback(id: integer)
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "XboxLive", tier: .platform,
      functions: [
        (
          .xboxlive,
          """
          has_new_game_invite() -> boolean
          last_game_invite() -> map(string,string)?
          num_users() -> integer
          online_state() -> integer
          show_account_picker(user_index: integer)
          user_cache_changed() -> boolean
          user_info(user_id: integer) -> user_cached_info
          users() -> user_cached_info*
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "XboxOne", tier: .platform,
      functions: [],
      constants: [
        (
          .xboxlive,
          """
          OFFLINE ONLINE UNKNOWN
          """
        )
      ]),
  ]
}
