# Real processes that play together on the loopback interface: what happens when one is killed, when a stranger meddles, and when two do not fit.
# All scenes run at the same time; each process ends by itself, or is killed by its own id.

arena="$here/../../Examples/arena"
declare -A process
status=0 out='' err=''

# start NAME COMMAND...: starts a command in the background; its output goes to NAME.out and NAME.err.
start() {
  local name="$1"
  shift
  (cd "$folder" && exec "$@" >"$folder/$name.out" 2>"$folder/$name.err" </dev/null) &
  process[$name]=$!
}
# play NAME ARGS...: starts the arena; the program's own limit ends it after 50 seconds at the latest.
play() { start "$1" "$program" run --frames 3000 "$arena" --name "$1" "${@:2}"; }

# await SECONDS TEXT FILE...: waits until the text stands in all files.
await() {
  local end=$((SECONDS + $1)) text="$2" file
  shift 2
  for file in "$@"; do
    until grep -qaF -- "$text" "$folder/$file" 2>/dev/null; do
      [ "$SECONDS" -lt "$end" ] || return 1
      sleep 0.05
    done
  done
}

# finish NAME SECONDS: waits for the end of a process, and kills it where that does not come; $status, $out and $err hold what came of it.
finish() {
  local end=$((SECONDS + $2))
  while kill -0 "${process[$1]}" 2>/dev/null && [ "$SECONDS" -lt "$end" ]; do sleep 0.05; done
  kill -KILL "${process[$1]}" 2>/dev/null
  wait "${process[$1]}" 2>/dev/null
  status=$?
  out="$(tr -d '\0' <"$folder/$1.out")"
  err="$(tr -d '\0' <"$folder/$1.err")"
}
killed() {
  kill -KILL "${process[$1]}"
  wait "${process[$1]}" 2>/dev/null
}

# The scenes begin.

free_port; client_dies=$port
play Hugo --host --bot --port "$client_dies" --frames 840
play Cleo --bot --port "$client_dies"
play Dead --bot --port "$client_dies"

free_port; host_dies=$port
play Old --host --bot --port "$host_dies"
play Ada --bot --port "$host_dies" --frames 1080
await 10 "Ada has everything" Old.err
play Bob --bot --port "$host_dies"

free_port; two=$port
play Eve --host --bot --port "$two" --frames 480
play Finn --port "$two"

free_port; meddled=$port
free_port; meddler=$port
play Gina --host --bot --port "$meddled" --frames 600
start meddler python3 "$here/meddler.py" "$meddler" "$meddled"
play Hans --bot --port "$meddler"

# Lobbies that cannot be entered: a script that prints what became of its lobby.
script lobby.lua <<'LUA'
local client, lobby
local frames = 0
function init()
  client = Network.init_lan_client("talk")
  if arg[1] == "host" then
    lobby = Network.create_lan_lobby(tonumber(arg[2]), tonumber(arg[3]))
  else
    lobby = Network.join_lan_lobby("127.0.0.1:" .. arg[2])
  end
end
function update(dt)
  Network.update(dt, {})
  frames = frames + 1
  local state = lobby:state()
  if state == LanLobby.JOINING then return end
  if arg[1] == "host" then
    if frames == 1 then print(state == LanLobby.JOINED and "open" or "failed") io.stdout:flush() end
  else
    print(state == LanLobby.JOINED and "joined" or "failed")
    Application.quit()
  end
end
function shutdown() Network.shutdown_lan_client(client) end
LUA
mkdir -p "$folder/plain" "$folder/secret" "$folder/wrong" "$folder/differs"
for kind in plain secret wrong differs; do
  cp "$folder/lobby.lua" "$folder/$kind/main.lua"
  cat >"$folder/$kind/talk.network_config" <<'SJSON'
