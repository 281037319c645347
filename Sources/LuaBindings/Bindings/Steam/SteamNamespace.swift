import NetRuntime

/// `stingray.Steam`: the user, the game and the machine as Steam knows them.
public enum SteamNamespace {
  public static var namespace: Namespace {
    Namespace(
      "Steam", "The user and the game as Steam knows them. Not there where settings.ini has `steam.enabled = false`.",
      entries: [connected, userID, userName, appID, language, ownsApp, isInstalled, installEvent, openURL])
  }

  private static let app = Parameter("app_id", .integer)

  private static var connected: Entry {
    Entry(
      "connected", returns: ["boolean"],
      summary: "Whether Steam is there; to be asked before `Network.init_steam_client`."
    ) { call throws(ScriptError) in
      do throws(ScriptError) {
        let online = try call.social().online
        call.push(!online.isLost && !online.isSignedOut)
      } catch {
        call.push(false)
      }
    }
  }

  private static var userID: Entry {
    Entry("user_id", returns: ["string"], summary: "The user's id, which is its peer id, too.") {
      call throws(ScriptError) in
      call.push(try call.social().online.user.id)
    }
  }

  private static var userName: Entry {
    Entry(
      "user_name", [Parameter("id", .peer, optional: true)], returns: ["string"],
      summary: """
        The name of the user, or of the one with an id; "" while it is not known. A stranger's is asked for, and known \
        some frames later.
        """
    ) { call throws(ScriptError) in
      let social = try call.social()
      call.push(social.name(call.isNil(1) ? social.online.user.id : call.peer(1)))
    }
  }

  private static var appID: Entry {
    Entry("app_id", returns: ["integer"], summary: "The game's app id: `steam.app_id` of settings.ini, or else 480.") {
      call throws(ScriptError) in
      call.push(try call.binding.network.steamSettings.appID)
    }
  }

  private static var language: Entry {
    Entry(
      "language", returns: ["string"],
      summary: "The language that the user has chosen: `steam.language` of settings.ini, or else `english`."
    ) { call throws(ScriptError) in
      call.push(try call.binding.network.steamSettings.language)
    }
  }

  private static var ownsApp: Entry {
    Entry(
      "owns_app", [app], returns: ["boolean"],
      summary: "Whether the user owns an app: this game, and what `steam.owned_apps` of settings.ini lists."
    ) { call throws(ScriptError) in
      call.push(try call.binding.network.steamSettings.owns(call.integer(1)))
    }
  }

  private static var isInstalled: Entry {
    Entry(
      "is_installed", [app], returns: ["boolean"],
      summary: "Whether an app is installed: this game, and what `steam.installed_apps` of settings.ini lists."
    ) { call throws(ScriptError) in
      call.push(try call.binding.network.steamSettings.hasInstalled(call.integer(1)))
    }
  }

  private static var installEvent: Entry {
    Entry(
      "install_event", returns: ["integer?"],
      summary: "The app that was installed since the last call: always nil, for here nothing is installed meanwhile."
    ) { call throws(ScriptError) in
      call.pushNil()
    }
  }

  private static var openURL: Entry {
    Entry("open_url", [Parameter("url", .string)], summary: "Writes a web address to the log; no page is opened.") {
      call throws(ScriptError) in
      let url = quoted(call.stringBytes(1))
      try call.binding.host.log(.messages, "Steam would open the page \(url)")
    }
  }
}
