// Written by scripts/generate-inventory; do not edit.

extension Inventory {
  static let math: [InventoryNamespace] = [
    InventoryNamespace(
      "IdString32", tier: .math,
      constructors: (
        .math,
        """
        IdString32(s: string) -> IdString32
        """
      ),
      functions: [
        (
          .math,
          """
          equal(a: IdString32, b: IdString32) -> boolean
          from_hex(s: string) -> IdString32
          to_hex(id: IdString32) -> string
          to_string(id: IdString32) -> string
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "IdString32Box", tier: .math,
      constructors: (
        .math,
        """
        IdString32Box(s: string) -> IdString32
        """
      ),
      functions: [
        (
          .math,
          """
          store(self: IdString32Box, s: string)
          unbox(self: IdString32Box) -> IdString32
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "IdString64", tier: .math,
      constructors: (
        .math,
        """
        IdString64(s: string) -> IdString64
        """
      ),
      functions: [
        (
          .math,
          """
          equal(a: IdString64, b: IdString64) -> boolean
          from_hex(s: string) -> IdString64
          to_hex(id: IdString64) -> string
          to_string(id: IdString64) -> string
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "IdString64Box", tier: .math,
      constructors: (
        .math,
        """
        IdString64Box(s: string) -> IdString64
        """
      ),
      functions: [
        (
          .math,
          """
          store(self: IdString64Box, s: string)
          unbox(self: IdString64Box) -> IdString64
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "Matrix4x4", tier: .support,
      constructors: (
        .math,
        """
        Matrix4x4(xx: number, xy: number, xz: number, yx: number, yy: number, yz: number, zx: number, zy: number, \
        zz: number, tx: number, ty: number, tz: number) -> Matrix4x4
        """
      ),
      functions: [
        (
          .math,
          """
          axis(m: Matrix4x4, i: integer) -> Vector3
          copy(m: Matrix4x4) -> Matrix4x4
          element(m: Matrix4x4, i: integer, j: integer) -> number
          equal(m1: Matrix4x4, m2: Matrix4x4) -> boolean
          forward(m: Matrix4x4) -> Vector3
          from_axes(x: Vector3, y: Vector3, z: Vector3, t: Vector3) -> Matrix4x4
          from_elements(xx: number, xy: number, xz: number, yx: number, yy: number, yz: number, zx: number, zy: \
          number, zz: number, tx: number, ty: number, tz: number) -> Matrix4x4
          from_quaternion(q: Quaternion) -> Matrix4x4
          from_quaternion_position(q: Quaternion, t: Vector3) -> Matrix4x4
          from_translation(t: Vector3) -> Matrix4x4
          identity() -> Matrix4x4
          inverse(m: Matrix4x4) -> Matrix4x4
          is_valid(m: Matrix4x4) -> boolean
          is_valid_for_physics(m: Matrix4x4) -> boolean
          lerp(m1: Matrix4x4, m2: Matrix4x4, t: number) -> Matrix4x4
          multiply(m1: Matrix4x4, m2: Matrix4x4) -> Matrix4x4
          right(m: Matrix4x4) -> Vector3
          rotation(m: Matrix4x4) -> Quaternion
          scale(m: Matrix4x4) -> Vector3
          set_axis(m: Matrix4x4, i: integer, v: Vector3)
          set_element(m: Matrix4x4, i: integer, j: integer, value: number)
          set_forward(m: Matrix4x4, forward: Vector3)
          set_right(m: Matrix4x4, right: Vector3)
          set_rotation(m: Matrix4x4, r: Quaternion)
          set_scale(m: Matrix4x4, s: Vector3)
          set_translation(m: Matrix4x4, t: Vector3)
          set_up(m: Matrix4x4, up: Vector3)
          set_x(m: Matrix4x4, x: Vector3)
          set_y(m: Matrix4x4, y: Vector3)
          set_z(m: Matrix4x4, z: Vector3)
          to_elements(m: Matrix4x4) -> number, number, number, number, number, number, number, number, number, \
          number, number, number
          to_string(m: Matrix4x4) -> string
          transform(m: Matrix4x4, p: Vector3) -> Vector3
          transform_without_translation(m: Matrix4x4, v: Vector3) -> Vector3
          translation(m: Matrix4x4) -> Vector3
          up(m: Matrix4x4) -> Vector3
          x(m: Matrix4x4) -> Vector3
          y(m: Matrix4x4) -> Vector3
          z(m: Matrix4x4) -> Vector3
          zero() -> Matrix4x4
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "Matrix4x4Box", tier: .support,
      constructors: (
        .math,
        """
        Matrix4x4Box() -> Matrix4x4Box
        """
      ),
      functions: [],
      constants: []),
    InventoryNamespace(
      "Quaternion", tier: .math,
      constructors: (
        .math,
        """
        Quaternion(axis: Vector3, angle: number) -> Quaternion
        """
      ),
      functions: [
        (
          .math,
          """
          angle(quat: Quaternion) -> number
          axis_angle(axis: Vector3, angle: number) -> Quaternion
          conjugate(quat: Quaternion) -> Quaternion
          decompose(quat: Quaternion) -> Vector3, number
          dot(quat_a: Quaternion, quat_b: Quaternion) -> number
          equal(quat_a: Quaternion, quat_b: Quaternion) -> boolean
          forward(quat: Quaternion) -> Vector3
          from_elements(x: number, y: number, z: number, w: number) -> Quaternion
          from_euler_angles_xyz(x: number, y: number, z: number) -> Quaternion
          from_matrix4x4(matrix: Matrix4x4) -> Quaternion
          identity() -> Quaternion
          inverse(quat: Quaternion) -> Quaternion
          is_valid(quat: Quaternion) -> boolean
          lerp(quat_a: Quaternion, quat_b: Quaternion, t: number) -> Quaternion
          look(dir: Vector3, up: Vector3?) -> Quaternion
          matrix4x4(quat: Quaternion) -> Matrix4x4
          multiply(quat_a: Quaternion, quat_b: Quaternion) -> Quaternion
          norm(quat: Quaternion) -> number
          normalize(quat: Quaternion) -> Quaternion
          right(quat: Quaternion) -> Vector3
          rotate(quat: Quaternion, vector: Vector3) -> Vector3
          set_xyzw(quat: Quaternion, x: number, y: number, z: number, w: number) -> Quaternion
          to_elements(quat: Quaternion) -> number, number, number, number
          to_euler_angles_xyz(quat: Quaternion) -> number, number, number
          to_string(quat: Quaternion) -> string
          up(quat: Quaternion) -> Vector3
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "QuaternionBox", tier: .math,
      constructors: (
        .math,
        """
        QuaternionBox() -> QuaternionBox
        QuaternionBox(quat: Quaternion) -> QuaternionBox
        QuaternionBox(x: number, y: number, z: number, w: number) -> QuaternionBox
        """
      ),
      functions: [
        (
          .math,
          """
          store(self: QuaternionBox, quat: Quaternion)
          store(self: QuaternionBox, x: number, y: number, z: number, w: number)
          unbox(self: QuaternionBox) -> Quaternion
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "Vector3", tier: .math,
      constructors: (
        .math,
        """
        Vector3(x: number, y: number, z: number) -> Vector3
        """
      ),
      functions: [
        (
          .math,
          """
          add(vector_a: Vector3, vector_b: Vector3) -> Vector3
          backward() -> Vector3
          base(index: integer) -> Vector3
          cross(vector_a: Vector3, vector_b: Vector3) -> Vector3
          distance(vector_a: Vector3, vector_b: Vector3) -> number
          distance_squared(vector_a: Vector3, vector_b: Vector3) -> number
          divide(vector: Vector3, factor: number) -> Vector3
          divide_elements(vector_a: Vector3, vector_b: Vector3) -> Vector3
          dot(vector_a: Vector3, vector_b: Vector3) -> number
          down() -> Vector3
          element(vector: Vector3, index: integer) -> number
          equal(vector_a: Vector3, vector_b: Vector3) -> boolean
          forward() -> Vector3
          is_valid(vector: Vector3) -> boolean
          left() -> Vector3
          length(vector: Vector3) -> number
          lerp(vector_a: Vector3, vector_b: Vector3, ratio: number) -> Vector3
          make_axes(vector: Vector3) -> Vector3, Vector3
          max(vector_a: Vector3, vector_b: Vector3) -> Vector3
          min(vector_a: Vector3, vector_b: Vector3) -> Vector3
          multiply(vector: Vector3, factor: number) -> Vector3
          multiply_elements(vector_a: Vector3, vector_b: Vector3) -> Vector3
          normalize(vector: Vector3) -> Vector3
          right() -> Vector3
          set_element(vector: Vector3, index: integer, value: number)
          set_x(vector: Vector3, value: number)
          set_xyz(vector: Vector3, x: number, y: number, z: number)
          set_y(vector: Vector3, value: number)
          set_z(vector: Vector3, value: number)
          subtract(vector_a: Vector3, vector_b: Vector3) -> Vector3
          to_elements(vector: Vector3) -> number, number, number
          to_string(vector: Vector3) -> string
          up() -> Vector3
          x(vector: Vector3) -> number
          y(vector: Vector3) -> number
          z(vector: Vector3) -> number
          zero() -> Vector3
          """
        )
      ],
      constants: []),
    InventoryNamespace(
      "Vector3Box", tier: .math,
      constructors: (
        .math,
        """
        Vector3Box() -> Vector3Box
        Vector3Box(vector: Vector3) -> Vector3Box
        Vector3Box(x: number, y: number, z: number) -> Vector3Box
        """
      ),
      functions: [
        (
          .math,
          """
          store(self: Vector3Box, vector: Vector3)
          store(self: Vector3Box, x: number, y: number, z: number)
          unbox(self: Vector3Box) -> Vector3
          """
        )
      ],
      constants: []),
  ]
}
