#!/bin/bash
# Removes what a killed test run left behind: the instance of the end-to-end tests and the one that tests bring up beside
# it, and nothing else.
# Usage: reap.sh
set -uo pipefail
cache=${NAGAYA_CACHE:-/var/cache/nagaya}
instance=${NAGAYA_E2E_INSTANCE:-e2e}
data=${NAGAYA_E2E_DATA:-/var/lib/nagaya/$instance}
nagaya=${NAGAYA_BIN:-$cache/target/release/nagaya}
status=0
for which in "" fresh; do
  if [ -e "$data$which" ] && [ -x "$nagaya" ]; then
    NAGAYA_CONFIG=$cache/e2e/$instance.yaml "$nagaya" --instance "$instance$which" --data-dir "$data$which" purge --yes || status=1
  fi
done
exit "$status"
