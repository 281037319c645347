# Errors of scripts and of the command line.

script broken.lua <<'LUA'
local function step(n)
  if n == 2 then missing.field = 1 end
end
local frames = 0
function update() frames = frames + 1 step(frames) end
function shutdown() print("shutdown", frames) end
LUA
run broken.lua
expect "an uncaught error exits with 1" is "$status" 1
expect "it is told with file and line" has "$err" "broken.lua:2: attempt to index global 'missing' (a nil value)"
expect "with a traceback" has "$err" "stack traceback:"
expect "that has the caller's line" has "$err" "broken.lua:5: in function"
expect "and shutdown is called" is "$out" $'shutdown\t2'

script a/very/long/path/that/lua/itself/would/shorten/in/its/messages/deep.lua <<'LUA'
require "deeper"
LUA
script a/very/long/path/that/lua/itself/would/shorten/in/its/messages/deeper.lua <<'LUA'
error "below"
LUA
run a/very/long/path/that/lua/itself/would/shorten/in/its/messages/deep.lua
expect "long paths are told in full" has "$err" "a/very/long/path/that/lua/itself/would/shorten/in/its/messages/deeper.lua:1: below"
expect "in the traceback too" has "$err" $'\ta/very/long/path/that/lua/itself/would/shorten/in/its/messages/deep.lua:1: in main chunk'

script syntax.lua <<'LUA'
local x = = 1
LUA
run syntax.lua
expect "a syntax error exits with 1" is "$status" 1
expect "and names the line" has "$err" "syntax.lua:1: unexpected symbol near '='"

script both.lua <<'LUA'
function init() error("first", 0) end
function shutdown() error("second", 0) end
LUA
run both.lua
expect "an error in shutdown is told too" matches "$(tr '\n' ' ' <<<"$err")" 'first.*second'

run
expect "no script is a usage error" is "$status" 64
run nothing.lua
expect "a missing script is a usage error" is "$status" 64
expect "that names it" has "$err" "there is no script or folder nothing.lua"
run --frmes 3 broken.lua
expect "an unknown option is a usage error" is "$status" 64
expect "with the nearest known one" has "$err" 'did you mean `--frames`?'
run --fps 0 broken.lua
expect "--fps 0 is a usage error" is "$status" 64
run --log loud broken.lua
expect "an unknown log level is a usage error" is "$status" 64
run --interface nosuch0 broken.lua
expect "an unknown interface is a usage error" is "$status" 64
expect "that names it" has "$err" 'no network interface is named "nosuch0"'
run --data-dir nowhere broken.lua
expect "a missing data folder is a usage error" is "$status" 64
run --version
expect "--version succeeds" is "$status" 0
expect "--version names program and version" matches "$out" '^stingray-lua [0-9]+\.[0-9]+\.[0-9]+$'
run --help
expect "--help succeeds" is "$status" 0
run run --help
expect "run --help tells of the options" has "$out" "--data-dir"