types = { amount = { type = "int" min = 0 max = 1023 } text = { type = "string" } }
messages = { hit = { args = ["text" "amount"] } say = { args = ["text"] } }
objects = { avatar = { fields = [ { name = "health" type = "amount" } ] } }
SJSON
done
echo 'network = { shared_secret = "open sesame" }' >"$folder/secret/settings.ini"
echo 'network = { shared_secret = "open barley" }' >"$folder/wrong/settings.ini"
for kind in secret wrong; do echo 'boot_script = "main"' >>"$folder/$kind/settings.ini"; done
cat >"$folder/differs/talk.network_config" <<'SJSON'
types = { amount = { type = "int" min = 0 max = 255 } text = { type = "string" } }
messages = { hit = { args = ["text" "amount"] } shout = { args = ["text"] } }
objects = { avatar = { fields = [ { name = "health" type = "amount" } ] } }
SJSON
free_port; full=$port
free_port; sealed=$port
free_port; schema=$port
start full "$program" run --frames 900 plain host "$full" 1
start sealed "$program" run --frames 900 secret host "$sealed" 8
start schema "$program" run --frames 900 plain host "$schema" 8
await 10 open full.out sealed.out schema.out
start late "$program" run --frames 900 plain join "$full"
start stranger "$program" run --frames 900 wrong join "$sealed"
start friend "$program" run --frames 900 secret join "$sealed"
start nobody "$program" run --frames 900 plain join "$sealed"
start foreign "$program" run --frames 900 differs join "$schema"
await 10 "Finn joins" Eve.err
play Second --host --port "$two"

# Deaths.

await 10 "Dead has everything" Hugo.err
expect "two bots join a host" await 5 "Cleo has everything" Hugo.err
sleep 1
killed Dead
died=$SECONDS
await 10 "Bob has everything" Old.err
sleep 1
killed Old
host_died=$SECONDS


expect "a killed client is a broken connection to the host within the pong timeout" await $((died + 5 - SECONDS)) "Dead broke off" Hugo.err
await $((host_died + 6 - SECONDS)) "host_error" Ada.err Bob.err
status=$?
expect "a killed host is a host_error to both clients within the pong timeout" is "$status" 0

# What came of the small ones.

finish Second 10
expect "a taken lobby port exits with 1" is "$status" 1
expect "and says so" has "$err" "Second: cannot open a game on port $two; is another one using it?"
expect "with the reason" has "$err" "port $two is taken"

finish late 10
expect "a full lobby cannot be joined" is "$out" failed
expect "and the warning says so" has "$err" "lobby failed: the lobby is full (1 member)"
finish stranger 10
expect "another secret cannot join" is "$out" failed
expect "and the warning says so" has "$err" "wrong shared secret"
finish nobody 10
expect "no secret cannot join" is "$out" failed
expect "and the warning says so as well" has "$err" "wrong shared secret"
finish friend 10
expect "the same secret joins" is "$out" joined
finish foreign 10
expect "another schema cannot join" is "$out" failed
for line in "the network configs differ" "message \`hit\`, argument 2: int 0..255 here, int 0..1023 at the host" \
  "message \`say\`: only at the host" "message \`shout\`: only here" \
  "object \`avatar\`, field \`health\`: int 0..255 here, int 0..1023 at the host"; do
  expect "and the warning has: $line" has "$err" "$line"
done
for name in full sealed schema; do
  kill "${process[$name]}"
  finish "$name" 10
  expect "the lobby \`$name\` ends in order" is "$status" 0
done

# The ends of the games: all who are left exit with 0 and tell the same score.

# agree NAME NAME: both have ended well and agree.
agree() {
  local first
  finish "$1" 30
  expect "$1 ends well" is "$status" 0
  first="$(tail -n 1 <<<"$out")"
  expect "$1 tells its final score" matches "$first" '^final score: [A-Z]'
  finish "$2" 10
  expect "$2 ends well" is "$status" 0
  expect "$2 agrees with $1" is "$(tail -n 1 <<<"$out")" "$first"
}
agree Eve Finn
expect "the scores of two hand-started processes name both" matches "$out" 'Eve.*Finn|Finn.*Eve'
agree Hugo Cleo
expect "the killed client has no score" matches "$out" '^final score: (Hugo|Cleo) [0-9]+, (Hugo|Cleo) [0-9]+$'
agree Gina Hans
expect "the meddled game names both" matches "$out" 'Gina.*Hans|Hans.*Gina'
expect "without a broken connection" matches "$(cat "$folder/Gina.err" "$folder/Hans.err" | grep -cE 'broke|gone|failed')" '^0$'
agree Ada Bob
expect "the longest-standing member hosts the lobby after its host" has "$(cat "$folder/Ada.err")" "Ada: we host the lobby now"
expect "and a new session, which the other joins" has "$(cat "$folder/Ada.err")" "Ada: Bob has everything and plays"
kill "${process[meddler]}"
finish meddler 10
expect "the meddler meddled" matches "$out" '^meddled [0-9]{4}'
