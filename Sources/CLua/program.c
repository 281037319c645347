// The push program: staged by Swift, run by C.
#include <stdlib.h>

#include "internal.h"

bool clua_grow_ops(clua_runtime *runtime) {
  uint32_t capacity = runtime->op_capacity * 2;
  clua_op *ops = capacity > CLUA_STAGED_OPS ? NULL : realloc(runtime->ops, capacity * sizeof(clua_op));
  if (ops == NULL) {
    runtime->overflowed = true;
    return false;
  }
  runtime->ops = ops;
  runtime->op_capacity = capacity;
  return true;
}

bool clua_grow_bytes(clua_runtime *runtime, uint32_t needed) {
  uint64_t capacity = runtime->byte_capacity;
  while (capacity - runtime->byte_count < needed) capacity *= 2;
  uint8_t *bytes = capacity > CLUA_STAGED_BYTES ? NULL : realloc(runtime->bytes, capacity);
  if (bytes == NULL) {
    runtime->overflowed = true;
    return false;
  }
  runtime->bytes = bytes;
  runtime->byte_capacity = (uint32_t)capacity;
  return true;
}

void clua_push_userdata(clua_runtime *runtime, lua_State *state, uint32_t tag, const void *bytes, size_t count) {
  uint8_t *payload = (uint8_t *)lua_newuserdata(state, count + sizeof tag);
  memcpy(payload, &tag, sizeof tag);
  memcpy(payload + sizeof tag, bytes, count);
  lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->types[tag].metatable);
  lua_setmetatable(state, -2);
}

static void push_userdata(clua_runtime *runtime, lua_State *state, clua_op op) {
  clua_userdata_type type = runtime->types[op.tag];
  uint8_t *payload = lua_newuserdata(state, op.length + sizeof(uint32_t));
  uint32_t tag = op.tag;
  memcpy(payload, &tag, sizeof tag);
  // The bytes may have moved: a finalizer that ran in the allocation may have staged more.
  memcpy(payload + sizeof tag, runtime->bytes + op.word, op.length);
  lua_rawgeti(state, LUA_REGISTRYINDEX, type.metatable);
  lua_setmetatable(state, -2);
}

static void push_handle(clua_runtime *runtime, lua_State *state, clua_op op) {
  lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->handles);
  // Each kind counts for itself.
  lua_pushnumber(state, (double)op.tag * 4294967296.0 + op.length);
  lua_pushvalue(state, -1);
  lua_rawget(state, -3);
  if (lua_isnil(state, -1)) {
    lua_pop(state, 1);
    uint32_t *payload = lua_newuserdata(state, 3 * sizeof(uint32_t));
    payload[0] = op.tag;
    payload[1] = op.length;
    payload[2] = (uint32_t)op.word;
    lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->types[op.tag].metatable);
    lua_setmetatable(state, -2);
    lua_pushvalue(state, -2);
    lua_pushvalue(state, -2);
    lua_rawset(state, -5);
  }
  lua_replace(state, -3);
  lua_pop(state, 1);
}

static void keep_name(clua_runtime *runtime, lua_State *state) {
  if (runtime->name_count == runtime->name_capacity) {
    uint32_t capacity = runtime->name_capacity * 2;
    clua_name *names = realloc(runtime->names, capacity * sizeof(clua_name));
    if (names == NULL) {
      lua_pushliteral(state, "not enough memory");
      lua_error(state);
      return;
    }
    runtime->names = names;
    runtime->name_capacity = capacity;
  }
  const char *bytes = lua_tostring(state, -1);
  int reference = luaL_ref(state, LUA_REGISTRYINDEX);
  runtime->names[runtime->name_count++] = (clua_name){bytes, reference};
}

static void set_type(clua_runtime *runtime, lua_State *state, clua_op op) {
  const void *address = lua_topointer(state, -1);
  int reference = luaL_ref(state, LUA_REGISTRYINDEX);
  runtime->types[op.tag] = (clua_userdata_type){reference, op.length + sizeof(uint32_t), address};
}

static void get_field(lua_State *state, clua_op op) {
  lua_pushvalue(state, -1);
  lua_rawget(state, -3);
  if (lua_isnil(state, -1) && op.tag) {
    lua_pop(state, 1);
    lua_newtable(state);
    lua_pushvalue(state, -2);
    lua_pushvalue(state, -2);
    lua_rawset(state, -5);
  }
  lua_remove(state, -2);
}

