# Commands on standard input, and faults on real UDP.

free_port; console_port=$port

script console/net.network_config <<'SJSON'
types = { small = { type = "int" min = 0 max = 255 } }
messages = { hello = { args = ["small"] } }
SJSON
# A host, and a guest that says what its ping is and whether the connection broke.
script console/host.lua <<'LUA'
Network.init_lan_client("net")
Network.create_lan_lobby(tonumber((...)), 4)
local frames = 0
function update(dt)
  Network.update(dt, { hello = function() end })
  frames = frames + 1
  if frames == 1 then print "ready" io.stdout:flush() end
end
LUA
script console/guest.lua <<'LUA'
local port, seconds = ...
Network.init_lan_client("net")
Network.set_ping_send_time(0.05)
Network.set_pong_timeout(1)
local lobby = Network.join_lan_lobby("127.0.0.1:" .. port)
local time, host, joined = 0
function update(dt)
  Network.update(dt, {})
  time = time + dt
  if not joined and lobby:state() == LanLobby.JOINED then
    host, joined = lobby:lobby_host(), time
    print "joined" io.stdout:flush()
  end
  if host and Network.is_broken(host) then print("broken") Application.quit() end
  if joined and time - joined > tonumber(seconds) then
    print("ping", Network.ping(host))
    Application.quit()
  end
  if time > 12 then print "too late" Application.quit() end
end
LUA

(cd "$folder" && exec timeout --kill-after=5 60 "$program" console/host.lua "$console_port" >"$folder/.host" 2>&1 </dev/null) &
host=$!
for _ in $(seq 200); do
  grep -q ready "$folder/.host" 2>/dev/null && break
  sleep 0.05
done

# run_with FILE COMMAND...: like run, with a file or a pipe as standard input.
run_with() {
  local input="$1"
  shift
  (cd "$folder" && timeout --kill-after=5 20 "$program" "$@" >"$folder/.out" 2>"$folder/.err" <"$input")
  status=$?
  out="$(cat "$folder/.out")"
  err="$(cat "$folder/.err")"
}
ping_between() {
  awk -v least="$1" -v most="$2" '$1 == "ping" { found = $2 >= least && $2 <= most } END { exit !found }' <<<"$out"
}

script console/none.txt </dev/null
run_with "$folder/console/none.txt" --console console/guest.lua "$console_port" 1.5
expect "without faults the ping is a few frames, and an empty input changes nothing" ping_between 0.001 0.1
expect "and nothing is said" is "$err" ""

printf 'network latency 0.1 0.1' >"$folder/console/latency.txt"
run_with "$folder/console/latency.txt" --console console/guest.lua "$console_port" 3
expect "latency on real UDP shows in the ping, from a line without an end" ping_between 0.2 0.35

script console/idle.lua <<'LUA'
function update() end
LUA
cat >"$folder/console/mistakes.txt" <<'TXT'

network
netwrok latency 0.1 0.1
network latency 0.1
network latency 0.2 0.1
network packet_loss #1234abcd 0.5
help
TXT
head -c 3000 /dev/zero | tr '\0' x >>"$folder/console/mistakes.txt"
printf '\nnetwork reset\nnetwork help\n' >>"$folder/console/mistakes.txt"
run_with "$folder/console/mistakes.txt" --console --frames 3 console/idle.lua
expect "mistakes end nothing" is "$status" 0
expect "an unknown command is named" has "$err" \
  'console: there is no command "netwrok"; the commands are network, perfhud, help; did you mean `network`?'
expect "a missing argument is named" has "$err" \
  'console: expected MAX, a number 0 to 60 seconds, got nothing (usage: network latency [#peer] MIN MAX)'
expect "a range the wrong way round is named" has "$err" \
  'console: MIN, 0.2 seconds, is more than MAX, 0.1 seconds (usage: network latency [#peer] MIN MAX)'
expect "a peer that is not there is accepted" has "$err" \
  'there is no connection to peer 1234abcd now; this holds as soon as there is one'
