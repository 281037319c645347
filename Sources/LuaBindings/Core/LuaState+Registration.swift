import CLua

extension LuaState {
  /// Puts namespaces into the table `stingray`, and into the globals too where `globals` is set; a namespace that is
  /// there already grows.
  /// - Throws: When memory is short.
  public func register(_ namespaces: [Namespace], globals: Bool = true) throws(ScriptError) {
    for namespace in namespaces { try register(namespace, globals: globals) }
  }

  private func register(_ namespace: Namespace, globals: Bool) throws(ScriptError) {
    let functions = namespace.entries.map { bind($0, namespace.name) }
    let metamethods = namespace.metamethods.map { bind($0, namespace.name) }
    let constructor = namespace.constructor.map { bind($0, namespace.name, isConstructor: true) }
    try run { program in
      program.pushGlobals()
      program.pushField("stingray", creating: true)
      program.pushField(namespace.name, creating: true)
      for function in functions { program.setFunction(function.entry.name, function) }
      for constant in namespace.constants { program.setField(constant.name, constant.value) }
      if let constructor {
        program.pushTable(fields: 1)
        program.setFunction("__call", constructor)
        clua_stage_op(program.runtime, CLUA_OP_SET_METATABLE, 0, 0, 0)
      }
      if globals {
        program.copy(3)
        program.push(namespace.name)
        program.copy(3)
        program.setField()
        program.pop()
      }
      if let kind = namespace.kind {
        program.pushTable(fields: metamethods.count + 2)
        program.push("__index")
        program.copy(3)
        program.setField()
        for metamethod in metamethods {
          if metamethod.entry.name == "__index" {
            metamethod.native.pointee.components = Int32(kind.components)
            metamethod.native.pointee.kind = UInt32(kind.rawValue)
            program.setIndexer(metamethod)
          } else {
            program.setFunction(metamethod.entry.name, metamethod)
          }
        }
        clua_stage_op(program.runtime, CLUA_OP_SET_TYPE, kind.rawValue, UInt32(kind.payloadSize), 0)
      }
    }
  }

  func bind(_ entry: Entry, _ namespace: String, isConstructor: Bool = false) -> BoundEntry {
    let function = BoundEntry(entry, in: namespace, lua: self, isConstructor: isConstructor)
    bound.append(function)
    return function
  }
}

extension Staging {
  /// Sets `__index` of the metatable on top to a function that reads elements, or else fields of the namespace below
  /// the metatable.
  func setIndexer(_ function: BoundEntry) {
    push("__index")
    copy(3)
    clua_stage_op(runtime, CLUA_OP_INDEXER, 0, 0, UInt64(UInt(bitPattern: function.native)))
    setField()
  }

  /// table[name] = a function that calls the entry.
  func setFunction(_ name: String, _ function: BoundEntry) {
    push(name)
    clua_stage_function(runtime, function.native)
    setField()
  }
}
