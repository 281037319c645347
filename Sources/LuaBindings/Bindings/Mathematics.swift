extension API {
  /// The value types and their boxes.
  static var mathematics: [Namespace] {
    [Vector3Namespace.namespace, QuaternionNamespace.namespace, Matrix4x4Namespace.namespace] + IdStringNamespaces.all
      + BoxNamespaces.all
  }
}
