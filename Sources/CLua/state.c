// Opening and closing states, and the calls into Lua that Swift makes by itself.
#include <stdio.h>
#include <stdlib.h>

#include "internal.h"

static int keep_closure(clua_runtime *runtime, lua_State *state, lua_CFunction function) {
  lua_pushlightuserdata(state, runtime);
  lua_pushcclosure(state, function, 1);
  return luaL_ref(state, LUA_REGISTRYINDEX);
}

static int keep(lua_State *state) {
  clua_runtime *runtime = clua_upvalue(state);
  runtime->kept = luaL_ref(state, LUA_REGISTRYINDEX);
  return 0;
}

static int prepare(lua_State *state) {
  clua_runtime *runtime = (clua_runtime *)lua_touserdata(state, 1);
  runtime->executor = keep_closure(runtime, state, clua_executor);
  runtime->loop = keep_closure(runtime, state, clua_dispatch_loop);
  runtime->handler = keep_closure(runtime, state, clua_message_handler);
  runtime->keeper = keep_closure(runtime, state, keep);
  lua_getfield(state, LUA_GLOBALSINDEX, "debug");
  if (lua_istable(state, -1)) {
    lua_getfield(state, -1, "traceback");
    runtime->traceback = luaL_ref(state, LUA_REGISTRYINDEX);
  }
  // Weak, so that a handle which no script holds any more can go; the objects behind handles live in Swift.
  lua_newtable(state);
  lua_newtable(state);
  lua_pushliteral(state, "v");
  lua_setfield(state, -2, "__mode");
  lua_setmetatable(state, -2);
  runtime->handles = luaL_ref(state, LUA_REGISTRYINDEX);
  return 0;
}

static void release(clua_runtime *runtime) {
  free(runtime->ops);
  free(runtime->bytes);
  free(runtime->names);
  free(runtime);
}

clua_runtime *clua_attach(lua_State *state) {
  clua_runtime *runtime = calloc(1, sizeof(clua_runtime));
  if (runtime == NULL) return NULL;
  runtime->active = state;
  runtime->op_capacity = 64;
  runtime->ops = malloc(runtime->op_capacity * sizeof(clua_op));
  runtime->byte_capacity = 1024;
  runtime->bytes = malloc(runtime->byte_capacity);
  runtime->name_capacity = 64;
  runtime->names = malloc(runtime->name_capacity * sizeof(clua_name));
  runtime->traceback = LUA_NOREF;
  runtime->cdata_test = LUA_NOREF;
  bool allocated = runtime->ops != NULL && runtime->bytes != NULL && runtime->names != NULL;
  if (!allocated || lua_cpcall(state, prepare, runtime) != 0) {
    release(runtime);
    return NULL;
  }
  return runtime;
}

static int open_libraries(lua_State *state) {
  luaL_openlibs(state);
  return 0;
}

lua_State *clua_open(clua_runtime **runtime) {
  lua_State *state = luaL_newstate();
  if (state == NULL) return NULL;
  if (lua_cpcall(state, open_libraries, NULL) == 0) {
    *runtime = clua_attach(state);
    if (*runtime != NULL) return state;
  }
  lua_close(state);
  return NULL;
}

void clua_close(lua_State *state, clua_runtime *runtime) {
  lua_close(state);
  release(runtime);
}

int clua_run(clua_runtime *runtime, lua_State *state) {
  lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->handler);
  int handler = lua_gettop(state);
  lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->executor);
  uint32_t op_count = runtime->op_base, byte_count = runtime->byte_base;
  int status = lua_pcall(state, 0, LUA_MULTRET, handler);
  lua_remove(state, handler);
  runtime->op_count = op_count;
  runtime->byte_count = byte_count;
  runtime->can_raise = false;
  runtime->overflowed = false;
  return status;
}

int clua_keep(clua_runtime *runtime, lua_State *state) {
  lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->keeper);
  lua_insert(state, -2);
  if (lua_pcall(state, 1, 0, 0) == 0) return runtime->kept;
  lua_pop(state, 1);
  return -1;
}

int clua_load(lua_State *state, const void *source, size_t count, const char *name) {
  const char *bytes = source != NULL ? source : "";
  if (count >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
    bytes += 3;
    count -= 3;
  }
  return luaL_loadbuffer(state, bytes, count, name);
}

int clua_call(clua_runtime *runtime, lua_State *state, int arguments, int results) {
  int handler = lua_gettop(state) - arguments;
  lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->handler);
  lua_insert(state, handler);
  int status = lua_pcall(state, arguments, results, handler);
  lua_remove(state, handler);
  return status;
}

static int make_cdata_test(lua_State *state) {
  static const char source[] =
    "local ffi = package.loaded.ffi or require('ffi')\n"
    "local istype, unsigned, signed = ffi.istype, ffi.typeof('uint64_t'), ffi.typeof('int64_t')\n"
    "return function(value) return istype(unsigned, value) or istype(signed, value) end\n";
  clua_runtime *runtime = (clua_runtime *)lua_touserdata(state, 1);
  if (luaL_loadstring(state, source) != 0) lua_error(state);
  lua_call(state, 0, 1);
  runtime->cdata_test = luaL_ref(state, LUA_REGISTRYINDEX);
  return 0;
}

bool clua_read_uint64(clua_runtime *runtime, lua_State *state, int index, uint64_t *value) {
  if (lua_type(state, index) != CLUA_TCDATA) return false;
  if (index < 0) index = lua_gettop(state) + 1 + index;
  if (runtime->cdata_test == LUA_NOREF && lua_cpcall(state, make_cdata_test, runtime) != 0) {
    lua_pop(state, 1);
    return false;
  }
  lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->cdata_test);
  lua_pushvalue(state, index);
  bool found = lua_pcall(state, 1, 1, 0) == 0 && lua_toboolean(state, -1) == 1;
  lua_pop(state, 1);
  // Foreign data of these types is its eight bytes, and lua_topointer gives their address.
  if (found) memcpy(value, lua_topointer(state, index), sizeof *value);
  return found;
}

int clua_format_number(double number, char *buffer) { return snprintf(buffer, 32, LUA_NUMBER_FMT, number); }

static volatile clua_interruption interruption;

static void raise_interruption(lua_State *state, lua_Debug *event) {
  (void)event;
  lua_sethook(state, NULL, 0, 0);
  // A hook is no function of its own: what it interrupts is level 0.
  luaL_where(state, 0);
  lua_pushstring(state, interruption == CLUA_OUT_OF_TIME ? "the test ran out of time" : "interrupted by a signal");
  lua_concat(state, 2);
  lua_error(state);
}

void clua_interrupt(lua_State *state, clua_interruption reason) {
  interruption = reason;
  lua_sethook(state, raise_interruption, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

static void *allocate(void *context, void *block, size_t old_size, size_t new_size) {
  clua_allocation_hook *hook = context;
  if (new_size > old_size) {
    hook->count++;
    bool is_reached = hook->failing != 0 && hook->count >= hook->failing;
    if (is_reached && (hook->keeps_failing || hook->count == hook->failing)) {
      hook->failures++;
      return NULL;
    }
  }
  return hook->original(hook->original_context, block, old_size, new_size);
}

void clua_hook_allocations(lua_State *state, clua_allocation_hook *hook) {
  hook->original = lua_getallocf(state, &hook->original_context);
  lua_setallocf(state, allocate, hook);
}

void clua_unhook_allocations(lua_State *state, clua_allocation_hook *hook) {
  lua_setallocf(state, hook->original, hook->original_context);
}
