# Folders, settings and data folders.

script game/settings.ini <<'SJSON'
// The settings of a game.
boot_script = "boot"
network = { interface = "nosuch0" }
mine = 5
SJSON
script game/boot.lua <<'LUA'
print(require "part", dofile "other.lua", stingray.Application.settings().mine)
LUA
script game/part.lua <<<'return "part of the game"'
script data/other.lua <<<'return "from the data folder"'
run --data-dir data game
expect "a folder's boot script runs, and finds its parts" is "$out" $'part of the game\tfrom the data folder\t5'
expect "STINGRAY_INTERFACE comes before the settings" is "$status" 0
(unset STINGRAY_INTERFACE; run game; echo "$status" >"$folder/status"; echo "$err" >"$folder/error")
status="$(cat "$folder/status")"
expect "the settings' interface counts without it" is "$status" 64
run --interface nosuch1 game
expect "--interface comes before both" has "$err" '"nosuch1"'

script plain/main.lua <<<'print "main"'
run plain/
expect "main.lua runs where there are no settings" is "$out" main
script empty/notes.txt <<<'nothing'
run empty
expect "a folder without a script is a usage error" is "$status" 64
expect "that says what it needs" has "$err" "empty has neither main.lua nor a settings.ini with boot_script"

script wrong/settings.ini <<'SJSON'
boot_script = "main"
network = {
    reliable_send_buffer_size = "large"
}
SJSON
script wrong/main.lua <<<'print "main"'
run wrong
expect "a wrong setting is told with its place" has "$err" 'wrong/settings.ini:3:33: network.reliable_send_buffer_size: expected bytes'
run --settings plain.ini wrong
expect "--settings is read instead" has "$err" "plain.ini: No such file"

script check/good.network_config <<'SJSON'
messages = { hello = { args = ["bool"] } }
SJSON
run check check/good.network_config
expect "check prints sizes" matches "$out" '^message hello +1 bits'
expect "check of a good config succeeds" is "$status" 0
script check/bad.network_config <<'SJSON'
messages = {
    hello = { args = ["boll"] }
}
SJSON
run check check/bad.network_config
expect "check of a bad config exits with 1" is "$status" 1
expect "with file, line and column" matches "$err" '^check/bad.network_config:2:[0-9]+: '
run annotate check/good.network_config
expect "annotate tells of the config's messages" has "$out" "hello"
