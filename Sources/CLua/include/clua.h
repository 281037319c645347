// What Swift needs of Lua beyond Lua's own header.
//
// Lua raises errors by jumping over frames, and must not jump over Swift's. So a function that scripts call is a C closure (the
// trampoline) that calls Swift, and Swift only reads: it uses no Lua function that can raise or allocate. What Swift wants done to the
// Lua stack it stages as operations, the push program, which C runs once Swift has returned.
#pragma once

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct clua_runtime clua_runtime;
typedef struct clua_entry clua_entry;

enum clua_limit {
  /// Userdata types that one runtime can have.
  CLUA_USERDATA_TYPES = 64,
  /// Staged bytes at most: four times what the longest message of the network can hold.
  CLUA_STAGED_BYTES = 64 << 20,
  CLUA_STAGED_OPS = 16 << 20,
  /// Values that a function may stage without asking Lua for a larger stack.
  CLUA_UNCHECKED_STACK = 12,
  /// Bytes of the largest value that a function gives without a protected call: a matrix.
  CLUA_SMALL_VALUE = 64,
  /// The type of LuaJIT's foreign data, which lua.h does not name.
  CLUA_TCDATA = 10,
};

/// What one staged operation does.
typedef enum : uint8_t {
  CLUA_OP_NIL,
  CLUA_OP_BOOLEAN,
  CLUA_OP_NUMBER,
  CLUA_OP_STRING,
  /// Pushes a value that the registry holds.
  CLUA_OP_REFERENCE,
  CLUA_OP_TABLE,
  /// table[length] = top; pops it.
  CLUA_OP_SET_INDEX,
  /// table[below top] = top; pops both. Raw.
  CLUA_OP_SET,
  CLUA_OP_USERDATA,
  /// A userdata that exists once: looked up by its kind and number, made when it is new; `word` goes into it, too.
  CLUA_OP_HANDLE,
  /// A function that calls an entry.
  CLUA_OP_FUNCTION,
  /// Pops a namespace's table; pushes a function that reads elements of a value, or functions of its namespace.
  CLUA_OP_INDEXER,
  /// Pops Lua text and, below it, the chunk's name; pushes the compiled function.
  CLUA_OP_LOAD,
  CLUA_OP_GLOBALS,
  /// Replaces a name on top by table[name], raw; makes an empty table there when it is nil and `tag` is set.
  CLUA_OP_GET,
  /// Pops a table and makes it the metatable of what is then on top.
  CLUA_OP_SET_METATABLE,
  /// Pops a table and makes it the metatable of a userdata type.
  CLUA_OP_SET_TYPE,
  /// Pops a string and keeps it: its address and its reference go to `runtime->names`.
  CLUA_OP_NAME,
  /// Pops a value and keeps it: its reference goes to `runtime->kept`.
  CLUA_OP_KEEP,
  /// Calls the function below `length` arguments; leaves `tag` results, all of them when `tag` is 255.
  CLUA_OP_CALL,
  CLUA_OP_POP,
  /// Pushes again what stands `length` below the top (1 is the top).
  CLUA_OP_COPY,
} clua_op_kind;

typedef struct {
  clua_op_kind kind;
  uint8_t tag;
  uint32_t length;
  union {
    double number;
    uint64_t word;
    clua_entry *entry;
  };
} clua_op;

/// A kept string. Lua keeps one copy of every string, so the address alone says whether two are equal.
typedef struct {
  const char *bytes;
  int32_t reference;
} clua_name;

/// One type of userdata: every payload starts with the type's number in 32 bits.
typedef struct {
  int32_t metatable;
  uint32_t size;
  const void *address;
} clua_userdata_type;

/// What Swift gives back: 0 done; 1 failed, the text is staged. `next` gives 2 when it has staged an event.
typedef int32_t (*clua_function)(lua_State *state, clua_entry *entry);

static const int32_t CLUA_DONE = 0;
static const int32_t CLUA_FAILED = 1;
static const int32_t CLUA_EVENT = 2;

