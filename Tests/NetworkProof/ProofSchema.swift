import NetRuntime

/// The network config of one seed: fixed messages that the players need, and messages and objects of random fields.
enum ProofSchema {
  private static let types: [(name: String, text: String)] = [
    ("flag", #"type = "bool""#),
    ("tiny", #"type = "int" bits = 3"#),
    ("level", #"type = "int" min = -7 max = 1200"#),
    ("wide", #"type = "int""#),
    ("percent", #"type = "float" min = 0 max = 1 bits = 7"#),
    ("offset", #"type = "float" min = 2 max = 9 tolerance = 0.01"#),
    ("exact", #"type = "float""#),
    ("place", #"type = "vector3" min = -500 max = 500 bits = 18"#),
    ("vector", #"type = "vector3""#),
    ("facing", #"type = "quaternion" bits = 20"#),
    ("turn", #"type = "quaternion""#),
    ("label", #"type = "string" max_size = 20"#),
    ("text", #"type = "string" max_size = 900"#),
    ("short_id", #"type = "id_string32""#),
    ("long_id", #"type = "id_string64""#),
    ("resource", #"type = "resource_id""#),
    ("number", #"type = "uint64""#),
    ("levels", #"type = "array" element = "level" max_size = 12"#),
    ("labels", #"type = "array" element = "label" max_size = 5"#),
    ("places", #"type = "array" element = "place" max_size = 6"#),
    ("flags", #"type = "array" element = "flag" max_size = 40"#),
  ]

  /// Fixed messages; every message begins with the sender's number and the message's place in the sender's sequence.
  private static let fixed = [
    #"ask_to_join = { args = ["number" "order" "number"] }"#,
    #"touch = { args = ["number" "order" "wide" "number" "flag"] session_bound = true }"#,
  ]

  static let maximumOrder = 16_777_215

  static func make(seed: UInt64) -> String {
    var dice = Dice(seed ^ 0x5C_4E3A)
    var text = #"network_type = "\#(dice.chance(0.5) ? "peer-to-peer" : "client-server")""# + "\ntypes = {\n"
    text += "  order = { type = \"int\" min = 0 max = \(maximumOrder) }\n"
    for type in types { text += "  \(type.name) = { \(type.text) }\n" }
    text += "}\nmessages = {\n" + fixed.map { "  \($0)\n" }.joined()
    for bound in [true, false] {
      for index in 0..<3 {
        let isReliable = index < 2
        text += "  \(bound ? "bound" : "free")\(index) = { args = [\"number\" \"order\""
        for _ in 0..<dice.below(6) { text += " \"\(types[dice.below(types.count)].name)\"" }
        text += "] session_bound = \(bound) reliable = \(isReliable) }\n"
      }
    }
    text += "}\nobjects = {\n" + object("rich", types.map(\.name), &dice)
    for index in 0..<4 {
      let fields = (0...dice.below(8)).map { _ in types[dice.below(types.count)].name }
      text += object("thing\(index)", fields, &dice)
    }
    return text + "}\n"
  }

  /// Field 0 names the object's place in the proof's own records.
  private static func object(_ name: String, _ fields: [String], _ dice: inout Dice) -> String {
    var text = "  \(name) = { fields = [{ name = \"uid\" type = \"number\" }"
    for (index, type) in fields.enumerated() { text += " { name = \"f\(index)\" type = \"\(type)\" }" }
    text += "] priority = \([0.5, 1, 4][dice.below(3)])"
    return text + " update_rate = \([0, 0, 0.1][dice.below(3)]) }\n"
  }
}
