// Written by scripts/generate-inventory; do not edit.

extension Inventory {
  static let support: [InventoryNamespace] = [
    InventoryNamespace(
      "Application", tier: .support,
      functions: [
        (
          .support,
          """
          argv() -> string*
          build_identifier() -> string
          console_command(command: string, parameters: string*)
          guid() -> string
          main_world() -> World
          make_hash(values: any+) -> string
          new_world(flags: integer*) -> World
          platform() -> string
          quit(exit_code: integer?)
          release_world(world: World)
          settings() -> table
          sleep(milliseconds: number)
          time_since_launch() -> number
          worlds() -> World[]
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "Script", tier: .support,
      functions: [
        (
          .support,
          """
          callstack() -> string
          index_offset() -> integer
          set_index_offset(offset: integer)
          type_name(obj: any) -> string
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "Unit", tier: .support,
      functions: [
        (
          .support,
          """
          alive(self: Unit) -> boolean
          get_data(self: Unit, indices: any(integer,string)+) -> any
          has_data(self: Unit, indices: any(integer,string)+) -> boolean
          local_pose(self: Unit, i: integer) -> Matrix4x4
          local_position(self: Unit, i: integer) -> Vector3
          local_rotation(self: Unit, i: integer) -> Quaternion
          local_scale(self: Unit, i: integer) -> Vector3
          name_hash(self: Unit) -> string
          set_data(self: Unit, indices: any(integer,string), indices: any(integer,string), indices: \
          any(integer,string), value: any)
          set_local_pose(self: Unit, i: integer, pose: Matrix4x4)
          set_local_position(self: Unit, i: integer, position: Vector3)
          set_local_rotation(self: Unit, i: integer, rotation: Quaternion)
          set_local_scale(self: Unit, i: integer, scale: Vector3)
          world_pose(self: Unit, i: integer) -> Matrix4x4
          world_position(self: Unit, i: integer) -> Vector3
          world_rotation(self: Unit, i: integer) -> Quaternion
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "World", tier: .support,
      functions: [
        (
          .support,
          """
          delta_time(self: World) -> number
          destroy_unit(self: World, unit: Unit)
          num_units(self: World) -> integer
          spawn_unit(self: World, unit_name: string, position: Vector3?, orientation: Quaternion?) -> Unit
          spawn_unit(self: World, unit_name: string, transform: Matrix4x4?) -> Unit
          time(self: World) -> number
          unit_by_name(self: World, name: string) -> Unit?
          units(self: World) -> Unit[]
          update(self: World, delta_time: number?)
          """
        )
      ],
      constants: []),
  ]
}
