# Ways through real address translators: two homes with the same private addresses, each behind a translator of the kernel's, and a relay on the network between them. Where a
# translator keeps a socket's port, as most do, the peers reach each other straight; where it takes another one for each destination, over the relay. All of it in network
# namespaces of its own.

nat="slw$$"
spaces=("$nat-pub" "$nat-na" "$nat-nb" "$nat-ha" "$nat-hb")
nat_players=()

remove_nat() {
  local player space
  for player in "${nat_players[@]}"; do
    kill -KILL "$player" 2>/dev/null
    wait "$player" 2>/dev/null
  done
  nat_players=()
  for space in "${spaces[@]}"; do ip netns del "$space" 2>/dev/null; done
}

# nat_cable SPACE NAME ADDRESS SPACE NAME ADDRESS
nat_cable() {
  ip link add "$2" netns "$1" type veth peer name "$5" netns "$4" \
    && ip -n "$1" addr add "$3" dev "$2" && ip -n "$4" addr add "$6" dev "$5" \
    && ip -n "$1" link set "$2" up && ip -n "$4" link set "$5" up
}

# nat_home LETTER OUTSIDE: a home's computer, and its translator with the address OUTSIDE.2 on the network.
nat_home() {
  nat_cable "$nat-pub" "to$1" "$2.1/24" "$nat-n$1" out "$2.2/24" \
    && nat_cable "$nat-n$1" in 192.168.7.1/24 "$nat-h$1" home 192.168.7.2/24 \
    && ip -n "$nat-n$1" route add default via "$2.1" && ip -n "$nat-h$1" route add default via 192.168.7.1 \
    && ip netns exec "$nat-n$1" sysctl -q -w net.ipv4.ip_forward=1
}

# nat_rules LETTER MASQUERADE: what comes from outside passes only where something was sent to it before.
nat_rules() {
  ip netns exec "$nat-n$1" nft -f - <<RULES
flush ruleset
table ip home {
  chain leaving { type nat hook postrouting priority 100; oifname "out" $2; }
  chain passing { type filter hook forward priority 0; policy drop; iifname "in" accept; ct state established,related accept; }
  chain arriving { type filter hook input priority 0; policy drop; iifname "in" accept; }
}
RULES
}

# make_nat MASQUERADE
make_nat() {
  local space
  for space in "${spaces[@]}"; do ip netns add "$space" && ip -n "$space" link set lo up || return 1; done
  nat_home a 198.51.100 && nat_home b 203.0.113 && ip netns exec "$nat-pub" sysctl -q -w net.ipv4.ip_forward=1 \
    && nat_rules a "$1" && nat_rules b "$1"
}

# nat_play NAME ARGS...: a part of the game, 30 seconds at most.
nat_play() {
  (unset STINGRAY_INTERFACE && exec ip netns exec "$1" timeout --kill-after=2 30 "$path_peer" "${@:2}" >"$folder/nat/$1.out" 2>&1 </dev/null) &
  nat_players+=($!)
}

# nat_game: the two peers look for each other; $out has what they say.
nat_game() {
  local started=$SECONDS
  rm -rf "$folder/nat"
  mkdir "$folder/nat"
  nat_play "$nat-pub" relay 7780 "$folder/nat" 25
  until [ -s "$folder/nat/2.key" ] || [ $((SECONDS - started)) -gt 5 ]; do sleep 0.05; done
  # Each home knows the relay by the address on its side: from that it is answered.
  nat_play "$nat-ha" peer 1 2 198.51.100.1:7780 "$folder/nat" 15
  nat_play "$nat-hb" peer 2 1 203.0.113.1:7780 "$folder/nat" 15
  status=0
  wait "${nat_players[1]}" || status=$?
  wait "${nat_players[2]}" || status=$?
  kill "${nat_players[0]}" 2>/dev/null
  wait "${nat_players[0]}" 2>/dev/null
  nat_players=()
  relayed="$(cat "$folder/nat/relayed" 2>/dev/null)"
  first="$(cat "$folder/nat/$nat-ha.out")" second="$(cat "$folder/nat/$nat-hb.out")"
  out="$first"$'\n'"$second"$'\n'"relayed: $relayed"
  err=""
}

# The second build of the engine differs in Lua only, which none of this has.
nat_builds="$(dirname "$program")"
path_peer="$nat_builds/path-peer"
build_path_peer() {
  [ "$(basename "$nat_builds")" = release ] && local options=(-c release --static-swift-stdlib) || local options=()
  (cd "$here/../.." && timeout 500 scripts/swift-build "${options[@]}" --scratch-path "$(dirname "$nat_builds")" --product path-peer) >"$folder/nat.err" 2>&1
}

if [ "${STINGRAY_LUA:-luajit}" != luajit ]; then
  echo "skipped: ways through address translators were looked for with the first build"
elif ! command -v nft >/dev/null || ! make_nat masquerade 2>"$folder/nat.err"; then
  remove_nat
  echo "skipped: ways through address translators need ip netns and nft: $(head -n 1 "$folder/nat.err" 2>/dev/null)"
else
  trap 'remove_nat; rm -rf "$folder"' EXIT
  expect "the peers are built" build_path_peer
  nat_game
  expect "two peers behind address translators play" is "$status" 0
  expect "one reaches the other at its translator's address" has "$first" "way: 203.0.113.2:5000"
  expect "and the other way round" has "$second" "way: 198.51.100.2:5000"
  expect "the longest datagrams arrive" matches "$first$second" "received: (1[0-9]|20)"
  expect "the relay passes on nothing of the game" test "${relayed:-99}" -lt 10
  echo "ways: $(grep -E '^ping' <<<"$out" | tr '\n' ' ')straight, $relayed datagrams over the relay"

  # Anew, for translators remember what they gave.
  remove_nat
  expect "the network is made again" make_nat "masquerade fully-random"
  nat_game
  expect "two peers behind translators that change ports play" is "$status" 0
  expect "they take the relay" test "$(grep -c '^way: relay' <<<"$out")" -eq 2
  expect "and the longest datagrams arrive there, too" matches "$second" "received: (1[0-9]|20)"
  echo "ways: $(grep -E '^ping' <<<"$out" | tr '\n' ' ')over the relay, $relayed datagrams there"
  remove_nat
  trap 'rm -rf "$folder"' EXIT
fi
