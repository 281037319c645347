# Four processes on each platform go through a game's whole life, with an embedded directory and through a server, and
# processes are killed at random, the server too. Those of one directory run beside each other.

platforms="$here/platforms"
declare -A together_pids=()

# together NAME COMMAND...: runs a command beside the others; `joined NAME` waits for it: $status, $out and $err.
together() {
  timeout --kill-after=5 100 "${@:2}" >"$folder/$1.together" 2>"$folder/$1.errors" </dev/null &
  together_pids[$1]=$!
}
joined() {
  wait "${together_pids[$1]}"
  status=$?
  out="$(cat "$folder/$1.together")"
  err="$(tail -n 60 "$folder/$1.errors")"
}

# platforms_are_played HOME ONLINE WORDS: ONLINE is what --online takes.
platforms_are_played() {
  local platform all_well=$'a: all well\nc: all well\nd: all well\nb: all well'
  for platform in steam psn xboxlive; do
    together "play-$platform" "$platforms/play" "$program" "$platform" "$2"
    together "chaos-$platform" "$platforms/chaos" "$program" "$platform" "$1" "$RANDOM" 8
  done
  for platform in steam psn xboxlive; do
    joined "play-$platform"
    expect "four players meet on $platform, lose two hosts and come back, $3" is "$status $out" "0 $all_well"
  done
  for platform in steam psn xboxlive; do
    joined "chaos-$platform"
    expect "whoever is killed on $platform, nothing is lost and all can be joined in time, $3" is "$status" 0
    echo "$platform, $3: $(tr '\n' ';' <<<"$out")"
  done
}

platforms_are_played embedded "$folder/platforms.sqlite" "with an embedded directory"

for _ in 1 2 3; do
  free_port
  : >"$folder/serve.out"
  "$program" serve --listen "127.0.0.1:$port" --database "$folder/serve.sqlite" >"$folder/serve.out" 2>&1 </dev/null &
  platforms_server=$!
  until grep -q listening "$folder/serve.out" || ! kill -0 "$platforms_server" 2>/dev/null; do sleep 0.05; done
  grep -q listening "$folder/serve.out" && break
done
trap 'kill -KILL "$platforms_server" 2>/dev/null; rm -rf "$folder"' EXIT
platforms_are_played serve "http://127.0.0.1:$port" "through a server"
kill -TERM "$platforms_server"
wait "$platforms_server"
status=$? out="$(cat "$folder/serve.out")" err=''
expect "the server ends in order" is "$status" 0
trap 'rm -rf "$folder"' EXIT
