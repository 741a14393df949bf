#!/bin/bash
# Brings up an instance of its own, on ports and a subnet that nothing uses, runs a command against it, and removes it.
# Usage: e2e.sh COMMAND…
# The command finds the instance by NAGAYA_BIN, NAGAYA_INSTANCE, NAGAYA_DATA_DIR, NAGAYA_CONFIG and NAGAYA_URL, and
# NAGAYA_CHARTS is an empty folder that its repositories may read charts from.
# NAGAYA_E2E_KEEP=1 leaves the instance running, for a look at what failed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${NAGAYA_CACHE:-/var/cache/nagaya}
export NAGAYA_CACHE=$cache
export NAGAYA_BIN=${NAGAYA_BIN:-$cache/target/release/nagaya}
export NAGAYA_INSTANCE=${NAGAYA_E2E_INSTANCE:-e2e}
export NAGAYA_DATA_DIR=${NAGAYA_E2E_DATA:-/var/lib/nagaya/$NAGAYA_INSTANCE}
export NAGAYA_CONFIG=$cache/e2e/$NAGAYA_INSTANCE.yaml
export NAGAYA_CHARTS=$cache/e2e/$NAGAYA_INSTANCE-charts
# What a person's shell may have set must not decide whom the tests are.
unset NAGAYA_SERVER NAGAYA_TOKEN NAGAYA_CONTEXT KUBECONFIG
mkdir -p "$cache/e2e"

command=
cleanup() {
  status=$?
  trap - EXIT
  [ -z "$command" ] || kill -- "-$command" 2>/dev/null || true
  if [ "${NAGAYA_E2E_KEEP:-}" = 1 ]; then
    echo "left running: nagaya --instance $NAGAYA_INSTANCE --data-dir $NAGAYA_DATA_DIR status" >&2
  else
    "$here/scripts/reap.sh" || status=1
    rm -rf "$NAGAYA_CONFIG" "$NAGAYA_CHARTS"
  fi
  exit "$status"
}
"$here/scripts/reap.sh"
trap cleanup EXIT
trap 'exit 130' INT TERM

rm -rf "$NAGAYA_CHARTS"
mkdir -p "$NAGAYA_CHARTS"
"$NAGAYA_BIN" up --ports auto --chart-paths "$NAGAYA_CHARTS" \
  --organisation "${NAGAYA_E2E_ORGANISATION:-$here/tests/organisation.yaml}"
NAGAYA_URL=$("$NAGAYA_BIN" config show | awk '$1 == "httpPort" { print "http://127.0.0.1:" $2 }')
export NAGAYA_URL
# In a group of its own and waited for, so that it ends with this script when that is told to end.
set -m
"$@" &
command=$!
set +m
wait "$command"
command=
