# Sourced by the tests in other languages: makes the folder $room, which is removed at the end. `start_emulator` builds
# the emulator, starts it on a free port, and sets $address.

room=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$room"
}
trap finish EXIT

start_emulator() {
  cargo build --locked --quiet --features emulator-server --bin privacy-number-emulator
  # The limit is for the case that the script is killed.
  "${CARGO_TARGET_DIR:-target}/debug/privacy-number-emulator" --json --port 0 --for 600 >"$room/server.jsonl" &
  server=$!
  for _ in $(seq 100); do
    [ -s "$room/server.jsonl" ] && break
    sleep 0.1
  done
  address=$(sed -n '1s/.*"aliyun":"\([^"]*\)".*/\1/p' "$room/server.jsonl")
  [ -n "$address" ] || { echo "the emulator does not start"; exit 1; }
}
