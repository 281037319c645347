// How scripts call Swift, and how Swift's events call scripts.
#include "internal.h"

typedef struct {
  lua_State *active;
  uint32_t op_base, byte_base, op_count, byte_count;
  bool can_raise, overflowed;
} frame;

// Calls nest: a callback calls another function, and a finalizer may run inside any allocation. Each stages behind
// its caller.
static frame enter(clua_runtime *runtime, lua_State *state) {
  frame outer = {
    runtime->active,     runtime->op_base,   runtime->byte_base,  runtime->op_count,
    runtime->byte_count, runtime->can_raise, runtime->overflowed,
  };
  runtime->active = state;
  runtime->op_base = runtime->op_count;
  runtime->byte_base = runtime->byte_count;
  runtime->can_raise = false;
  runtime->overflowed = false;
  return outer;
}

static void leave(clua_runtime *runtime, frame outer) {
  runtime->active = outer.active;
  runtime->op_base = outer.op_base;
  runtime->byte_base = outer.byte_base;
  runtime->op_count = outer.op_count;
  runtime->byte_count = outer.byte_count;
  runtime->can_raise = outer.can_raise;
  runtime->overflowed = outer.overflowed;
}

// Ends a call: gives what is staged as results, or raises it.
static int conclude(clua_runtime *runtime, lua_State *state, int32_t code, frame outer) {
  int top = lua_gettop(state);
  uint32_t count = runtime->op_count - runtime->op_base;
  if (code == CLUA_DONE && count == 0 && !runtime->overflowed) {
    leave(runtime, outer);
    return 0;
  }
  if (code == CLUA_DONE && !runtime->can_raise && !runtime->overflowed && count <= CLUA_UNCHECKED_STACK) {
    clua_execute(runtime, state);
    leave(runtime, outer);
    return lua_gettop(state) - top;
  }
  if (code == CLUA_DONE && count == 1 && !runtime->overflowed && runtime->ops[runtime->op_base].kind == CLUA_OP_USERDATA) {
    clua_op op = runtime->ops[runtime->op_base];
    if (op.length <= CLUA_SMALL_VALUE) {
      // One value alone, as mathematics gives: copied off the program, so that nothing is left to restore when the allocation raises.
      uint64_t copy[CLUA_SMALL_VALUE / sizeof(uint64_t)];
      memcpy(copy, runtime->bytes + op.word, op.length);
      leave(runtime, outer);
      clua_push_userdata(runtime, state, op.tag, copy, op.length);
      return 1;
    }
  }
  lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->executor);
  if (code != CLUA_DONE) lua_pushboolean(state, 1);
  int status = lua_pcall(state, code != CLUA_DONE, LUA_MULTRET, 0);
  leave(runtime, outer);
  if (code != CLUA_DONE || status != 0) return lua_error(state);
  return lua_gettop(state) - top;
}

static clua_entry *entry_of(lua_State *state) {
  clua_entry *entry = (clua_entry *)lua_touserdata(state, lua_upvalueindex(1));
  if (entry->drops_first && lua_gettop(state) > 0) lua_remove(state, 1);
  return entry;
}

static int call(lua_State *state) {
  clua_entry *entry = entry_of(state);
  clua_runtime *runtime = entry->runtime;
  frame outer = enter(runtime, state);
  int32_t code = entry->call(state, entry);
  return conclude(runtime, state, code, outer);
}

// `value.x`, or a function of the value's namespace, which is the second upvalue. Other keys are the entry's business.
static int index_value(lua_State *state) {
  clua_entry *entry = (clua_entry *)lua_touserdata(state, lua_upvalueindex(1));
  if (lua_type(state, 2) != LUA_TSTRING) return call(state);
  size_t length;
  const char *key = lua_tolstring(state, 2, &length);
  int32_t component = length != 1 ? -1 : key[0] == 'w' ? 3 : key[0] - 'x';
  if (component >= 0 && component < entry->components) {
    const uint8_t *payload = (const uint8_t *)clua_payload(entry->runtime, state, 1, entry->kind);
    if (payload == NULL) return call(state);
    float number;
    memcpy(&number, payload + (size_t)component * sizeof number, sizeof number);
    lua_pushnumber(state, number);
    return 1;
  }
  lua_settop(state, 2);
  lua_rawget(state, lua_upvalueindex(2));
  return 1;
}

