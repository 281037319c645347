import CLua
import NetRuntime

extension NetworkBinding {
  /// Starts to hand out events.
  /// - Throws: Inside a callback.
  func beginDispatch() throws(ScriptError) {
    guard dispatches == 0 else { throw ScriptError(NetworkError.insideCallback.description) }
    dispatches = 1
  }

  func endDispatch() {
    dispatches = 0
  }

  /// Stages the next event; false when there is none.
  @inline(__always)
  func stageNextEvent(_ call: Call) -> Bool {
    guard let event = network.nextEvent() else { return false }
    stage(event, call)
    return true
  }

  func stage(_ event: NetworkEvent, _ call: Call) {
    switch event {
    case .message(let index, let sender, let arguments): stageMessage(index, sender, arguments, call)
    case .objectCreated(let id, let creator): stage(events.objectCreated, id, creator, call)
    case .objectDestroyed(let id, let destroyer): stage(events.objectDestroyed, id, destroyer, call)
    case .objectMigratedToMe(let id, let oldOwner): stage(events.objectMigratedToMe, id, oldOwner, call)
    case .objectMigratedAway(let id, let newOwner): stage(events.objectMigratedAway, id, newOwner, call)
    case .objectSyncDone(let peer):
      call.event(events.objectSyncDone)
      call.push(peer)
    case .sessionDisconnect(let host):
      call.event(events.sessionDisconnect)
      call.push(host)
    }
  }

  private func stage(_ name: Name, _ id: UInt32, _ peer: PeerID, _ call: Call) {
    call.event(name)
    call.push(id)
    call.push(peer)
  }

  private func stageMessage(_ index: Int, _ sender: PeerID, _ arguments: BitReader, _ call: Call) {
    guard index >= 0, index < messages.count else { return }
    call.event(messages[index].name)
    call.push(sender)
    var reader = arguments
    let codecs = messages[index].codecs
    var place = 0
    while place < codecs.count {
      call.pushValue(from: &reader, codecs[place])
      place &+= 1
    }
  }

  /// Lays the names and codecs of a schema's messages out, so that an event counts no references for them.
  func layOutMessages(of schema: SchemaNames) {
    messages.deallocate()
    messages = .allocate(capacity: schema.messages.count)
    for (index, name) in schema.messages.enumerated() {
      messages.initializeElement(at: index, to: (name, schema.config.codecs(ofMessage: index)))
    }
  }
}
