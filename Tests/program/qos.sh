# Quality of service on a real way of 256 kbit/s: two processes in network namespaces of their own, joined by a virtual cable whose near end sends no faster and keeps 400 ms of
# packets. The game always has more to send than fits, and begins with twice the rate. Settled after 3 s, it loses at most 2 % over the next 10 s and keeps at most 100 ms waiting.

near="sl$$n" far="sl$$f"

# Ends the players, and removes the namespaces and with them the cable.
players=()
remove_way() {
  local player
  for player in "${players[@]}"; do
    kill -KILL "$player" 2>/dev/null
    wait "$player" 2>/dev/null
  done
  players=()
  ip netns del "$near" 2>/dev/null
  ip netns del "$far" 2>/dev/null
}

make_way() {
  ip netns add "$near" && ip netns add "$far" \
    && ip link add "$near" netns "$near" type veth peer name "$far" netns "$far" \
    && ip -n "$near" addr add 10.99.0.1/24 dev "$near" && ip -n "$far" addr add 10.99.0.2/24 dev "$far" \
    && ip -n "$near" link set "$near" up && ip -n "$far" link set "$far" up \
    && tc -n "$near" qdisc add dev "$near" root tbf rate 256kbit burst 1600 latency 400ms
}

script crowd/main.lua <<'LUA'
-- The host's 300 objects all move in every frame, from the moment at which the guest has them.
local client, lobby, game, ids, frame, added = nil, nil, nil, {}, 0, false
local ways = {}
local callbacks = setmetatable({}, { __index = function() return function() end end })

function init()
  client = Network.init_lan_client("crowd")
  if arg[1] == "host" then lobby = Network.create_lan_lobby(10003, 2) else lobby = Network.join_lan_lobby("10.99.0.1:10003") end
  game = Network.create_game_session()
  if arg[1] == "host" then game:make_game_session_host() end
end

function update(dt)
  Network.update(dt, callbacks)
  if arg[1] ~= "host" then
    if lobby:state() == LanLobby.FAILED then Application.quit(1) end
    return
  end
  if not added and #lobby:members() == 2 then
    added = true
    game:add_peer(lobby:members()[2])
  end
  if added and #ids == 0 and #game:synchronized_peers() == 1 then
    for i = 1, 300 do ids[i] = game:create_game_object("walker", {}) end
    Network.enable_qos(16, 512, 10000)
    print("go")
    io.stdout:flush()
  end
  frame = frame + 1
  for i, id in ipairs(ids) do
    game:set_game_object_field(id, "place", Vector3(math.sin(frame / 50 + i) * 400, frame % 400, i))
    game:set_game_object_field(id, "life", frame % 256)
  end
end

function shutdown() Network.shutdown_lan_client(client) end
LUA
cat >"$folder/crowd/crowd.network_config" <<'SJSON'
types = { place = { type = "vector3" } life = { type = "int" min = 0 max = 255 } }
objects = { walker = { fields = [ { name = "place" type = "place" } { name = "life" type = "life" } ] } }
SJSON

# The numbers of the way's queue: bytes and packets that left it, packets that it dropped, bytes that wait.
way_counts() {
  tc -n "$near" -s qdisc show dev "$near" | awk '
    /Sent/ { match($0, /dropped [0-9]+/); printf "%s %s %s ", $2, $4, substr($0, RSTART + 8, RLENGTH - 8) }
    /backlog/ { size = $2; factor = sub(/Kb$/, "", size) ? 1024 : 1; sub(/b$/, "", size); print size * factor }'
}

# in_way NAME ARGS...: plays in a namespace, 30 seconds at most.
in_way() {
  (cd "$folder" && export STINGRAY_INTERFACE="$1" && exec ip netns exec "$1" "$program" run --frames 1800 crowd "${@:2}" \
    >"$folder/crowd-$1.out" 2>"$folder/crowd-$1.err" </dev/null) &
  players+=($!)
}

measure_way() {
  local sample end before after wait_until=$((SECONDS + 10))
  in_way "$near" host
  sleep 0.3
  in_way "$far" guest
  until grep -q go "$folder/crowd-$near.out"; do
    [ "$SECONDS" -lt "$wait_until" ] || return 1
    sleep 0.02
  done
  sleep 3
  before="$(way_counts)"
  : >"$folder/backlog"
  end=$((${EPOCHREALTIME/./} + 10000000))
  while [ "${EPOCHREALTIME/./}" -lt "$end" ]; do
    sample="$(way_counts)"
    echo "${sample##* }" >>"$folder/backlog"
    sleep 0.05
  done
  after="$(way_counts)"
  # 32 bytes a millisecond.
  read -r sent packets lost _ <<<"$(paste -d' ' <(echo "$before") <(echo "$after") | awk '{print $5-$1, $6-$2, $7-$3}')"
  read -r mean high most samples <<<"$(sort -n "$folder/backlog" | awk '
    { sum += $1; size[NR] = $1 } END { printf "%d %d %d %d", sum / NR / 32, size[int(NR * 0.9)] / 32, size[NR] / 32, NR }')"
}

if ! command -v tc >/dev/null || ! make_way 2>"$folder/way.err"; then
  remove_way
  echo "skipped: quality of service on a real way needs ip netns and tc: $(head -n 1 "$folder/way.err" 2>/dev/null)"
else
  trap 'remove_way; rm -rf "$folder"' EXIT
  sent=0 packets=0 lost=0 mean=-1 high=-1 most=-1 samples=0 status=0
  measure_way
  out="$sent bytes, $packets packets sent, $lost lost; waiting: mean $mean ms, nine of ten $high ms, most $most ms of $samples samples"
  err="$(cat "$folder/crowd-$near.err" "$folder/crowd-$far.err")"
  echo "quality of service: $out"
  expect "quality of service fills the way" test "$sent" -gt 272000
  expect "and loses at most 2 % there" test $((lost * 50)) -le "$packets"
  # One in ten may be a burst that a busy machine sent late: that does not stand.
  expect "and keeps at most 100 ms waiting" test "$samples" -gt 50 -a "$mean" -ge 0 -a "$high" -le 100
  remove_way
  trap 'rm -rf "$folder"' EXIT
fi
