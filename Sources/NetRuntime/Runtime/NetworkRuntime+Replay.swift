extension NetworkRuntime {
  /// Starts to replay a recording: from now on `receive`, `nextEvent` and the session are those of the recorded peer,
  /// and nothing that the script does is sent. A client that runs goes on unseen.
  /// - Parameter path: A file that a `DumpRecorder` wrote.
  public func startReplay(_ path: String) throws(NetworkError) -> Replay {
    if replay != nil { throw .replaying }
    if session != nil { throw .sessionExists }
    do throws(DumpError) {
      return try startReplay(DumpReader(path: path))
    } catch {
      throw .dump(error)
    }
  }

  func startReplay(_ reader: DumpReader) throws(DumpError) -> Replay {
    let replay = try Replay(reader, log: environment.log) { [unowned self] body, config in openMessage(body, config) }
    self.replay = replay
    return replay
  }

  /// Marks this moment in the recording; without one it does nothing.
  public func writeDumpTag(_ text: String) { environment.recorder?.tag(text) }

  /// Ends the replay.
  public func stopReplay() throws(NetworkError) {
    guard let replay else { throw .notReplaying }
    replay.close()
    self.replay = nil
  }
}