expect "network lists its commands" has "$err" 'network packet_loss [#peer] P'
expect "and what is set" has "$err" 'limit: none up, none down'
expect "help lists the groups" has "$err" 'network: how bad the network is made, and how much it logs'
expect "a line that is far too long is left out" matches "$(grep -c xxx <<<"$err")" '^0$'
expect "and that is told" has "$err" 'console: a line of over 1000 bytes was left out'

# Lines that come while the game runs.
mkfifo "$folder/console/pipe"
(
  exec 3>"$folder/console/pipe"
  for _ in $(seq 200); do
    grep -q joined "$folder/.out" 2>/dev/null && break
    sleep 0.05
  done
  echo "network packet_loss 1" >&3
  sleep 5
) &
writer=$!
run_with "$folder/console/pipe" --console console/guest.lua "$console_port" 8
kill "$writer" 2>/dev/null
wait "$writer" 2>/dev/null
expect "with all packets lost the connection breaks after the pong timeout" has "$out" "broken"
expect "and not before" has "$out" "joined"

run console/guest.lua "$console_port" 0.2
expect "without --console standard input is left alone" is "$status" 0

kill "$host"
wait "$host" 2>/dev/null

# The log on real UDP: what each level shows, and its columns.
script console/talk.lua <<'LUA'
local client = Network.init_lan_client("net")
local lobby = Network.join_lan_lobby("127.0.0.1:" .. (...))
local asked
function update(dt)
  Network.update(dt, {})
  if not asked and lobby:state() == LanLobby.JOINED then
    RPC.hello(lobby:lobby_host(), 1)
    asked = 0
  end
  if asked then asked = asked + 1 end
  if asked == 20 or lobby:state() == LanLobby.FAILED then Application.quit() end
end
LUA
free_port; free=$port
(cd "$folder" && exec timeout --kill-after=5 60 "$program" console/host.lua "$free" >"$folder/.host" 2>&1 </dev/null) &
host=$!
for _ in $(seq 200); do
  grep -q ready "$folder/.host" 2>/dev/null && break
  sleep 0.05
done
run --log messages console/talk.lua "$free"
expect "messages: a message is logged by its name, in columns" matches "$err" \
  '^\[ +[0-9]+\.[0-9]{3}\] network: [0-9a-f]+ +-  sent `hello` to peer [0-9a-f]+$'
expect "and no packet" matches "$(grep -c packet <<<"$err")" '^0$'
run --log spew console/talk.lua "$free"
expect "spew: packets are logged" matches "$err" '^\[.*\] network: [0-9a-f]+ +-  sent packet [0-9]+ to peer [0-9a-f]+, [0-9]+ bytes$'
expect "warnings: nothing here" is "$(run console/talk.lua "$free"; printf %s "$err")" ""
kill "$host"
wait "$host" 2>/dev/null

# A dead socket. Only LuaJIT can kill its own.
script console/fatal.lua <<'LUA'
local has_ffi, ffi = pcall(require, "ffi")
if not has_ffi then print "no ffi" return end
ffi.cdef [[
  int open(const char *path, int flags);
  int dup2(int from, int to);
  long readlink(const char *path, char *buffer, size_t size);
]]
Network.init_lan_client("net")
local frames, buffer = 0, ffi.new("char[64]")
function update(dt)
  Network.update(dt, {})
  frames = frames + 1
  print(Network.fatal_error())
  if frames == 1 then
    local null = ffi.C.open("/dev/null", 2)
    for number = 3, 30 do
      local count = tonumber(ffi.C.readlink("/proc/self/fd/" .. number, buffer, 64))
      if count > 0 and ffi.string(buffer, count):find "^socket:" then ffi.C.dup2(null, number) end
    end
  end
  if frames == 3 then Application.quit() end
end
LUA
run console/fatal.lua
if [ "$out" != "no ffi" ]; then
  expect "a dead socket is a fatal error" is "$out" $'false\ntrue\ntrue'
  expect "and told once" matches "$(grep -c 'a socket died' <<<"$err")" '^1$'
fi
