#!/bin/sh
# Prints the time from a key press to the changed pixel in the page, through Nagaya and, interleaved with it, by noVNC straight to the same
# desktop. Needs a running instance: NAGAYA_BIN, NAGAYA_URL and what NAGAYA_BIN needs to find it; root, to look into the pod's network.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
exec node bench/key-to-pixel.mjs "$@"
