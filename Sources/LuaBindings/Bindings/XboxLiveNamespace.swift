import NetRuntime

/// `stingray.XboxLive`: the users of this machine.
enum XboxLiveNamespace {
  static var namespace: Namespace {
    Namespace(
      "XboxLive", "The users of this machine, and invitations to them; with or without a client.",
      entries: [
        users, userInfo, numUsers, userCacheChanged, onlineState, showAccountPicker, hasNewGameInvite, lastGameInvite,
      ])
  }

  private static var users: Entry {
    Entry(
      "users", returns: ["user_cached_info*"],
      summary: "A table for each user: `id`, `xbox_user_id`, `signed_in` and `guest`."
    ) { call throws(ScriptError) in
      let users = try call.xboxUsers()
      for user in users.users { call.push(user, isSignedIn: users.isSignedIn(user)) }
    }
  }

  private static var userInfo: Entry {
    Entry(
      "user_info", [XboxParameter.user], returns: ["user_cached_info"],
      summary: "A user by its id: a table with `id`, `xbox_user_id`, `signed_in` and `guest`."
    ) { call throws(ScriptError) in
      let users = try call.xboxUsers()
      do throws(XboxLiveError) {
        let user = try users.user(call.integer(1))
        call.push(user, isSignedIn: users.isSignedIn(user))
      } catch {
        throw ScriptError(error.description)
      }
    }
  }

  private static var numUsers: Entry {
    Entry("num_users", returns: ["integer"], summary: "How many users there are.") { call throws(ScriptError) in
      call.push(try call.xboxUsers().users.count)
    }
  }

  private static var userCacheChanged: Entry {
    Entry(
      "user_cache_changed", returns: ["boolean"],
      summary: "Whether a user has signed in or out since the last call; true the first time."
    ) { call throws(ScriptError) in
      call.push(try call.xboxUsers().takeChange())
    }
  }

  private static var onlineState: Entry {
    Entry(
      "online_state", returns: ["integer"],
      summary: "Whether Xbox Live can be reached: a constant of `XboxOne`, `UNKNOWN` while the first user signs in."
    ) { call throws(ScriptError) in
      call.push(try call.xboxUsers().onlineState.rawValue)
    }
  }

  private static var showAccountPicker: Entry {
    Entry(
      "show_account_picker", [Parameter("user_index", .integer)],
      summary: """
        Signs in the next user whom settings.ini names and who is not signed in, in the place of a user by its index \
        from `Script.index_offset`, or behind the last one. The first user stays. Who was signed out elsewhere may \
        sign in again, as a user with another id.
        """
    ) { call throws(ScriptError) in
      let users = try call.xboxUsers()
      let first = call.lua.indexOffset
      let index = call.integer(1) - first
      let count = min(users.users.count, Limits.localUsers - 1)
      guard 0...count ~= index else {
        throw ScriptError("argument 1 (user_index): expected \(first) to \(count + first), got \(call.describe(1))")
      }
      users.pick(at: index)
    }
  }

  private static var hasNewGameInvite: Entry {
    Entry(
      "has_new_game_invite", returns: ["boolean"],
      summary: "Whether the first user was invited to a session and `last_game_invite` was not called since."
    ) { call throws(ScriptError) in
      call.push(try call.xboxUsers().hasNewInvitation)
    }
  }

  private static var lastGameInvite: Entry {
    Entry(
      "last_game_invite", returns: ["map(string,string)?"],
      summary: """
        The last invitation of the first user: `handle` for `Network.handle_to_description`, `senderXuid`, \
        `invitedXuid` and, where the sender gave one, `customInviteId`; nil while there was none.
        """
    ) { call throws(ScriptError) in
      let users = try call.xboxUsers()
      guard let invitation = users.readInvitation() else { return call.pushNil() }
      call.pushTable(fields: 4)
      call.setField("handle", invitation.entry?.description ?? "")
      call.setField("senderXuid", invitation.from)
      call.setField("invitedXuid", users.online.user.id)
      if !invitation.parameters.isEmpty { call.setField("customInviteId", invitation.parameters) }
    }
  }
}

extension Staging {
  fileprivate func push(_ user: XboxUser, isSignedIn: Bool) {
    pushTable(fields: 4)
    setField("id", Double(user.id))
    setField("xbox_user_id", user.player)
    setField("signed_in", isSignedIn)
    setField("guest", user.isGuest)
  }
}
