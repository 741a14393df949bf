#!/bin/bash
# Makes, once, a Python with the real Helm SDK in it, beside which our charts are rendered in tests and benches, and
# prints the path of that python. What is there is used as it is; then no network is needed.
# Usage: oracle.sh
# NAGAYA_CACHE   where it is kept (default /var/cache/nagaya)
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# The Helm SDK 4.2 as a shared library. 85 MB; for development and CI only.
package=helm-python-sdk version=0.2.2
tools=${NAGAYA_CACHE:-/var/cache/nagaya}/tools
folder=$tools/oracle-$version
if ! [ -e "$folder/ready" ]; then
  mkdir -p "$tools"
  exec 9>"$folder.lock"
  flock 9
  if ! [ -e "$folder/ready" ]; then
    "$here/scripts/packages.sh" python3 python3-venv ca-certificates
    rm -rf "$folder"
    python3 -m venv "$folder" >&2
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$package==$version" >&2
    touch "$folder/ready"
  fi
fi
echo "$folder/bin/python"
