# The arguments that Steam starts a program with to follow an invitation, and the settings.
script steam.lua <<'LUA'
print(Friends.boot_invite())
if Steam then print(Steam.app_id(), Steam.language()) end
LUA
run steam.lua +connect_lobby 1f2e
expect "a lobby that the program is invited to" is "$(head -n 1 <<<"$out")" "$(printf '1\t1f2e')"
run steam.lua +connect 192.168.0.5:27016
expect "a server that the program is invited to" is "$(head -n 1 <<<"$out")" "$(printf '2\t192.168.0.5:27016')"
script steam_game/main.lua <<'LUA'
print(rawget(_G, "Steam") == nil, stingray.Steam == nil)
if Steam then print(Steam.app_id(), Steam.language()) end
LUA
script steam_game/settings.ini <<'INI'
steam = { app_id = 620 language = "german" }
boot_script = "main"
INI
run steam_game
expect "the settings of Steam" is "$(tail -n 1 <<<"$out")" "$(printf '620\tgerman')"
script steam_game/settings.ini <<'INI'
steam = { enabled = false }
boot_script = "main"
INI
run steam_game
expect "Steam that is disabled" is "$out" "$(printf 'true\ttrue')"
script steam_game/settings.ini <<'INI'
steam = { app_id = "mine" }
boot_script = "main"
INI
run steam_game
expect "a wrong app id" has "$err" 'settings.ini:1:20: steam.app_id: expected an integer, 1 to 4294967295, got "mine"'
