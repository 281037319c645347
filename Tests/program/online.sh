# Where a program goes online and as whom: options, environment, settings, and what each says when it is wrong.

script online/empty.lua <<'LUA'
LUA
script online/net.network_config <<'SJSON'
SJSON
script online/who.lua <<'LUA'
client = Network.init_psn_client("net")
room = Network.create_psn_room("room", 4)
function update(dt)
  time = (time or 0) + dt
  Network.update(dt, {})
  if time > 10 then error "nothing happened" end
  if PsnRoom.state(room) == PsnRoom.JOINED then
    print(PsnRoom.member(room, 1).handle)
    Application.quit()
  end
end
LUA
script online/settings.ini <<'SJSON'
psn = { title = "test" }
SJSON

export XDG_STATE_HOME="$folder/state"
run online/empty.lua
expect "a script that stays offline makes no file" is "$(ls "$folder/state" 2>&1 | grep -c stingray)" 0

run --user anna online/who.lua
expect "--user names the player" is "$out" "anna"
expect "and nothing went wrong" is "$status$err" "0"
expect "the programs' file is in the state folder" test -f "$folder/state/stingray-lua/online.sqlite"

run online/who.lua
expect "without it the login name does" is "$out" "${USER:-$(id -un)}"

run --online online/here.sqlite --user bob online/who.lua
expect "--online names a file" test -f "$folder/online/here.sqlite"

STINGRAY_ONLINE=online/there.sqlite run --user bob online/who.lua
expect "and so does STINGRAY_ONLINE" test -f "$folder/online/there.sqlite"

cat >"$folder/online/settings.ini" <<'SJSON'
psn = { title = "test" }
online = { user_name = "eve", service = "set.sqlite" }
SJSON
run online/who.lua
expect "settings name a player" is "$out" "eve"
expect "and a file beside them" test -f "$folder/online/set.sqlite"

run --online off online/who.lua
expect "a program may be offline" has "$err" "Network.init_psn_client: the online service cannot be used: this program runs offline (--online off)"

echo "my diary" >"$folder/online/diary.txt"
run --online online/diary.txt online/who.lua
expect "another program's file is refused" has "$err" "online/diary.txt is not an online file of stingray-lua"
expect "and left as it is" is "$(cat "$folder/online/diary.txt")" "my diary"

run --online no/folder/online.sqlite online/who.lua
expect "a file in no folder is an error" has "$err" "cannot open the online file no/folder/online.sqlite: the folder: No such file or directory"

run --online htp://there online/empty.lua
expect "a wrong address is told at once" has "$err" "--online: expected a file, the address of a server such as http://127.0.0.1:7780, or off, got \"htp://...\"; did you mean \`http\`?"
expect "as wrong usage" is "$status" 64

run --user "" online/empty.lua
expect "so is an empty name" has "$err" "--user: expected a name of 1 to 64 bytes, got \"\""

cat >"$folder/online/settings.ini" <<'SJSON'
online = { region = "eu-vest" }
SJSON
run online/empty.lua
expect "a wrong region names the nearest" has "$err" "settings.ini:1:21: online.region: there is no region \"eu-vest\"; did you mean \`eu-west\`?"
cat >"$folder/online/settings.ini" <<'SJSON'
online = { freinds = ["bob"] }
SJSON
run online/empty.lua
expect "so does a wrong key" has "$err" "online: unknown option \`freinds\`; did you mean \`friends\`?"
unset XDG_STATE_HOME
