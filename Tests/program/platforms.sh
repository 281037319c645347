# Four processes on each platform go through a game's whole life, and processes are killed at random.

platforms="$here/platforms"
port=$((20000 + $$ % 20000 + 7))

# together NAME COMMAND...: runs a command beside the others; `joined NAME` waits for it.
together() {
  local name="$1"
  shift
  timeout --kill-after=5 150 "$@" >"$folder/$name.together" 2>"$folder/$name.errors" </dev/null &
  echo $! >"$folder/$name.pid"
}
joined() {
  wait "$(cat "$folder/$1.pid")"
  status=$?
  out="$(cat "$folder/$1.together")"
  err="$(tail -n 60 "$folder/$1.errors")"
}

all_well=$'a: all well\nc: all well\nd: all well\nb: all well'
for platform in steam psn xboxlive; do
  together "$platform" "$platforms/play" "$program" "$platform" "$folder/$platform.sqlite"
done
for platform in steam psn xboxlive; do
  joined "$platform"
  expect "four players meet on $platform, lose two hosts and come back" is "$status $out" "0 $all_well"
done

"$program" serve --listen "127.0.0.1:$port" --database "$folder/serve.sqlite" >"$folder/serve.out" 2>&1 </dev/null &
server=$!
for platform in steam psn xboxlive; do
  together "$platform" "$platforms/play" "$program" "$platform" "http://127.0.0.1:$port"
done
for platform in steam psn xboxlive; do
  joined "$platform"
  expect "the same through a server, on $platform" is "$status $out" "0 $all_well"
done
kill -TERM "$server"
wait "$server"

for platform in steam psn; do
  together "$platform" "$platforms/chaos" "$program" "$platform" "$folder/chaos-$platform.sqlite" 7
done
together server env SERVER_COMMAND="$program serve --listen 127.0.0.1:$((port + 1)) --database $folder/chaos.sqlite" \
  "$platforms/chaos" "$program" steam "http://127.0.0.1:$((port + 1))" 11
for name in steam psn server; do
  joined "$name"
  expect "what killed processes leave can be joined or goes away ($name)" is "$status" 0
done
