#!/bin/bash
# Tries the desktop images as Kubernetes runs them: uid 1000, no capability, no new privileges, an empty home, a network of
# its own. Needs what `scripts/images.sh build desktops` left behind; no network. Usage: images/test.sh [NAME...]
# Pictures of the desktops are left in $NAGAYA_TEST_OUTPUT (default: /tmp/nagaya-images-test).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
output=${NAGAYA_TEST_OUTPUT:-/tmp/nagaya-images-test}
mkdir -p "$output"
"$here/scripts/packages.sh" runc python3 iproute2 >&2
scratch=$(mktemp -d /tmp/nagaya-images.XXXXXX)
# Held as long as this run lives, in whatever PID namespace: a run whose lock is free was killed.
exec 7>"$scratch/lock"
flock 7
sandbox='' image='' failures=0
ascii=$(for code in $(seq 32 126); do printf "\\$(printf %o "$code")"; done)

run_container() { runc --root "$scratch/runc" "$@" 7>&-; }

stop_sandbox() {
  if [ -n "$sandbox" ]; then
    run_container delete --force "$sandbox" >/dev/null 2>&1 || true
    sandbox=''
  fi
  if [ -n "$image" ]; then
    "$here/scripts/images.sh" unmount "${scratch##*.}-$image" || true
    image=''
  fi
}

# remove SCRATCH: what is left of a run.
remove() {
  umount "$1/net" 2>/dev/null || true
  rm -rf --one-file-system "$1"
  rmdir /sys/fs/cgroup/{.,*}/"nagaya-images-test/${1##*.}" /sys/fs/cgroup/{.,*}/nagaya-images-test 2>/dev/null || true
}

sweep_killed_runs() {
  local old name
  for old in /tmp/nagaya-images.*; do
    if [ "$old" = "$scratch" ] || ! [ -e "$old/lock" ] || ! flock --nonblock "$old/lock" true; then continue; fi
    for name in desktop-base java python; do
      runc --root "$old/runc" delete --force "$name" >/dev/null 2>&1 || true
      "$here/scripts/images.sh" unmount "${old##*.}-$name" 2>/dev/null || true
    done
    remove "$old"
  done
}

finish() { stop_sandbox; remove "$scratch"; }
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
sweep_killed_runs
# One network namespace for all, there before the desktop, so that a client may wait in it.
touch "$scratch/net"
unshare --net="$scratch/net" ip link set lo up

ok() { echo "ok    $*"; }
bad() { echo "FAIL  $*" >&2; failures=$((failures + 1)); }
# expect WHAT COMMAND...: the command succeeds.
expect() { local what=$1; shift; if "$@"; then ok "$what"; else bad "$what"; fi; }
# eventually COMMAND...: within 15 s.
eventually() { local try; for try in $(seq 150); do "$@" && return 0; sleep 0.1; done; return 1; }

inside() { run_container exec --user 1000:1000 --cwd /home/dev "$sandbox" "$@"; }
vnc() { timeout 60 nsenter --net="$scratch/net" python3 "$here/images/test/rfb.py" "$@"; }
running() { inside pgrep -f "$1" >/dev/null; }
home_has() { [ "$(cat "$scratch/home/$1" 2>/dev/null)" = "$2" ]; }

start_sandbox() {
  image=$1; shift
  local rootfs
  rootfs=$("$here/scripts/images.sh" mount "$image" "${scratch##*.}-$image")
  mkdir -p "$scratch/$image" "$scratch/home"
  chown 1000:1000 "$scratch/home"
  mkdir -p -m 777 "$scratch/home-tmp"
  python3 "$here/images/test/sandbox.py" "$scratch/$image" "$rootfs" "$scratch/home" "$scratch/net" "$@"
  sandbox=$image
  # The clock runs from the call to runc until the banner is read by a client that waits already.
  vnc wait 5901 20 >"$scratch/banner" & waiter=$!
  sleep 0.5
  started=$(date +%s%N)
  run_container run --detach --bundle "$scratch/$image" "$sandbox" </dev/null >"$output/$image.log" 2>&1
  pid=$(run_container state "$sandbox" | python3 -c 'import json, sys; print(json.load(sys.stdin)["pid"])')
}

only_loopback() {
  # 127.0.0.1:5901 is 0100007F:170D; nothing may listen on any other IPv4 address, and on IPv6 on ::1 alone.
  ! awk '$4 == "0A" && $2 !~ /^0100007F:/' "/proc/$pid/net/tcp" | grep -q . &&
    ! awk '$4 == "0A" && $2 !~ /^00000000000000000000000001000000:/' "/proc/$pid/net/tcp6" | grep -q .
}

