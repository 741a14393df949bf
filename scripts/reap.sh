#!/bin/bash
# Removes what a killed test run left behind: the instance of the end-to-end tests, and nothing else.
# Usage: reap.sh
set -uo pipefail
cache=${NAGAYA_CACHE:-/var/cache/nagaya}
instance=${NAGAYA_E2E_INSTANCE:-e2e}
data=${NAGAYA_E2E_DATA:-/var/lib/nagaya/$instance}
nagaya=${NAGAYA_BIN:-$cache/target/release/nagaya}
if [ -e "$data" ] && [ -x "$nagaya" ]; then
  NAGAYA_CONFIG=$cache/e2e/config.yaml "$nagaya" --instance "$instance" --data-dir "$data" purge --yes
fi
