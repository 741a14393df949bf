#!/bin/bash
# The tests that need an instance with real clusters; scripts/e2e.sh gives it to them.
# Usage: e2e.sh test-real.sh
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$here" || exit 1
status=0
# One instance for all, and the tests kill its parts: one at a time.
cargo nextest run --workspace --locked --no-fail-fast --test-threads 1 --run-ignored all \
  -E 'package(nagaya-e2e)' || status=1

# In a browser, as an administrator of its own: whoever logs in needs a password that is known.
scripts/packages.sh chromium || status=1
export NAGAYA_USER=browser NAGAYA_PASSWORD
NAGAYA_PASSWORD=$(head -c 18 /dev/urandom | base64)
echo "$NAGAYA_PASSWORD" | "$NAGAYA_BIN" user create "$NAGAYA_USER" --admin || status=1
PATH=$here/console/node_modules/.bin:$PATH
(cd console && playwright test) || status=1
exit "$status"