static int call_and_dispatch(lua_State *state) {
  clua_entry *entry = entry_of(state);
  clua_runtime *runtime = entry->runtime;
  frame outer = enter(runtime, state);
  int32_t code = entry->call(state, entry);
  if (code != CLUA_DONE) return conclude(runtime, state, code, outer);
  clua_unstage(runtime);
  lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->handler);
  int handler = lua_gettop(state);
  lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->loop);
  lua_pushlightuserdata(state, entry);
  if (entry->callback_object < handler) {
    lua_pushvalue(state, entry->callback_object);
  } else {
    lua_pushnil(state);
  }
  int status = lua_pcall(state, 2, 0, handler);
  clua_unstage(runtime);
  runtime->dispatch_failed = status != 0;
  code = entry->finish(state, entry);
  if (status != 0) {
    leave(runtime, outer);
    return lua_error(state);
  }
  return conclude(runtime, state, code, outer);
}

lua_CFunction clua_trampoline(const clua_entry *entry) {
  if (entry->components > 0) return index_value;
  return entry->next != NULL ? call_and_dispatch : call;
}

static void check_handler(lua_State *state, const clua_entry *entry, const char *event) {
  int type = lua_type(state, -1);
  if (type == LUA_TFUNCTION) return;
  if (type != LUA_TNIL && luaL_getmetafield(state, -1, "__call")) {
    lua_pop(state, 1);
    return;
  }
  luaL_where(state, 2);
  if (type == LUA_TNIL) {
    lua_pushfstring(state, "%s: the callback object has no function \"%s\"", entry->name, event);
  } else {
    lua_pushfstring(
      state, "%s: \"%s\" of the callback object is a %s, not a function", entry->name, event,
      lua_typename(state, type));
  }
  lua_concat(state, 2);
  lua_error(state);
}

// Finds the handler of a question, whose name is at 3, without calling anything: callback objects may raise errors for names that they
// do not know. Pushes it, or nil.
static void find_handler(lua_State *state) {
  enum { CLASSES = 32 };
  lua_pushvalue(state, 2);
  for (int depth = 0; depth < CLASSES; depth++) {
    if (lua_type(state, -1) == LUA_TTABLE) {
      lua_pushvalue(state, 3);
      lua_rawget(state, -2);
      if (lua_type(state, -1) != LUA_TNIL) break;
      lua_pop(state, 1);
    }
    if (!luaL_getmetafield(state, -1, "__index")) {
      lua_pushnil(state);
      break;
    }
    lua_replace(state, 4);
    if (lua_type(state, 4) != LUA_TTABLE) {
      lua_pushnil(state);
      break;
    }
    if (depth == CLASSES - 1) lua_pushnil(state);
  }
  lua_replace(state, 4);
  lua_settop(state, 4);
}

int clua_dispatch_loop(lua_State *state) {
  clua_entry *entry = (clua_entry *)lua_touserdata(state, 1);
  clua_runtime *runtime = entry->runtime;
  for (;;) {
    clua_unstage(runtime);
    int32_t code = entry->next(state, entry);
    if (code == CLUA_DONE) return 0;
    if (code == CLUA_FAILED) {
      clua_push_failure(runtime, state, 2);
      return lua_error(state);
    }
    lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->event_name);
    bool is_question = runtime->event_is_question;
    if (is_question) {
      runtime->event_is_question = false;
      runtime->event_answer = -1;
      find_handler(state);
      if (lua_isnil(state, 4)) {
        lua_settop(state, 2);
        continue;
      }
    } else {
      lua_pushvalue(state, -1);
      lua_gettable(state, 2);
    }
    check_handler(state, entry, lua_tostring(state, 3));
    lua_pushvalue(state, 2);
    int self = lua_gettop(state);
    luaL_checkstack(state, 2 * CLUA_UNCHECKED_STACK, "too many values");
    clua_execute(runtime, state);
    clua_unstage(runtime);
    lua_call(state, lua_gettop(state) - self + 1, is_question);
    if (is_question && !lua_isnil(state, -1)) runtime->event_answer = lua_toboolean(state, -1);
    lua_settop(state, 2);
  }
}

int clua_message_handler(lua_State *state) {
  clua_runtime *runtime = clua_upvalue(state);
  lua_settop(state, 1);
  if (lua_type(state, 1) != LUA_TSTRING || strstr(lua_tostring(state, 1), "\nstack traceback:") != NULL) return 1;
  lua_rawgeti(state, LUA_REGISTRYINDEX, runtime->traceback);
  if (lua_isnil(state, -1)) {
    lua_settop(state, 1);
    return 1;
  }
  lua_pushvalue(state, 1);
  lua_pushinteger(state, 2);
  lua_call(state, 2, 1);
  return 1;
}
