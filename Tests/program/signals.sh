# SIGINT and SIGTERM end a run in order.

script waits.lua <<'LUA'
function update() if not ready then ready = true print "ready" io.stdout:flush() end end
function shutdown() print "shutdown" end
LUA
# signal NAME SCRIPT: starts the script, sends the signal when it is ready, waits for its end.
signal() {
  : >"$folder/.out"
  cd "$folder" || return
  timeout --foreground --signal=KILL 20 "$program" "$2" >"$folder/.out" 2>"$folder/.err" </dev/null &
  local pid=$!
  cd "$OLDPWD" || return
  for _ in $(seq 200); do
    grep -q ready "$folder/.out" && break
    sleep 0.05
  done
  # timeout passes the signal on.
  kill "-$1" "$pid"
  wait "$pid"
  status=$?
  out="$(cat "$folder/.out")"
  err="$(cat "$folder/.err")"
}
for name in TERM INT; do
  signal "$name" waits.lua
  expect "SIG$name calls shutdown" is "$out" $'ready\nshutdown'
  expect "SIG$name ends without an error" is "$status" 0
done

script stuck.lua <<'LUA'
if jit then jit.off() end
print "ready" io.stdout:flush()
local turns = 0
while true do turns = turns + 1 end
LUA
signal TERM stuck.lua
expect "a script that does not let go is interrupted" has "$err" "stuck.lua:4: interrupted by a signal"
expect "that is an error" is "$status" 1
