extension NetworkConfig {
  /// What `stingray-lua check` prints: the packed size of each message's arguments and of each object's fields in bits,
  /// by name.
  public func sizeReport() -> String {
    var rows: [(name: String, bits: String, notes: String)] = []
    for message in messages.sorted(by: { $0.name < $1.name }) {
      var notes = message.isReliable ? "reliable" : "unreliable"
      if message.isSessionBound { notes += ", session_bound" }
      rows.append(("message \(message.name)", Self.bits(message.arguments), notes))
    }
    for object in objects.sorted(by: { $0.name < $1.name }) {
      let count = object.fields.count
      rows.append(
        ("object \(object.name)", Self.bits(object.fields.map(\.type)), "\(count) field\(count == 1 ? "" : "s")"))
    }
    let nameWidth = rows.map(\.name.count).max() ?? 0
    let bitsWidth = rows.map(\.bits.count).max() ?? 0
    var text = ""
    for row in rows {
      text += row.name + String(repeating: " ", count: nameWidth - row.name.count + 2)
      text += String(repeating: " ", count: bitsWidth - row.bits.count) + row.bits + " bits  " + row.notes + "\n"
    }
    return text + "hash \(hashText)\n"
  }

  private static func bits(_ types: [FieldType]) -> String {
    let least = types.reduce(0) { $0 + $1.codec.minimumBits }
    let most = types.reduce(0) { $0 + $1.codec.maximumBits }
    return least == most ? "\(least)" : "\(least)..\(most)"
  }
}
