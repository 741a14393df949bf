#!/bin/bash
# All checks and tests, from a clean checkout. Ends with nextest's summary and one line `N passed, N failed` of steps.
# Usage: test.sh
# NAGAYA_CACHE   where builds are kept (default /var/cache/nagaya)
# NAGAYA_SKIP    words of steps to leave out, for instance "images real"
set -uo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
steps=test
# shellcheck source=steps.sh
. "$here/scripts/steps.sh"
cd "$here" || exit 1
trap 'end_steps' EXIT
trap 'exit 130' INT TERM

passed=0
failed=0
names=
# wanted NAME: whether the step is not to be left out.
wanted() {
  case " ${NAGAYA_SKIP:-} " in *" $1 "*) echo "- $1 left out" >&2; return 1 ;; esac
}
# count NAME COMMAND…: counts a step by how the command ends.
count() {
  local name=$1
  shift
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); names="$names $name"; fi
}
# check NAME TEXT COMMAND…: a step that counts.
check() { ! wanted "$1" || count "$1" step "$@"; }

build() { "$here/scripts/bootstrap.sh" build; }
formatted() { cargo fmt --all --check; }
lints() { cargo clippy --workspace --all-targets --locked -- -D warnings; }
# cargo-deny is a slow build, made once; where it cannot be had, its checks are left out and that is said.
deny() {
  local deny=$cache/tools/bin/cargo-deny
  if ! [ -x "$deny" ]; then
    CARGO_TARGET_DIR=$cache/tools/target cargo install --locked --root "$cache/tools" cargo-deny || return 1
    rm -rf "$cache/tools/target"
  fi
  "$deny" --offline check licenses bans sources 2>&1 || "$deny" check licenses bans sources
}
nextest() {
  if cargo nextest --version >/dev/null 2>&1; then return; fi
  [ -x "$cache/tools/bin/cargo-nextest" ] ||
    CARGO_TARGET_DIR=$cache/tools/target cargo install --locked --root "$cache/tools" cargo-nextest || return 1
  rm -rf "$cache/tools/target"
}
# Unoptimised: the workspace's tests compile in a fifth of the time that the release profile takes, and what is slow in
# them (hashing, SQLite) is optimised by Cargo.toml all the same.
compiled() { cargo nextest run --workspace --locked --no-run; }
unit() { cargo nextest run --workspace --locked --no-fail-fast -E 'not package(nagaya-e2e)'; }
console() { (cd console && PATH=$PWD/node_modules/.bin:$PATH && tsc -p . && oxlint --deny-warnings && vitest run); }
images() { images/test.sh; }
real() { scripts/e2e.sh scripts/test-real.sh; }

# Under `unshare -n -p` there is neither loopback nor a /proc of ours yet.
ip link set lo up 2>/dev/null || true
[ "$(sh -c 'echo $$; exec readlink /proc/self' | uniq | wc -l)" = 1 ] || mount -t proc proc /proc

whole=$(now)
# What a killed run left behind: test instances have names of their own and never touch others.
[ ! -x "$cache/target/release/nagaya" ] || scripts/reap.sh || true
check build "build" build
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
PATH=$PATH:$HOME/.cargo/bin:$cache/tools/bin
check format "formatting" formatted
check lints "clippy" lints
check nextest "test runner" nextest
check compiled "compiling the tests" compiled
# Half of the time they wait for what a cluster or a browser does. The others have clusters too, each of its own.
! wanted real || beside real "end to end, on real clusters and in a browser" real
check unit "unit and integration tests" unit
check console "console: types, lints, tests" console
check images "images" images
[ -z "${background[real]:-}" ] || count real join real
check deny "licences and sources of dependencies" deny
grep -hE 'Summary \[' "$logs"/test-unit.log "$logs"/test-real.log 2>/dev/null | tail -n 2
[ -z "$names" ] || echo "failed:$names" >&2
echo "make test: $(seconds "$whole") s in all" >&2
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
