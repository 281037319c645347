import NetRuntime

extension NetworkNamespace {
  static var updating: [Entry] { [update, updateReceive, updateTransmit] }

  private static let dt = Parameter("dt", .number)
  private static let callbacks = Parameter("callback_object", .callbacks)

  private static var update: Entry {
    Entry(
      "update", signatures: [[dt, callbacks]],
      summary: """
        Runs the network for one frame: receives, calls back what happened, and transmits. To be called in every \
        frame, from the first on; `dt` is the time since the last call in seconds.
        """,
      .dispatch(
        Entry.Dispatch(callbackObject: 2, begin: begin, next: next) { call throws(ScriptError) in
          let binding = try call.binding
          binding.endDispatch()
          binding.network.transmit()
        }))
  }

  private static var updateReceive: Entry {
    Entry(
      "update_receive", signatures: [[dt, callbacks]],
      summary: "The first half of `update`: receives, and calls back what happened.",
      .dispatch(
        Entry.Dispatch(callbackObject: 2, begin: begin, next: next) { call throws(ScriptError) in
          try call.binding.endDispatch()
        }))
  }

  private static var updateTransmit: Entry {
    Entry("update_transmit", summary: "The second half of `update`: sends what the frame has produced.") {
      call throws(ScriptError) in
      let binding = try call.binding
      guard binding.dispatches == 0 else { throw ScriptError(NetworkError.insideCallback.description) }
      binding.network.transmit()
    }
  }

  private static func begin(_ call: Call) throws(ScriptError) {
    let binding = try call.binding
    try binding.beginDispatch()
    binding.network.receive(dt: call.number(1))
  }

  private static func next(_ call: Call) throws(ScriptError) -> Bool {
    try call.binding.stageNextEvent(call)
  }
}
