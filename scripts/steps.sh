# shellcheck shell=bash
# Steps of the scripts: each says what it does and how long it usually takes, keeps its output in a log, and says how
# long it took. Source this; set `steps` to a word for the script first. Usual times lie in CACHE/timings, one file a
# step, where `nagaya up` keeps its own.
cache=${NAGAYA_CACHE:-/var/cache/nagaya}
logs=$cache/logs
mkdir -p "$logs" "$cache/timings" "$cache/tools"
: "${steps:=script}"
declare -A background=()
declare -A began=()

now() { date +%s.%N; }

# seconds BEGIN: time since BEGIN.
seconds() { echo "$(now) $1" | awk '{printf "%.1f", $1 - $2}'; }

usual() {
  local file=$cache/timings/$steps-$1
  [ -s "$file" ] || return 0
  sort -n "$file" | awk '{ v[NR] = $1 } END { if (v[int((NR + 1) / 2)] >= 1) printf " (usually %d s)", v[int((NR + 1) / 2)] }'
}

remember() {
  local file=$cache/timings/$steps-$1
  { tail -n 4 "$file" 2>/dev/null || true; echo "$2"; } >"$file.$$" && mv "$file.$$" "$file"
}

# ended NAME STATUS: says how a step ended.
ended() {
  local took
  took=$(seconds "${began[$1]}")
  if [ "$2" = 0 ]; then
    remember "$1" "$took"
    echo "✓ $1: $took s" >&2
  else
    echo "✗ $1 failed after $took s (exit code $2); the end of $logs/$steps-$1.log:" >&2
    tail -n 30 "$logs/$steps-$1.log" | sed 's/^/    /' >&2
  fi
}

# step NAME TEXT COMMAND…: runs a step and waits for it.
step() {
  beside "$@"
  # Not in the foreground: a script that is told to end meanwhile would hear of it at the end of the step.
  join "$1"
}

# beside NAME TEXT COMMAND…: starts a step beside the others; `join NAME…` waits for it.
beside() {
  local name=$1 text=$2
  shift 2
  echo "• $text$(usual "$name")" >&2
  began[$name]=$(now)
  # A process group of its own, so that an interrupted script can end it with all it started.
  set -m
  "$@" >"$logs/$steps-$name.log" 2>&1 </dev/null &
  background[$name]=$!
  set +m
}

# join NAME…: waits for steps; fails when one did.
join() {
  local name status failed=0
  for name in "$@"; do
    [ -n "${background[$name]:-}" ] || continue
    status=0
    wait "${background[$name]}" || status=$?
    unset "background[$name]"
    ended "$name" "$status"
    [ "$status" = 0 ] || failed=1
  done
  return "$failed"
}

# Ends the steps that still run, and waits a minute at most until they have cleared up: for a trap at the script's end.
end_steps() {
  local name tries=300
  for name in "${!background[@]}"; do
    kill -- "-${background[$name]}" 2>/dev/null || true
  done
  wait
  # What a step had started clears up after the step itself has ended.
  for name in "${!background[@]}"; do
    while kill -0 -- "-${background[$name]}" 2>/dev/null && [ $((tries -= 1)) -gt 0 ]; do sleep 0.2; done
  done
}
