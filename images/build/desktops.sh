# shellcheck shell=bash
# The desktop images: debian (bootstrapped once) <- desktop-base <- java, python.

# The machine's own Debian mirror, as its apt has it.
debian_mirror() {
  local kind=$1
  {
    sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null || true
    sed -n 's/^deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true
  } | grep -E "/$kind(/[0-9TZ]+)?/?\$" | head -n 1
}

# What apt inside a build reads: the machine's mirrors and its proxy, bound in for the build and left in no layer
# (a mirror's address may carry a password).
write_apt_sources() {
  work_dir
  [ ! -e "$work/apt" ] || return 0
  local main security
  main=$(debian_mirror debian) || true
  security=$(debian_mirror debian-security) || true
  [ -n "$main" ] || fail "no Debian mirror in /etc/apt: add one for bookworm main"
  mkdir "$work/apt"
  {
    echo "deb $main bookworm main"
    echo "deb $main bookworm-updates main"
    [ -z "$security" ] || echo "deb $security bookworm-security main"
  } >"$work/apt/sources.list"
  apt-config dump Acquire | grep -E '^Acquire::(https?::Proxy|http::Proxy|Check-)' >"$work/apt/acquire.conf" || true
}

build_debian() {
  local since=''
  [ ! -e "$cache/debian.since" ] || since=-$(cat "$cache/debian.since")
  debian_key=$(key "debootstrap-minbase-bookworm$since" "$here/images/base/dpkg-exclude" "$here/images/build/minbase.sh")
  keep debian "$debian_key"
  has_image "localhost/nagaya-debian:$debian_key" && return 0
  say "bootstrapping Debian bookworm (about 1 minute)"
  write_apt_sources
  local mirror container proxy=''
  # debootstrap fetches by itself and knows nothing of apt's settings.
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  [ -z "$proxy" ] || export http_proxy="${http_proxy:-$proxy}"
  mirror=$(sed -n '1s/^deb \([^ ]*\) .*/\1/p' "$work/apt/sources.list")
  sh "$here/images/build/minbase.sh" "$work/minbase" "$mirror" "$here/images/base/dpkg-exclude" "$archives" >"$cache/debootstrap.log" 2>&1 ||
    fail "debootstrap failed: $(tail -n 3 "$cache/debootstrap.log"); all of it is in $cache/debootstrap.log"
  container=$(b from scratch)
  b copy --quiet "$container" "$work/minbase" / >/dev/null
  rm -rf "$work/minbase"
  b config --cmd /bin/bash "$container"
  b commit --quiet --rm --format oci "$container" "localhost/nagaya-debian:$debian_key" >/dev/null
}

# build_desktop NAME PARENT_REFERENCE PARENT_KEY MINUTES [WHEELS]: leaves the key in $built_key. WHEELS is a folder of
# Python packages that the build reads as /wheels.
build_desktop() {
  local name=$1 parent=$2 parent_key=$3 usual=$4 wheels=${5:-}
  local context=$here/images/$name
  [ "$name" != desktop-base ] || context=$here/images/base
  built_key=$(key "$parent_key" "$context")
  local reference=localhost/nagaya-$name:$built_key
  if ! has_image "$reference"; then
    say "building $name:$built_key (about $usual on 2 cores)"
    write_apt_sources
    local started=$SECONDS
    b bud --quiet --isolation chroot --network host --layers --pull-never --format oci \
      --build-arg "PARENT=$parent" \
      --volume "$work/apt/sources.list:/etc/apt/sources.list:ro" \
      --volume "$work/apt/acquire.conf:/etc/apt/apt.conf.d/00build:ro" \
      --volume "$archives:/var/cache/apt/archives:rw" \
      --volume "$cache/apt/lists:/var/lib/apt/lists:rw" \
      ${wheels:+--volume "$wheels:/wheels:ro"} \
      --tag "$reference" "$context" >"$cache/build-$name.log" 2>&1 ||
      { tail -n 20 "$cache/build-$name.log" >&2; fail "building $name failed; all of it is in $cache/build-$name.log"; }
    say "built $name in $((SECONDS - started)) s"
  fi
  push "$name" "$built_key"
}

# Keys know nothing of what Debian has released since: --fresh begins a new day from which on everything is built anew.
build_desktops() {
  case ${1:-} in
    --fresh) date -u +%F >"$cache/debian.since" ;;
    '') ;;
    *) usage ;;
  esac
  "$here/scripts/packages.sh" buildah debootstrap docker-registry curl zstd
  build_debian
  build_desktop desktop-base "localhost/nagaya-debian:$debian_key" "$debian_key" "4 minutes"
  local base_key=$built_key name
  for name in java python; do
    build_desktop "$name" "localhost/nagaya-desktop-base:$base_key" "$base_key" "1 minute"
  done
  grep -E '^(desktop-base|java|python)=' "$env_file"
}