test_desktop() {
  local name=$1 colours
  start_sandbox "$name"
  if wait "$waiter"; then
    ok "$name: RFB banner $((($(cat "$scratch/banner") - started) / 1000000)) ms after the call of runc"
  else
    bad "$name: no RFB banner"
  fi
  expect "$name: listens on loopback only" only_loopback
  expect "$name: the home is filled" eventually test -e "$scratch/home/.bashrc"
  expect "$name: window manager, panel, file manager and terminal run" eventually running '^lxterminal'
  eventually running '^openbox' && eventually running '^tint2' && eventually running '^pcmanfm' || bad "$name: a part of the desktop is missing"
  expect "$name: the input method runs" eventually running '^fcitx5'
  sleep 3
  colours=$(vnc run 5901 "shot:$output/$name.png")
  expect "$name: the picture is not blank ($colours colours)" test "$colours" -gt 500
  echo "      $name: idle memory $(memory) MB"

  vnc run 5901 'type:echo typed > typed-text' key:Return
  expect "$name: what is typed reaches the terminal" eventually home_has typed-text typed
  # Every printable character of ASCII, whichever layout the X server has.
  vnc run 5901 'type:cat > ascii' key:Return sleep:0.3 "type:$ascii" key:Return key:Control+d
  expect "$name: every ASCII character arrives" eventually home_has ascii "$ascii"
  # Ctrl+Alt+T opens a second one, which has the focus.
  vnc run 5901 key:Control+Alt+t sleep:2 'type:echo $$ > second; ps -o args= -C bash | wc -l > shells' key:Return
  expect "$name: Ctrl+Alt+T opens a terminal" eventually test -s "$scratch/home/second"
  vnc run 5901 'type:cat > nihongo.txt' key:Return sleep:0.3 key:Zenkaku_Hankaku sleep:1 type:nihongo sleep:0.5 \
    key:space sleep:0.7 "shot:$output/$name-input-method.png" key:Return sleep:0.3 key:Control+space sleep:0.3 key:Return key:Control+d >/dev/null
  expect "$name: 半角/全角 and Mozc turn nihongo into 日本語 ($(cat "$scratch/home/nihongo.txt" 2>/dev/null))" eventually home_has nihongo.txt 日本語
  expect "$name: mozc runs" running mozc_server
  # A Japanese keyboard at the other end: its letters come as keysyms.
  vnc run 5901 'type:echo あ漢ー￥ > keysyms' key:Return
  expect "$name: Japanese keysyms arrive" eventually home_has keysyms あ漢ー￥
  vnc run 5901 clip:from-outside sleep:0.5 'type:echo ' key:Control+Shift+V sleep:0.5 'type: > pasted' key:Return
  expect "$name: the clipboard comes in" eventually home_has pasted from-outside
  vnc run 5901 size:1600x1000 sleep:2 "shot:$output/$name-resized.png" >/dev/null &&
    ok "$name: the desktop takes another size" || bad "$name: the desktop does not take another size"
  expect "$name: the session outlives its window manager" restart_window_manager

  "test_$name" || bad "$name: its own test"
  local before after
  before=$(date +%s%N)
  run_container kill "$sandbox" TERM
  eventually stopped || true
  after=$(date +%s%N)
  expect "$name: SIGTERM ends it in $(((after - before) / 1000000)) ms" test $((after - before)) -lt 2000000000
  test_home_kept "$name"
  stop_sandbox
  rm -rf "$scratch/home" "$scratch/home-tmp"
}

stopped() { [ "$(run_container state "$sandbox" | grep -o '"status": "[a-z]*"')" = '"status": "stopped"' ]; }

memory() { run_container events --stats "$sandbox" | python3 -c 'import json, sys; m = json.load(sys.stdin)["data"]["memory"]["raw"]; print(round((m.get("rss", m.get("anon", 0)) + m.get("mapped_file", m.get("file_mapped", 0))) / 1e6))'; }

restart_window_manager() {
  local terminal
  terminal=$(inside pgrep -x lxterminal | head -n 1)
  inside pkill -x openbox
  eventually running '^openbox' && [ "$(inside pgrep -x lxterminal | head -n 1)" = "$terminal" ]
}

# Started again on the same home, nothing of it is overwritten.
test_home_kept() {
  echo mine >"$scratch/home/.bashrc"
  rm -f "$scratch/home/Desktop/1-terminal.desktop"
  run_container delete --force "$sandbox" >/dev/null 2>&1 || true
  run_container run --detach --bundle "$scratch/$1" "$sandbox" </dev/null >>"$output/$1.log" 2>&1
  pid=$(run_container state "$sandbox" | python3 -c 'import json, sys; print(json.load(sys.stdin)["pid"])')
  vnc wait 5901 20 >/dev/null
  eventually running '^lxterminal' || true
  expect "$1: a home that was there is left alone" test "$(cat "$scratch/home/.bashrc")" = mine -a ! -e "$scratch/home/Desktop/1-terminal.desktop"
  inside pkill -x Xvnc
  expect "$1: the container ends when the X server does" eventually stopped
}

test_desktop-base() {
  inside git --version >/dev/null && inside locale -a | grep ja_JP >/dev/null && inside locale -a | grep en_US >/dev/null &&
    inside sh -c 'echo "<h1>長屋</h1>" > page.html; timeout 60 firefox-esr --headless --screenshot /home/dev/page.png file:///home/dev/page.html' >/dev/null 2>&1 &&
    test -s "$scratch/home/page.png" && ok "desktop-base: git, locales and the browser work"
}

test_java() {
  inside sh -ec 'mkdir -p t && cd t && printf "class T { public static void main(String[] a) { System.out.println(\"日本語 \" + Runtime.version().feature()); } }" > T.java
    javac T.java && test "$(java T)" = "日本語 17"
    printf "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version></project>" > pom.xml
    mvn -o -q validate && mvn -v' | sed 's/^/      /' && ok "java: javac, java and mvn work"
}

test_python() {
  inside sh -ec 'python3 -m venv v && v/bin/python -c "import sys; assert sys.prefix != sys.base_prefix" && v/bin/pip --version >/dev/null && python --version' &&
    ok "python: venv and pip work"
}

for name in "${@:-desktop-base java python}"; do
  for one in $name; do test_desktop "$one"; done
done
[ "$failures" = 0 ] || { echo "$failures failed; the logs and pictures are in $output" >&2; exit 1; }
