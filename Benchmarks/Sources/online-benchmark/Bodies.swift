/// What players send.
enum Bodies {
  static let regions = ["us-west", "us-east", "eu-west", "eu-central", "asia-east"]
  static let maps = ["harbour", "castle", "mine", "forest"]

  static func id(_ player: Int) -> String { String(0x1000_0000 + player, radix: 16) }
  private static func entryID(_ entry: Int) -> String { String(0xabc_0000_0000 + entry, radix: 16) }

  static func signIn(_ player: Int) -> String {
    """
    {"identity":{"id":"\(id(player))","kind":"player","name":"player \(player)",\
    "region":"\(regions[player % regions.count])","relations":{}},"attempt":"00000000000000000000000000000001"}
    """
  }

  private static func request(_ text: String) -> String { "{\"requests\":[{\"number\":1,\"request\":\(text)}]}" }

  /// A lobby as games make them: ten keys of data.
  static func create(_ player: Int) -> String {
    var data = "\"map\":\"\(maps[player % maps.count])\",\"difficulty\":\"\(player % 5)\",\"level\":\"\(player % 60)\""
    for key in 0..<7 { data += ",\"setting_\(key)\":\"value \(key) of lobby \(player)\"" }
    return request(
      """
      {"create":{"peer":"\(id(player))","memberData":{"class":"wizard"},"entry":{"id":"\(entryID(player))",\
      "kind":"steamLobby","title":"steam:480","name":"","host":"\(id(player))","visibility":"everyone",\
      "isClosed":false,"maximum":16,"members":[],"reservations":[],"invited":[],"kicked":[],"data":{\(data)},\
      "keywords":[],"hasPassword":false,"region":"local","revision":0}}}
      """)
  }

  static func join(_ player: Int, entry: Int) -> String {
    request(
      "{\"join\":{\"_0\":\"\(entryID(entry))\",\"peer\":\"\(id(player))\",\"memberData\":{\"class\":\"knight\"}}}")
  }

  static func leave(_ entry: Int) -> String { request("{\"leave\":{\"_0\":\"\(entryID(entry))\"}}") }

  /// A list as browsers ask for it: a text, a number, free places, nearness.
  static func list(_ player: Int) -> String {
    request(
      """
      {"list":{"_0":{"kind":"steamLobby","title":"steam:480","filters":[\
      {"text":{"key":"map","_1":"equal","_2":"\(maps[player % maps.count])"}},\
      {"number":{"key":"difficulty","_1":"lessOrEqual","_2":3}},{"places":{"_0":2}},{"distance":{"_0":"world"}}],\
      "near":[{"key":"level","value":\(player % 60)}],"limit":50}}}
      """)
  }
}
