#!/bin/bash
# kubectl of several versions for the tests, unpacked into the cache and never installed. Prints the path of each that
# could be had, one a line: Debian 12's (1.20), Debian 13's, and the machine's own if it is 1.30 or newer.
# Usage: kubectl.sh
set -uo pipefail
cache=${NAGAYA_CACHE:-/var/cache/nagaya}
tools=$cache/tools
mkdir -p "$tools"

mirror() {
  { sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null
    sed -n 's/^deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null
  } | grep -E '/debian/?$' | head -n 1
}

# unpack RELEASE: kubectl of a Debian release, by a private list of packages.
unpack() {
  local dir=$tools/kubectl-$1
  if ! [ -x "$dir/usr/bin/kubectl" ]; then
    mkdir -p "$dir/lists/partial" "$dir/archives"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) $1 main" >"$dir/sources.list"
    local apt=(apt-get -q -o "Dir::Etc::sourcelist=$dir/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::Lists=$dir/lists"
      -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache=" -o APT::Sandbox::User=root)
    "${apt[@]}" update >&2 && (cd "$dir/archives" && "${apt[@]}" download "$2/$1" >&2) &&
      dpkg -x "$dir"/archives/*.deb "$dir" || { rm -rf "$dir"; return 1; }
    rm -rf "$dir/lists" "$dir/archives"
  fi
  echo "$dir/usr/bin/kubectl"
}

unpack bookworm kubernetes-client || echo "kubectl of Debian 12 cannot be had" >&2
unpack trixie kubectl || echo "kubectl of Debian 13 cannot be had" >&2
own=$(command -v kubectl || true)
if [ -n "$own" ]; then
  minor=$("$own" version --client -o json 2>/dev/null | sed -n 's/.*"minor": *"\([0-9]*\).*/\1/p' | head -n 1)
  [ "${minor:-0}" -lt 30 ] || echo "$own"
fi
