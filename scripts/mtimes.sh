#!/bin/bash
# Gives files that are as they were at the last run their time of then back. A fresh checkout makes every file new, and
# Cargo, which goes by times, would build the whole workspace again.
# Usage: mtimes.sh     at the root of a checkout, before anything is built
# Only for checkouts that nobody edits: what was built from an edited file between two runs would pass for fresh.
set -euo pipefail
export LC_ALL=C
cache=${NAGAYA_CACHE:-/var/cache/nagaya}
record=$cache/mtimes/$(pwd | sha256sum | cut -c 1-16)
mkdir -p "$cache/mtimes"
# A line a file: hash of its content, seconds since 1970, path.
now() { git ls-files -z --cached | xargs -0 stat -c '%Y %n' | while read -r time path; do printf '%s %s\n' "$time" "$path"; done; }
list() { paste -d ' ' <(git ls-files --cached | git hash-object --stdin-paths) <(now); }
list >"$record.new"
if [ -s "$record" ]; then
  # Same content and path: the older time.
  awk 'NR == FNR { time[$1 " " $3] = $2; next } ($1 " " $3) in time && time[$1 " " $3] < $2 { print time[$1 " " $3], $3 }' \
    "$record" "$record.new" | while read -r time path; do touch -h -d "@$time" "$path"; done
  list >"$record.new"
fi
mv "$record.new" "$record"
