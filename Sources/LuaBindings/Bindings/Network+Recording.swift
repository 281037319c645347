import NetRuntime

extension NetworkNamespace {
  static var recording: [Entry] { [createReplay, shutdownReplay, writeTag] }

  private static var createReplay: Entry {
    Entry(
      "create_replay_session", [Parameter("dump_file", .string)], returns: ["GameSession"],
      summary: """
        Replays a game session from a network dump: `Network.update` plays what was recorded, at its pace, and calls \
        back for all changes, those of the recorded peer too. Nothing that the script does is sent.
        """
    ) { call throws(ScriptError) in
      let binding = try call.binding
      let replay = try call.network { network throws(NetworkError) in try network.startReplay(call.string(1)) }
      do throws(ScriptError) {
        try binding.adopt(replay.config)
      } catch {
        try? binding.network.stopReplay()
        throw error
      }
      binding.isRunning = true
      binding.pointMessages(to: binding.schema)
      let handle = binding.handles.make(.gameSession)
      binding.hold(replay.session, as: handle)
      // The script's objects stay the same.
      replay.sessionChanged = { [unowned binding] session in
        let synchronizer = binding.handles.synchronizer
        binding.hold(session, as: handle)
        binding.handles.synchronizer = synchronizer
      }
      call.push(handle: handle)
    }
  }

  private static var shutdownReplay: Entry {
    Entry("shutdown_replay_session", summary: "Ends a replay; its session cannot be used any more.") {
      call throws(ScriptError) in
      let binding = try call.binding
      guard binding.dispatches == 0 else { throw ScriptError(NetworkError.insideCallback.description) }
      try call.network { network throws(NetworkError) in try network.stopReplay() }
      binding.hold(nil, as: nil)
      if binding.handles.client != nil, let config = binding.network.config {
        try binding.adopt(config)
        binding.pointMessages(to: binding.schema)
      } else {
        binding.isRunning = false
        binding.pointMessages(to: nil)
      }
    }
  }

  private static var writeTag: Entry {
    Entry(
      "write_dump_tag", [Parameter("details", .string)],
      summary:
        "Writes a mark into the network dump that is recorded, with a text for it; without a dump it does nothing."
    ) { call throws(ScriptError) in
      try call.binding.network.writeDumpTag(call.string(1))
    }
  }
}
