# Two processes on this machine: what one is told when it cannot be with the other.

free_port; lobby_port=$port
free_port; game_port=$port

script lan/net.network_config <<'SJSON'
types = { small = { type = "int" min = 0 max = 255 } }
messages = { hello = { args = ["small"] } }
SJSON
script lan/host.lua <<'LUA'
local game_port, lobby_port = ...
Network.init_lan_client("net", game_port)
lobby = Network.create_lan_lobby(lobby_port, 4)
local callbacks = {}
function callbacks:hello(sender, number) RPC.hello(sender, number + 1) end
function update(dt)
  Network.update(dt, callbacks)
  if not ready then ready = true print "ready" io.stdout:flush() end
end
LUA
script lan/guest.lua <<'LUA'
local lobby_port = ...
client = Network.init_lan_client("net")
local browser, callbacks, time = client:lobby_browser(), {}, 0
function callbacks:hello(sender, number)
  print("heard", number)
  Application.quit()
end
browser:refresh(lobby_port)
function update(dt)
  time = time + dt
  if time > 10 then error "nothing happened" end
  Network.update(dt, callbacks)
  if not lobby and browser:num_lobbies() > 0 then lobby = Network.join_lan_lobby(browser:lobby(1).address) end
  if not lobby then
    browser:refresh(lobby_port)
  elseif lobby:state() == LanLobby.FAILED then
    print "failed"
    Application.quit()
  elseif lobby:state() == LanLobby.JOINED and not asked then
    RPC.hello(lobby:lobby_host(), 41)
    asked = true
  end
end
LUA

# In the foreground `timeout` passes a signal on once; a second one would end the host before it is done.
(cd "$folder" && exec timeout --foreground --kill-after=5 60 "$program" lan/host.lua "$game_port" "$lobby_port" >"$folder/.host" 2>"$folder/.host-err" </dev/null) &
host=$!
for _ in $(seq 200); do
  grep -q ready "$folder/.host" 2>/dev/null && break
  sleep 0.05
done

run lan/guest.lua "$lobby_port"
expect "a guest finds the host, joins and is answered" is "$out" $'heard\t42'
expect "and ends without an error" is "$status" 0

script lan/game_port.lua <<'LUA'
Network.init_lan_client("net", (...))
LUA
run lan/game_port.lua "$game_port"
expect "a taken game port is an error" is "$status" 1
expect "that names the port" has "$err" "lan/game_port.lua:1: Network.init_lan_client: UDP port $game_port is taken by another program"

script lan/lobby_port.lua <<'LUA'
Network.init_lan_client("net")
print(Network.create_lan_lobby((...), 4):state() == LanLobby.FAILED)
LUA
run lan/lobby_port.lua "$lobby_port"
expect "a taken lobby port is a failed lobby" is "$out" "true"
expect "with a warning that names the port" has "$err" \
  "lobby failed: lobby port $lobby_port is taken by another program or lobby on this machine"

script lan/silent.lua <<'LUA'
Network.log(Network.SILENT)
Network.init_lan_client("net")
Network.create_lan_lobby((...), 4)
Network.log(Network.WARNINGS)
print(Network.create_lan_lobby((...), 4):state() == LanLobby.FAILED)
LUA
run lan/silent.lua "$lobby_port"
expect "Network.log decides which warnings are shown" is "$(grep -c 'lobby failed' <<<"$err")" 1

mkdir -p "$folder/secret" "$folder/schema"
cp "$folder/lan/guest.lua" "$folder/secret/main.lua"
cp "$folder/lan/net.network_config" "$folder/secret"
script secret/settings.ini <<'SJSON'
network = { shared_secret = "open barley" }
SJSON
run secret "$lobby_port"
expect "a guest with another password is not let in" is "$out" "failed"
expect "and is told so" has "$err" "lobby failed: could not connect to the lobby's host: wrong shared secret"

cp "$folder/lan/guest.lua" "$folder/schema/main.lua"
sed 's/255/1023/' "$folder/lan/net.network_config" >"$folder/schema/net.network_config"
run schema "$lobby_port"
expect "a guest with another schema is not let in" is "$out" "failed"
expect "and is told the difference" has "$err" "lobby failed: could not connect to the lobby's host: the network configs differ: message \`hello\`, argument 1: int 0..1023 here, int 0..255 at the host"

# Whatever another program sends to the ports is ignored.
for port in "$game_port" "$lobby_port"; do
  for size in 1 2 8 32 64 200 1200 1400; do
    head -c "$size" /dev/urandom >"/dev/udp/127.0.0.1/$port"
    head -c "$size" /dev/zero >"/dev/udp/127.0.0.1/$port"
    (printf 'SLAN\1\0\1\0'; head -c "$size" /dev/urandom) >"/dev/udp/127.0.0.1/$port"
  done
done
run lan/guest.lua "$lobby_port"
expect "after another program's packets the host still answers" is "$out" $'heard\t42'

kill -TERM "$host"
wait "$host"
status=$?
out="$(cat "$folder/.host")"
err="$(cat "$folder/.host-err")"
expect "the host has no error to tell of" is "$status" 0
