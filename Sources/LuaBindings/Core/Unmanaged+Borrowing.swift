extension Unmanaged {
  /// Runs something with the object without counting a reference; another one must keep it alive meanwhile.
  @inline(__always)
  func borrow<Value, Failure: Error>(_ body: (Instance) throws(Failure) -> Value) throws(Failure) -> Value {
    // The library's function does not know which errors may come.
    let result: Result<Value, Failure> = _withUnsafeGuaranteedRef { object in
      do throws(Failure) {
        return .success(try body(object))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
