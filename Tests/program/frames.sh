# What a script's functions are called with, how often, and how a run ends.

script frames.lua <<'LUA'
local frames, seconds = 0, 0
print("chunk", ...)
print("arg", arg[0], arg[1], arg[2], #arg)
function init() print "init" end
function update(dt) frames, seconds = frames + 1, seconds + dt end
function render() if frames == 1 then print "render" end end
function shutdown() print("shutdown", frames, seconds > 0.3 and seconds < 3) end
LUA
run --fps 20 --frames 10 frames.lua --fps 3
expect "a script's options are its own" has "$out" $'chunk\t--fps\t3'
expect "arg holds the script and its arguments" has "$out" $'arg\tframes.lua\t--fps\t3\t2'
expect "init, update, render and shutdown are called" is "$(tail -n 3 <<<"$out")" $'init\nrender\nshutdown\t10\ttrue'
expect "a run that ends by --frames succeeds" is "$status" 0
run run --frames 1 frames.lua
expect "the word run may be there" is "$status" 0

script lines.lua <<'LUA'
print "only lines"
function shutdown() print "the end" end
LUA
run lines.lua
expect "a script without update ends with its chunk" is "$out" $'only lines\nthe end'
expect "and succeeds" is "$status" 0

script quit.lua <<'LUA'
function update() stingray.Application.quit(7) end
function render() print "never" end
function shutdown() print "shutdown" end
LUA
run quit.lua
expect "Application.quit gives the exit status" is "$status" 7
expect "and ends the frame" is "$out" shutdown

script globals.lua <<'LUA'
print(Network, RPC, stingray.Network ~= nil)
LUA
run --no-globals globals.lua
expect "--no-globals leaves the table stingray only" is "$out" $'nil\tnil\ttrue'
run globals.lua
expect "globals are there otherwise" matches "$out" '^table.*true$'

script bom.lua < <(printf '\xef\xbb\xbfprint "after the mark"')
run bom.lua
expect "a byte-order mark is skipped" is "$out" "after the mark"
