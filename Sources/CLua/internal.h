#pragma once

#include "clua.h"

/// Runs the operations from `op_base` on; may raise.
void clua_execute(clua_runtime *runtime, lua_State *state);

/// Pushes the staged text of a failure behind the position of the script's call, `level` functions up; may raise.
void clua_push_failure(clua_runtime *runtime, lua_State *state, int level);

/// Pushes a userdata whose payload is a copy of `count` bytes, which stay where they are meanwhile; may raise.
void clua_push_userdata(clua_runtime *runtime, lua_State *state, uint32_t tag, const void *bytes, size_t count);

/// The C function behind an entry.
lua_CFunction clua_trampoline(const clua_entry *entry);

/// Run as closures over the runtime.
int clua_executor(lua_State *state);
int clua_message_handler(lua_State *state);
int clua_dispatch_loop(lua_State *state);

static inline clua_runtime *clua_upvalue(lua_State *state) {
  return (clua_runtime *)lua_touserdata(state, lua_upvalueindex(1));
}
