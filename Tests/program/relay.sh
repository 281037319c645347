# A game through a server's relay: two players whose machines reach the server and not each other, in network namespaces.

relay="slr$$"
relay_pids=()

remove_relay() {
  local one
  for one in "${relay_pids[@]}"; do
    kill -KILL "$one" 2>/dev/null
    wait "$one" 2>/dev/null
  done
  relay_pids=()
  for one in s a b; do ip netns del "$relay-$one" 2>/dev/null; done
}

# The server's machine in the middle forwards nothing.
make_relay() {
  local one
  for one in s a b; do ip netns add "$relay-$one" && ip -n "$relay-$one" link set lo up || return 1; done
  for one in a b; do
    [ "$one" = a ] && local net=198.51.100 || local net=203.0.113
    ip link add "to$one" netns "$relay-s" type veth peer name out netns "$relay-$one" \
      && ip -n "$relay-s" addr add "$net.1/24" dev "to$one" && ip -n "$relay-$one" addr add "$net.2/24" dev out \
      && ip -n "$relay-s" link set "to$one" up && ip -n "$relay-$one" link set out up \
      && ip -n "$relay-$one" route add default via "$net.1" || return 1
  done
  ip netns exec "$relay-s" sysctl -q -w net.ipv4.ip_forward=0
}

# relay_play NAME ADDRESS: a player on the machine of its name, which knows the server by an address.
relay_play() {
  (cd "$folder" && unset STINGRAY_INTERFACE && exec ip netns exec "$relay-$1" timeout --kill-after=5 40 \
    "$program" run --online "http://$2:7780" --user "$1" relay/play.lua "$1" \
    >"$folder/relay/$1.out" 2>"$folder/relay/$1.err" </dev/null) &
  relay_pids+=($!)
}

script relay/settings.ini <<'SJSON'
steam = { app_id = 4711 }
SJSON
script relay/net.network_config <<'SJSON'
types = { text = { type = "string" } }
messages = { say = { args = ["text"] } }
SJSON
script relay/play.lua <<'LUA'
local name = ...
local client = Network.init_steam_client("net")
local browser, lobby = client:lobby_browser()
if name == "a" then
  lobby = Network.create_steam_lobby(Network.STEAM_LOBBY_PUBLIC, 4)
else
  browser:add_distance_filter(SteamLobbyBrowser.WORLD)
end
-- The longest text, each way ten times.
local long, heard, time, last = ("x"):rep(512), 0, 0, 0
local callbacks = {}
function callbacks:say(sender, text)
  assert(text == long, "another text came")
  heard = heard + 1
  if name == "a" then RPC.say(sender, text) elseif heard < 10 then RPC.say(sender, text) end
end
function update(dt)
  Network.update(dt, callbacks)
  time = time + dt
  if time > 30 then error "nothing was heard" end
  if not lobby then
    if browser:is_refreshing() then return end
    if browser:num_lobbies() > 0 then
      lobby = Network.join_steam_lobby(browser:lobby(1).id)
    else
      browser:refresh()
    end
  elseif lobby:state() == SteamLobby.FAILED then
    print "failed"
    Application.quit()
  elseif name == "b" and lobby:state() == SteamLobby.JOINED and last == 0 then
    last = time
    RPC.say(lobby:lobby_host(), long)
  end
  if heard == 10 then done = (done or 0) + dt end
  -- The last word has to go out.
  if (done or 0) > 1 then
    print("heard " .. heard)
    Application.quit()
  end
end
LUA

if ! make_relay 2>"$folder/relay.err"; then
  remove_relay
  echo "skipped: a game over a server's relay needs ip netns: $(head -n 1 "$folder/relay.err")"
else
  trap 'remove_relay; rm -rf "$folder"' EXIT
  : >"$folder/relay/serve.out"
  (unset STINGRAY_INTERFACE && exec ip netns exec "$relay-s" "$program" serve --listen 0.0.0.0:7780 \
    --database "$folder/relay/serve.sqlite" >"$folder/relay/serve.out" 2>&1 </dev/null) &
  relay_pids+=($!)
  for _ in $(seq 100); do
    grep -q listening "$folder/relay/serve.out" && break
    sleep 0.05
  done
  relay_play a 198.51.100.1
  relay_play b 203.0.113.1
  for relay_player in 1 2; do
    status=0
    wait "${relay_pids[$relay_player]}" || status=$?
    relay_name="$([ "$relay_player" -eq 1 ] && echo a || echo b)"
    out="$(cat "$folder/relay/$relay_name.out")" err="$(cat "$folder/relay/$relay_name.err")"
    expect "$relay_name plays over the relay" is "$status $out" "0 heard 10"
  done
  out="$(ip netns exec "$relay-s" curl -s --max-time 5 http://127.0.0.1:7780/metrics | grep relay)"
  echo "relay: $(grep -v '^#' <<<"$out" | tr '\n' ' ')"
  kill -TERM "${relay_pids[0]}"
  wait "${relay_pids[0]}"
  status=$?
  expect "the server ends in order" is "$status" 0
  relay_pids=()
  remove_relay
  trap 'rm -rf "$folder"' EXIT
fi
