// swift-tools-version: 6.1
import PackageDescription

// STINGRAY_LUA chooses the Lua that scripts run on: "luajit" (the default) or "lua5.1" (PUC Lua 5.1).
let lua = Context.environment["STINGRAY_LUA"] ?? "luajit"
let luaPackage =
  lua == "lua5.1" ? (name: "lua5.1", debian: "liblua5.1-0-dev") : (name: "luajit", debian: "libluajit-5.1-dev")

let package = Package(
  name: "stingray-lua",
  products: [
    .executable(name: "stingray-lua", targets: ["stingray-lua"]),
    .library(name: "NetRuntime", targets: ["NetRuntime"]),
    .library(name: "LuaBindings", targets: ["LuaBindings"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.7.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    .systemLibrary(name: "CLuaHeaders", pkgConfig: luaPackage.name, providers: [.apt([luaPackage.debian])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .target(name: "CLua", dependencies: ["CLuaHeaders"]),
    .target(name: "NetRuntime", dependencies: ["CSodium"]),
    .target(name: "LuaBindings", dependencies: ["CLua", "NetRuntime"]),
    .target(
      name: "OnlineHomes",
      dependencies: [
        "CSodium", "NetRuntime",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
      ]),
    .executableTarget(
      name: "stingray-lua",
      dependencies: [
        "CLua", "LuaBindings", "NetRuntime", "OnlineHomes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      // Foundation's 140,000 relocations, packed: 3 MB less to touch at each start.
      linkerSettings: [.unsafeFlags(["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"])]),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .executableTarget(name: "network-proof", dependencies: ["NetRuntime"], path: "Tests/NetworkProof"),
    .executableTarget(name: "path-peer", dependencies: ["NetRuntime"], path: "Tests/PathPeer"),
    .executableTarget(
      name: "allocation-count", dependencies: ["CAllocationCounter", "NetRuntime"], path: "Tests/AllocationCount"),
    .testTarget(name: "NetRuntimeTests", dependencies: ["NetRuntime", "CAllocationCounter"]),
    .testTarget(name: "LuaBindingsTests", dependencies: ["CLua", "LuaBindings", "NetRuntime"]),
    .executableTarget(
      name: "directory-player", dependencies: ["OnlineHomes", "NetRuntime"], path: "Tests/DirectoryPlayer"),
    .testTarget(
      name: "OnlineHomesTests",
      dependencies: [
        "OnlineHomes", "NetRuntime", "directory-player", "stingray-lua",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    .testTarget(
      name: "ProgramTests",
      dependencies: ["stingray-lua", "LuaBindings", "NetRuntime", .product(name: "Logging", package: "swift-log")]),
  ],
  swiftLanguageModes: [.v6]
)
