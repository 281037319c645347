/// Lua cuts the front of long paths off; this puts it back, so that positions can be clicked on.
enum Traceback {
  /// Replaces each "...end/of/path.lua:12:" by the file's path, where one of the folders has such a file.
  static func withFullPaths(_ text: String, folders: [String]) -> String {
    guard text.contains("...") else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      let start = line.firstIndex { $0 != "\t" && $0 != " " } ?? line.startIndex
      guard line[start...].hasPrefix("..."), let colon = line[start...].firstIndex(of: ":") else { return String(line) }
      let ending = line[line.index(start, offsetBy: 3)..<colon]
      guard let path = path(ending: ending, folders) else { return String(line) }
      return line[..<start] + path + line[colon...]
    }.joined(separator: "\n")
  }

  private static func path(ending: Substring, _ folders: [String]) -> String? {
    for folder in folders {
      if Files.isFile(folder + ending) { return folder + ending }
      for slash in ending.indices where ending[slash] == "/" {
        guard folder.hasSuffix(ending[..<slash]) else { continue }
        let path = folder + ending[slash...]
        if Files.isFile(path) { return path }
      }
    }
    return nil
  }
}
