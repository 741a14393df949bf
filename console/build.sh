#!/bin/sh
# Builds the console into console/dist, from a clean checkout or from nothing changed (then it is done at once).
# Lints and tests are scripts/test.sh's. With CI set, a stale generated client is a failure instead of being written anew.
set -eu
cd "$(dirname "$0")"

digest() { cat "$@" | sha256sum | cut -d' ' -f1; }
stamp() { cat "$1" 2>/dev/null || true; }

# What the result depends on: every file here but the results themselves, by name and content.
inputs=$(find . \( -name node_modules -o -name dist -o -name test-results -o -name playwright-report -o -name e2e -o -name bench \) -prune -o -type f -print |
    LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1)
if [ -f dist/index.html ] && [ "$(stamp node_modules/.nagaya-built)" = "$inputs" ]; then
    echo "console: nothing has changed"
    exit 0
fi

# Debian's npm, and its Node, leave out native parts of the dependencies: newer ones, from the same registry.
case $(npm --version) in
1[1-9].* | [2-9][0-9].*) ;;
*)
    tools=${NAGAYA_CACHE:-/var/cache/nagaya}/tools/npm
    if ! [ -x "$tools/node_modules/.bin/npm" ]; then
        node=$(sed -n 's/^    "node": "\([0-9.]*\)".*/\1/p' package.json)
        npm install --loglevel=error --no-save --no-audit --no-fund --prefix "$tools" npm@11.19.1 "node@$node"
    fi
    PATH="$tools/node_modules/.bin:$PATH"
    export PATH
    ;;
esac

lock=$(digest package.json package-lock.json .npmrc)
if [ "$(stamp node_modules/.nagaya-installed)" != "$lock" ]; then
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --loglevel=error
    echo "$lock" >node_modules/.nagaya-installed
fi

# The tools need a newer Node than Debian has: the one among the dependencies.
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
if [ -f openapi.json ]; then
    node scripts/generate.mjs ${CI:+--check}
fi
tsc -p .
vite build --logLevel warn
node scripts/budgets.mjs
node scripts/compress.mjs

# Generating may have changed a file, so the inputs are taken anew.
find . \( -name node_modules -o -name dist -o -name test-results -o -name playwright-report -o -name e2e -o -name bench \) -prune -o -type f -print |
    LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1 >node_modules/.nagaya-built
