# analyze: where the bits of a recorded game went.

script analyze/game.network_config <<'SJSON'
network_type = "peer-to-peer"
types = { score = { type = "int" min = 0 max = 1000 } }
messages = { hit = { args = ["score"] } }
SJSON
script analyze/record.lua <<'LUA'
it("is played", function()
  local peers = simulate.peers { count = 2, config = "game", loss = 0.05, dumps = { "recorded-1.ndp", "recorded-2.ndp" } }
  for i = 1, 2 do peers[i]:run(function() client = Network.init_lan_client("game") end) end
  peers[1]:run(function() lobby = Network.create_lan_lobby(7777, 2) end)
  peers[2]:run(function() lobby = Network.join_lan_lobby("10.0.0.1:7777") end)
  assert(peers:step_until(function() return peers[2]:run(function() return lobby:state() == LanLobby.JOINED end) end))
  local host = peers[1]:run(function() return Network.peer_id() end)
  for i = 1, 120 do
    peers[2]:run(function(peer, i) RPC.hit(peer, i) end, host, i)
    peers:step()
  end
end)
LUA
run test analyze/record.lua
expect "a simulated game is recorded" is "$status" 0
run analyze recorded-1.ndp
expect "its dump is analysed" is "$status" 0
expect "with the peers" matches "$out" '^all +[0-9,]+ B +[0-9.]+ +[0-9,]+ +[0-9,]+ B'
expect "with its kinds" matches "$out" '^overhead +[0-9,]+ +[0-9.]+ %'
expect "with its messages" matches "$out" '^hit +1[0-9]{2} +24\.0 '
expect "and says where the page is" has "$out" "wrote recorded-1.html"
# The kinds together are the bytes on the wire.
bits="$(sed -n '/^kind/,/^$/p' <<<"$out" | tr -d ',' | awk 'NR > 1 && NF > 3 {r += $(NF-5); s += $(NF-2)} END {print r, s}')"
bytes="$(tr -d ',' <<<"$out" | awk '/^all/ {print $2 * 8, $6 * 8}')"
expect "every bit is in one of the kinds" is "$bits" "$bytes"
expect "the page is one whole file" has "$(tail -n 1 "$folder/recorded-1.html")" "</html>"
run analyze recorded-2.ndp --output elsewhere.html
expect "the page goes where it is told" test -s "$folder/elsewhere.html"

size="$(stat -c %s "$folder/recorded-1.ndp")"
head -c $((size - 5)) "$folder/recorded-1.ndp" >"$folder/cut.ndp"
run analyze cut.ndp
expect "a dump without its end is analysed as far as it goes" is "$status" 0
expect "and it is told" has "$out" "The dump ends in the middle of a frame"

run analyze nowhere.ndp
expect "a missing dump is a usage error" is "$status" 64
expect "that names it" has "$err" "cannot read the dump nowhere.ndp: No such file or directory"
: >"$folder/empty.ndp"
run analyze empty.ndp
expect "an empty file exits with 1" is "$status" 1
expect "and is no dump" has "$err" 'empty.ndp is no network dump: it does not begin with "SLNDUMP"'
head -c 20 "$folder/recorded-1.ndp" >"$folder/bare.ndp"
run analyze bare.ndp
expect "a dump of nothing exits with 1" is "$status" 1
expect "and says so" has "$err" "the dump bare.ndp has no network client in it"
run analyze recorded-1.ndp --output nowhere/page.html
expect "a page that cannot be written exits with 1" is "$status" 1
expect "and names the place" has "$err" "nowhere/page.html: No such file or directory"
run analyze
expect "analyze without a dump is a usage error" is "$status" 64
before="$(md5sum <"$folder/recorded-1.ndp")"
ln -s recorded-1.ndp "$folder/recorded-link"
for path in recorded-1.ndp ./recorded-1.ndp recorded-link; do
  run analyze recorded-1.ndp --output "$path"
  expect "a page in the dump's place is a usage error ($path)" is "$status" 64
  expect "that says so ($path)" has "$err" "--output: $path is the dump itself; expected another file for the page"
done
expect "and the dump is as it was" is "$(md5sum <"$folder/recorded-1.ndp")" "$before"
