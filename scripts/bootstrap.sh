#!/bin/bash
# From a bare Debian machine to a running instance. What is there already is not built again, so running it again
# goes on where it was stopped.
# Usage: bootstrap.sh up [arguments for `nagaya up`]   build everything, then `nagaya up`
#        bootstrap.sh build                            build everything
# NAGAYA_KUBERNETES   auto (default) | upstream | debian | a folder with the binaries
# NAGAYA_CACHE        where builds are kept (default /var/cache/nagaya)
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
steps=build
# shellcheck source=steps.sh
. "$here/scripts/steps.sh"
cd "$here"

verb=${1:-up}
shift || true
case $verb in up | build) ;; *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;; esac
[ "$(id -u)" = 0 ] || { echo "error: run this as root: it installs packages and makes namespaces, mounts and cgroups" >&2; exit 1; }

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
nagaya=$CARGO_TARGET_DIR/release/nagaya
relay=$CARGO_TARGET_DIR/x86_64-unknown-linux-gnu/release/nagaya-relay
whole=$(now)

# One at a time: `make up` and `make test` build into the same cache.
exec 9>"$cache/bootstrap.lock"
flock -n 9 || { echo "another build is at work: waiting for it" >&2; flock 9; }
trap end_steps EXIT
trap 'exit 130' INT TERM

packages() {
  scripts/packages.sh build-essential pkg-config ca-certificates curl git xz-utils \
    containerd runc etcd-server containernetworking-plugins conntrack ipset iptables nftables iproute2 kmod \
    e2fsprogs util-linux procps docker-registry buildah debootstrap zstd openssl busybox-static
  # Whatever npm there is will do: it only fetches the console's dependencies, a newer Node among them.
  command -v npm >/dev/null || scripts/packages.sh npm
}

# The newest Rust the checkout needs: the machine's own if it is new enough, else from its makers.
rust() {
  local need have
  need=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  PATH=$PATH:$HOME/.cargo/bin
  have=$(cargo --version 2>/dev/null | awk '{print $2}' || true)
  if [ -n "$have" ] && [ "$(printf '%s\n' "$need" "${have%%-*}" | sort -V | head -n 1)" = "$need" ]; then
    echo "cargo $have is new enough"
    return
  fi
  echo "cargo ${have:-is not there}: installing Rust by rustup"
  curl --proto '=https' --tlsv1.2 -fsS --retry 3 "${RUSTUP_INIT:-https://sh.rustup.rs}" -o "$cache/tools/rustup-init.sh"
  sh "$cache/tools/rustup-init.sh" -y --no-modify-path --profile minimal --component rustfmt,clippy
}

upstream_reachable() { curl -fsS --max-time 5 -o /dev/null https://dl.k8s.io/release/stable.txt 2>/dev/null; }

# Debian's Kubernetes is built before there is a `nagaya` to add it: it takes long and needs nothing of ours.
kubernetes_build() {
  # The folder is the one that crates/local/src/distribution/debian.rs looks in.
  local dest=$cache/kubernetes/debian-1.20.2-r2 program
  for program in kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy; do
    if ! [ -x "$dest/$program" ]; then
      scripts/packages.sh golang-go dpkg-dev
      mkdir -p "$cache/kubernetes"
      flock "$cache/kubernetes/debian.lock" crates/local/src/distribution/build-debian.sh "$dest" "$cache/build/kubernetes-debian"
      # Sources and Go's cache are gigabytes that nobody needs again.
      rm -rf "$cache/build/kubernetes-debian"
      return
    fi
  done
}

console() { console/build.sh; }
# The whole workspace, as the tests build it, so that no dependency is built twice with other features.
rust_build() { cargo build --release --locked --workspace; }
relay_build() { cargo build-relay --locked; }
desktops() { scripts/images.sh build desktops; }
system() { scripts/images.sh build system --nagaya "$nagaya" --relay "$relay"; }

step packages "Debian packages" packages
step rust "Rust toolchain" rust
PATH=$PATH:$HOME/.cargo/bin

kubernetes=${NAGAYA_KUBERNETES:-auto}
if [ "$kubernetes" = auto ]; then
  if upstream_reachable; then kubernetes=upstream; else kubernetes=debian; fi
  echo "  Kubernetes: $kubernetes" >&2
fi
[ "$kubernetes" != debian ] || beside kubernetes "Kubernetes from Debian's source package" kubernetes_build
beside desktops "desktop images" desktops
beside console "console" console
step relay "relay" relay_build
join console
step nagaya "nagaya" rust_build
join kubernetes desktops
step system "images of nagaya and its relay" system

echo "built in $(seconds "$whole") s" >&2
[ "$verb" = up ] || exit 0
# A name in PATH, so that what `up` prints can be typed.
ln -sfn "$nagaya" /usr/local/bin/nagaya
flock -u 9
export NAGAYA_KUBERNETES=$kubernetes
"$nagaya" up "$@"
echo "make up: $(seconds "$whole") s in all" >&2
