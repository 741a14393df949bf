#!/bin/bash
# Prints the figures that have a target, each beside its reference, measured on an instance of its own.
# Usage: bench.sh [create] [cluster] [memory] [split] [page]   all without arguments
#        bench.sh fleet [CLUSTERS]   only a fleet of 10, 100 and 1,000 clusters played in memory; needs no instance
#        bench.sh helm [CHART…]      only charts beside the Helm SDK, a large one of its own without arguments; needs no instance
# Figures of a noisy machine: the ratios of one run are what to look at.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$here"
export NAGAYA_CACHE=${NAGAYA_CACHE:-/var/cache/nagaya}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$NAGAYA_CACHE/target}
PATH=$PATH:$HOME/.cargo/bin
if [ "${NAGAYA_BENCH_INSIDE:-}" = 1 ]; then
  words=("$@")
  if [ "${#words[@]}" = 0 ] || [[ " ${words[*]} " != " page " ]]; then
    "$CARGO_TARGET_DIR/release/nagaya-bench" "${words[@]/page/}"
  fi
  if [ "${#words[@]}" = 0 ] || [[ " ${words[*]} " == *" page "* ]]; then
    console/bench/run.sh
  fi
  exit
fi
if [ "${1:-}" = fleet ] || [ "${1:-}" = helm ]; then
  cargo build --release --locked --workspace
  exec "$CARGO_TARGET_DIR/release/nagaya-bench" "$@"
fi
scripts/bootstrap.sh build
if [ "$#" = 0 ]; then
  "$CARGO_TARGET_DIR/release/nagaya-bench" fleet
  "$CARGO_TARGET_DIR/release/nagaya-bench" helm
fi
export NAGAYA_E2E_INSTANCE=bench NAGAYA_E2E_ORGANISATION=$here/benches/organisation.yaml NAGAYA_BENCH_INSIDE=1
exec scripts/e2e.sh "$0" "$@"