/// One function that scripts call. Must stay where it is until the state is closed.
struct clua_entry {
  clua_runtime *runtime;
  void *context;
  /// How errors name the function.
  const char *name;
  clua_function call;
  /// For a function that calls back into the script: stages one event after another, then `finish` ends the call.
  clua_function next;
  clua_function finish;
  /// Where among the arguments, from 1, the callback object is.
  int32_t callback_object;
  /// For `__index` of a value type: how many floats its payload starts with, which scripts call x, y, z and w; else 0.
  int32_t components;
  /// The userdata type whose elements it reads.
  uint32_t kind;
  /// A constructor: the first argument is the namespace table, which Swift does not see.
  bool drops_first;
};

struct clua_runtime {
  /// The coroutine that runs: what Swift does to Lua inside an entry has to happen on its stack.
  lua_State *active;
  clua_op *ops;
  uint32_t op_count, op_capacity, op_base;
  uint32_t byte_count, byte_capacity, byte_base;
  uint8_t *bytes;
  /// An operation is staged that can raise.
  bool can_raise;
  /// The program grew over its limit.
  bool overflowed;
  /// An error ended the dispatch; `finish` may look.
  bool dispatch_failed;
  int32_t event_name;
  /// The event may lack a handler, and its handler's result matters. Set with each event; cleared when it is dispatched.
  bool event_is_question;
  /// What the handler of the last question gave: 1 true, 0 false, -1 nothing.
  int32_t event_answer;
  int32_t executor, loop, handler, keeper, traceback, handles, cdata_test;
  clua_name *names;
  uint32_t name_count, name_capacity;
  int32_t kept;
  clua_userdata_type types[CLUA_USERDATA_TYPES];
};

// MARK: State

/// Opens a state with the standard libraries and a runtime for it; NULL when memory is short.
lua_State *clua_open(clua_runtime **runtime);

/// Prepares a runtime for a state that exists; NULL when memory is short. The state is usable either way.
clua_runtime *clua_attach(lua_State *state);

/// Closes the state, then frees the runtime.
void clua_close(lua_State *state, clua_runtime *runtime);

// MARK: Protected calls, for Swift

/// Runs what is staged from `op_base` on and forgets it. 0: the results are on the stack. Otherwise one error value is.
int clua_run(clua_runtime *runtime, lua_State *state);

/// Compiles a chunk and pushes it, or an error value; a byte-order mark is skipped. Chunk names start with @ for files.
int clua_load(lua_State *state, const void *bytes, size_t count, const char *name);

/// Pops the value on top and keeps it in the registry; -1 when memory is short.
int clua_keep(clua_runtime *runtime, lua_State *state);

/// Calls the function below `arguments` values with a traceback added to error texts.
int clua_call(clua_runtime *runtime, lua_State *state, int arguments, int results);

/// Reads a LuaJIT uint64_t or int64_t; false for anything else.
bool clua_read_uint64(clua_runtime *runtime, lua_State *state, int index, uint64_t *value);

/// Writes a number as Lua's tostring does; returns the length, below 32.
int clua_format_number(double number, char *buffer);

/// Why a running script is interrupted.
typedef enum : int32_t {
  CLUA_INTERRUPTED_BY_SIGNAL,
  CLUA_OUT_OF_TIME,
} clua_interruption;

/// Raises an error in a running script at its next line or call; code that LuaJIT has compiled may not notice. May be called in a signal handler.
void clua_interrupt(lua_State *state, clua_interruption reason);

/// Makes a state's allocations fail, for tests.
typedef struct {
  lua_Alloc original;
  void *original_context;
  /// Allocations (not frees, not shrinking) since the hook was armed.
  uint64_t count;
  /// Which allocation fails, from 1; 0 for none.
  uint64_t failing;
  /// All later ones fail as well.
  bool keeps_failing;
  uint64_t failures;
} clua_allocation_hook;

void clua_hook_allocations(lua_State *state, clua_allocation_hook *hook);
void clua_unhook_allocations(lua_State *state, clua_allocation_hook *hook);

// MARK: Staging

bool clua_grow_ops(clua_runtime *runtime);
bool clua_grow_bytes(clua_runtime *runtime, uint32_t needed);

static inline clua_op *clua_stage(clua_runtime *runtime, clua_op_kind kind) {
  if (runtime->op_count == runtime->op_capacity && !clua_grow_ops(runtime)) return &runtime->ops[runtime->op_count - 1];
  clua_op *op = &runtime->ops[runtime->op_count++];
  op->kind = kind;
  op->tag = 0;
  op->length = 0;
  op->word = 0;
  return op;
}

