# Recording on real UDP, a crash, and the replay of what is there.

free_port; dump_port=$port

script dump/net.network_config <<'SJSON'
network_type = "peer-to-peer"
types = { small = { type = "int" min = 0 max = 255 } }
messages = { hello = { args = ["small"] } }
objects = { pawn = { fields = [ { name = "points" type = "small" } ] } }
SJSON
script dump/host.lua <<'LUA'
local port = ...
client = Network.init_lan_client("net")
lobby = Network.create_lan_lobby(port, 4)
game = Network.create_game_session()
game:make_game_session_host()
lobby:set_game_session_host(Network.peer_id())
pawn = game:create_game_object("pawn", { points = 1 })
Network.write_dump_tag("begin")
local callbacks = { game_object_sync_done = function() end }
function callbacks:game_object_created(id) theirs = id end
function callbacks:hello(sender, number)
  game:set_game_object_field(pawn, "points", number)
  RPC.hello(sender, number + 1)
end
function update(dt)
  Network.update(dt, callbacks)
  for _, peer in ipairs(Network.connections()) do
    if not added then game:add_peer(peer) added = true end
  end
  if not ready then ready = true print "ready" io.stdout:flush() end
end
LUA
script dump/guest.lua <<'LUA'
local port = ...
client = Network.init_lan_client("net")
lobby = Network.join_lan_lobby("127.0.0.1:" .. port)
game = Network.create_game_session()
local callbacks, time, heard = {}, 0, 0
function callbacks:hello(sender, number) heard = number end
function callbacks:game_object_created(id) theirs = id end
function update(dt)
  time = time + dt
  if time > 10 then error "nothing happened" end
  Network.update(dt, callbacks)
  if game:in_session() and not pawn then
    pawn = game:create_game_object("pawn", { points = 77 })
    RPC.hello(game:game_session_host(), 41)
  end
  if heard == 42 and theirs and game:game_object_field(theirs, "points") == 41 and not done then done = time end
  if done and time > done + 0.3 then Application.quit() end
end
LUA
script dump/replay.lua <<'LUA'
local game = Network.create_replay_session((...))
local callbacks, me = {}, Network.peer_id()
function callbacks:game_object_created(id, peer)
  print("created", peer == me and "mine" or "theirs", game:game_object_field(id, "points"))
end
function callbacks:game_object_sync_done(peer) print("synced", #game:peers()) end
function callbacks:hello(sender, number) print("hello", number) end
function callbacks:game_session_disconnect() print "over" end
setmetatable(callbacks, { __index = function() return function() end end })
for _ = 1, 2000 do Network.update(1 / 60, callbacks) end
for _, id in ipairs(game:objects_owned_by(me)) do print("points", game:game_object_field(id, "points")) end
print(game:in_session())
LUA

(cd "$folder" && exec timeout --kill-after=5 60 "$program" run --dump host.ndp dump/host.lua "$dump_port" >"$folder/.host" 2>"$folder/.host-err" </dev/null) &
host=$!
for _ in $(seq 200); do
  grep -q ready "$folder/.host" 2>/dev/null && break
  sleep 0.05
done
script dump/settings.ini <<'SJSON'
network = { log = "recordings/%UTCDATE% guest.ndp" }
SJSON
run dump/guest.lua "$dump_port"
expect "a recorded game is played" is "$status" 0
before="$(head -c 200 "$folder/host.ndp" | md5sum)"
run --dump host.ndp dump/guest.lua "$dump_port"
expect "a dump that another program is writing is an error" is "$status" 64
expect "that says so" has "$err" "cannot write the dump host.ndp: another program is recording into it; name another file"
script dump/taken.ini <<'SJSON'
network = { log = "host.ndp" }
SJSON
script dump/quit.lua <<'LUA'
client = Network.init_lan_client("net")
local frames = 0
function update(dt)
  frames = frames + 1
  Network.update(dt, {})
  if frames == 10 then Application.quit() end
end
LUA
run --settings dump/taken.ini dump/quit.lua
expect "where the settings name it, the game runs" is "$status" 0
expect "without a recording, which is told" has "$err" "another program is recording into it"
expect "and the other's dump goes on" is "$(head -c 200 "$folder/host.ndp" | md5sum)" "$before"
# The group of `timeout` and the program: both end without a word.
kill -9 "$(pgrep -P "$host")" "$host" 2>/dev/null
wait "$host" 2>/dev/null

run dump/replay.lua host.ndp
expect "the recording of a program that was killed can be replayed" is "$status" 0
expect "with its own objects, those of others, and messages" is "$(sort <<<"$out")" \
  "$(printf 'created\tmine\t1\ncreated\ttheirs\t77\nfalse\nhello\t41\npoints\t41\nsynced\t2' | sort)"
expect "and without a warning" is "$err" ""
guest_dump="$(cd "$folder" && ls recordings/*' guest.ndp')"
run dump/replay.lua "$guest_dump"
expect "network.log of the settings records too, into folders that are made" has "$out" $'created\tmine\t77'
expect "where the others' objects are theirs" has "$out" $'created\ttheirs'
head -c 3000 "$folder/host.ndp" >"$folder/cut.ndp"
run dump/replay.lua cut.ndp
expect "the beginning of a recording can be replayed" is "$status" 0
script dump/broken.ini <<'SJSON'
network = { log = "%TEMP%/game.ndp" }
SJSON
run --settings dump/broken.ini dump/replay.lua host.ndp
expect "an unknown tag is an error" is "$status" 64
expect "that names the tags" has "$err" \
  "dump/broken.ini:1:19: network.log: there is no tag %TEMP%; expected %APPDATA%, %UTCDATE%, %UTCTIME% or %RANDOM%"
run --dump "" dump/replay.lua host.ndp
expect "an empty path is an error" is "$status" 64
expect "that says so" has "$err" "--dump: expected a file"
run --dump /nowhere/at.ndp dump/replay.lua host.ndp
expect "a dump that cannot be written is an error" has "$err" "cannot write the dump /nowhere/at.ndp: No such file or directory"
rm -f "$folder/dump/settings.ini"
