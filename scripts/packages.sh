#!/bin/sh
# Installs Debian packages without letting any of them start a service: what Nagaya
# starts, it starts itself, in its own namespaces. Idempotent; fast when all is there.
# Usage: packages.sh NAME...
set -eu
missing=
for name in "$@"; do
  dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing="$missing $name"
done
[ -n "$missing" ] || exit 0
echo "installing Debian packages:$missing" >&2
# One installation at a time: `make up` and `make test` may run side by side.
exec 9>/run/lock/nagaya-packages.lock
flock 9
# policy-rc.d is Debian's own way to forbid service starts (invoke-rc.d(8)). One that is there is left alone.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
fi
export DEBIAN_FRONTEND=noninteractive
# A list older than a day gives names of packages the mirror no longer has.
if [ -z "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mtime -1 2>/dev/null | head -n 1)" ]; then
  apt-get update -q >&2
fi
# shellcheck disable=SC2086  # the names are words
apt-get install -q -y --no-install-recommends $missing >&2
