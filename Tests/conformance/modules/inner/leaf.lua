return { where = Script.callstack():match("[^\n]*leaf.lua:%d+") }
