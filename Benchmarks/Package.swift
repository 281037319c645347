// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that the program never depends on what it is measured against.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "stingray-lua", path: "..")],
  targets: [
    .systemLibrary(name: "CENet", pkgConfig: "libenet", providers: [.apt(["libenet-dev"])]),
    .systemLibrary(name: "CEpoll"),
    .target(name: "CCounters"),
    .target(name: "BenchmarkSupport", dependencies: ["CCounters"]),
    .target(
      name: "LuaPeers",
      dependencies: [
        "CCounters",
        .product(name: "LuaBindings", package: "stingray-lua"),
        .product(name: "NetRuntime", package: "stingray-lua"),
      ]),
    .executableTarget(
      name: "core-benchmark",
      dependencies: [
        "BenchmarkSupport", "CENet",
        .product(name: "NetRuntime", package: "stingray-lua"),
      ]),
    .executableTarget(name: "startup-benchmark", dependencies: ["BenchmarkSupport", "CCounters"]),
    .executableTarget(name: "online-benchmark", dependencies: ["BenchmarkSupport", "CCounters", "CEpoll"]),
    .executableTarget(
      name: "lua-benchmark",
      dependencies: [
        "BenchmarkSupport", "LuaPeers",
        .product(name: "LuaBindings", package: "stingray-lua"),
      ]),
    .executableTarget(
      name: "workload-benchmark",
      dependencies: [
        "BenchmarkSupport", "LuaPeers",
        .product(name: "LuaBindings", package: "stingray-lua"),
        .product(name: "NetRuntime", package: "stingray-lua"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