/// Room for `count` bytes in the program; NULL when it is full.
static inline uint8_t *clua_stage_bytes(clua_runtime *runtime, uint32_t count) {
  if (runtime->byte_capacity - runtime->byte_count < count && !clua_grow_bytes(runtime, count)) return NULL;
  uint8_t *place = runtime->bytes + runtime->byte_count;
  runtime->byte_count += count;
  return place;
}

static inline void clua_stage_nil(clua_runtime *runtime) { clua_stage(runtime, CLUA_OP_NIL); }

static inline void clua_stage_boolean(clua_runtime *runtime, bool value) {
  clua_stage(runtime, CLUA_OP_BOOLEAN)->length = value;
}

static inline void clua_stage_number(clua_runtime *runtime, double value) {
  clua_stage(runtime, CLUA_OP_NUMBER)->number = value;
}

static inline void clua_stage_reference(clua_runtime *runtime, int32_t reference) {
  clua_stage(runtime, CLUA_OP_REFERENCE)->length = (uint32_t)reference;
}

/// Stages an operation whose bytes are copied: a string, or a userdata of the type `tag`.
static inline void clua_stage_copy(
  clua_runtime *runtime, clua_op_kind kind, uint8_t tag, const void *bytes, uint32_t count
) {
  uint32_t offset = runtime->byte_count;
  uint8_t *place = clua_stage_bytes(runtime, count);
  if (place == NULL) return;
  if (count > 0) memcpy(place, bytes, count);
  clua_op *op = clua_stage(runtime, kind);
  op->tag = tag;
  op->length = count;
  op->word = offset;
  runtime->can_raise = true;
}

static inline void clua_stage_op(clua_runtime *runtime, clua_op_kind kind, uint8_t tag, uint32_t length, uint64_t word) {
  clua_op *op = clua_stage(runtime, kind);
  op->tag = tag;
  op->length = length;
  op->word = word;
  runtime->can_raise = true;
}

/// Gives what Swift has left on top of the stack as the call's only result.
static inline void clua_stage_top(clua_runtime *runtime) { clua_stage(runtime, CLUA_OP_COPY)->length = 1; }

static inline void clua_stage_function(clua_runtime *runtime, clua_entry *entry) {
  clua_stage(runtime, CLUA_OP_FUNCTION)->entry = entry;
  runtime->can_raise = true;
}

/// Forgets what the present call has staged.
static inline void clua_unstage(clua_runtime *runtime) {
  runtime->op_count = runtime->op_base;
  runtime->byte_count = runtime->byte_base;
  runtime->can_raise = false;
  runtime->overflowed = false;
}

// MARK: Reading without raising

static inline void clua_pop(lua_State *state, int count) { lua_settop(state, -count - 1); }

static inline bool clua_is_string(lua_State *state, int index) { return lua_type(state, index) == LUA_TSTRING; }

/// The payload of a userdata of the given type, behind its type number; NULL for anything else. Needs one free stack slot.
static inline void *clua_payload(clua_runtime *runtime, lua_State *state, int index, uint32_t type) {
  uint8_t *payload = (uint8_t *)lua_touserdata(state, index);
  if (payload == NULL || type >= CLUA_USERDATA_TYPES || !lua_getmetatable(state, index)) return NULL;
  const void *metatable = lua_topointer(state, -1);
  lua_settop(state, -2);
  clua_userdata_type *known = &runtime->types[type];
  // A script can give the metatable to other userdata, by `debug`: the size and the tag tell them apart.
  if (metatable != known->address || known->size < sizeof(uint32_t) || lua_objlen(state, index) < known->size) return NULL;
  uint32_t tag;
  memcpy(&tag, payload, sizeof tag);
  return tag == type ? payload + sizeof(uint32_t) : NULL;
}

/// The type of one of our userdata; -1 for anything else.
static inline int32_t clua_userdata_kind(clua_runtime *runtime, lua_State *state, int index) {
  if (lua_type(state, index) != LUA_TUSERDATA || lua_objlen(state, index) < sizeof(uint32_t)) return -1;
  uint32_t tag;
  memcpy(&tag, lua_touserdata(state, index), sizeof tag);
  return clua_payload(runtime, state, index, tag) != NULL ? (int32_t)tag : -1;
}