static void push_function(lua_State *state, clua_entry *entry) {
  lua_pushlightuserdata(state, entry);
  lua_pushcclosure(state, clua_trampoline(entry), 1);
}

static void push_indexer(lua_State *state, clua_entry *entry) {
  lua_pushlightuserdata(state, entry);
  lua_insert(state, -2);
  lua_pushcclosure(state, clua_trampoline(entry), 2);
}

static void load(lua_State *state) {
  size_t count;
  const char *source = lua_tolstring(state, -1, &count);
  if (clua_load(state, source, count, lua_tostring(state, -2)) != 0) lua_error(state);
  lua_replace(state, -3);
  lua_settop(state, -2);
}

static void run(clua_runtime *runtime, lua_State *state, clua_op op) {
  switch (op.kind) {
  case CLUA_OP_NIL: lua_pushnil(state); break;
  case CLUA_OP_BOOLEAN: lua_pushboolean(state, (int)op.length); break;
  case CLUA_OP_NUMBER: lua_pushnumber(state, op.number); break;
  case CLUA_OP_STRING: lua_pushlstring(state, (const char *)runtime->bytes + op.word, op.length); break;
  case CLUA_OP_REFERENCE: lua_rawgeti(state, LUA_REGISTRYINDEX, (int)op.length); break;
  case CLUA_OP_TABLE: lua_createtable(state, (int)op.length, (int)op.word); break;
  case CLUA_OP_SET_INDEX: lua_rawseti(state, -2, (int)op.length); break;
  case CLUA_OP_SET: lua_rawset(state, -3); break;
  case CLUA_OP_USERDATA: push_userdata(runtime, state, op); break;
  case CLUA_OP_HANDLE: push_handle(runtime, state, op); break;
  case CLUA_OP_FUNCTION: push_function(state, op.entry); break;
  case CLUA_OP_INDEXER: push_indexer(state, op.entry); break;
  case CLUA_OP_LOAD: load(state); break;
  case CLUA_OP_GLOBALS: lua_pushvalue(state, LUA_GLOBALSINDEX); break;
  case CLUA_OP_GET: get_field(state, op); break;
  case CLUA_OP_SET_METATABLE: lua_setmetatable(state, -2); break;
  case CLUA_OP_SET_TYPE: set_type(runtime, state, op); break;
  case CLUA_OP_NAME: keep_name(runtime, state); break;
  case CLUA_OP_KEEP: runtime->kept = luaL_ref(state, LUA_REGISTRYINDEX); break;
  case CLUA_OP_CALL: lua_call(state, (int)op.length, op.tag == 255 ? LUA_MULTRET : op.tag); break;
  case CLUA_OP_POP: lua_settop(state, -(int)op.length - 1); break;
  case CLUA_OP_COPY: lua_pushvalue(state, -(int)op.length); break;
  }
}

void clua_execute(clua_runtime *runtime, lua_State *state) {
  if (runtime->overflowed) {
    lua_pushliteral(state, "not enough memory");
    lua_error(state);
  }
  uint32_t end = runtime->op_count;
  int room = 0;
  for (uint32_t at = runtime->op_base; at < end; at++) {
    if (room == 0) {
      room = CLUA_UNCHECKED_STACK;
      if (at != runtime->op_base) luaL_checkstack(state, 2 * CLUA_UNCHECKED_STACK, "too many values");
    }
    room--;
    run(runtime, state, runtime->ops[at]);
  }
}

void clua_push_failure(clua_runtime *runtime, lua_State *state, int level) {
  luaL_where(state, level);
  lua_pushlstring(state, (const char *)runtime->bytes + runtime->byte_base, runtime->byte_count - runtime->byte_base);
  lua_concat(state, 2);
}

// With an argument, it pushes a failure's text; without, it runs the program.
int clua_executor(lua_State *state) {
  clua_runtime *runtime = clua_upvalue(state);
  if (lua_gettop(state) > 0) {
    clua_push_failure(runtime, state, 2);
    return 1;
  }
  luaL_checkstack(state, 2 * CLUA_UNCHECKED_STACK, "too many values");
  clua_execute(runtime, state);
  return lua_gettop(state);
}
