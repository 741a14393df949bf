# shellcheck shell=bash
# The images Nagaya itself needs in a cluster: pause, nagaya-relay, nagaya. All from scratch.

# copy_program ROOT PROGRAM: the program and every library the loader would load for it, at the same places.
copy_program() {
  local root=$1 program=$2 file
  install -D -m 755 "$program" "$root/usr/bin/${3:-$(basename "$program")}"
  # A static program makes ldd fail: it needs nothing.
  { ldd "$program" 2>/dev/null || true; } | { grep -oE '/[^ ]+' || true; } | while read -r file; do
    [ -e "$root$file" ] || install -D -m 755 "$(readlink -f "$file")" "$root$file"
  done
}

# commit NAME KEY FROM ROOT CONFIG...: one layer with the files of ROOT on FROM.
commit() {
  local name=$1 tag=$2 from=$3 root=$4 container
  shift 4
  container=$(b from --pull-never "$from")
  b copy --quiet "$container" "$root" / >/dev/null
  b config "$@" "$container"
  b commit --quiet --rm --format oci "$container" "localhost/nagaya-$name:$tag" >/dev/null
}

build_pause() {
  local tag root
  tag=$(key scratch "$here/images/system/pause")
  if ! has_image "localhost/nagaya-pause:$tag"; then
    say "building pause:$tag"
    work_dir
    root=$work/pause
    mkdir -p "$root"
    cc -static -nostdlib -ffreestanding -Os -fno-stack-protector -fno-asynchronous-unwind-tables -Wl,--build-id=none -s \
      -o "$root/pause" "$here/images/system/pause/pause.c"
    commit pause "$tag" scratch "$root" --user 65535:65535 --entrypoint '["/pause"]'
  fi
  push pause "$tag"
  # Clusters name it pause:3 in containerd's configuration, which no new build may change under running pods.
  alias_tag pause "$tag" 3
  remember pause "$host/pause:3@$(digest_of pause 3)"
}

build_relay() {
  local binary=$1 tag root
  ldd "$binary" >/dev/null 2>&1 && fail "$binary is linked dynamically; its image holds nothing else: build it by cargo build-relay"
  tag=$(key scratch-relay "$binary")
  if ! has_image "localhost/nagaya-nagaya-relay:$tag"; then
    say "building nagaya-relay:$tag"
    work_dir
    root=$work/relay
    install -D -m 755 "$binary" "$root/nagaya-relay"
    commit nagaya-relay "$tag" scratch "$root" --user 65532:65532 --entrypoint '["/nagaya-relay"]'
  fi
  push nagaya-relay "$tag"
}

# What does not change from build to build lies in a layer of its own: a new nagaya is one small layer to pull.
build_runtime() {
  local binary=$1 root=$work/runtime list=$work/libraries program
  mkdir -p "$root/etc/ssl/certs" "$root/var/lib" "$root/run" "$root/usr/bin"
  mkdir -p -m 1777 "$root/tmp"
  for program in mkfs.ext4 e2fsck resize2fs; do
    copy_program "$root" "$(readlink -f "$(PATH=$PATH:/usr/sbin:/sbin command -v $program)")" "$program"
  done
  copy_program "$root" "$binary" nagaya
  rm "$root/usr/bin/nagaya"
  cp /etc/mke2fs.conf "$root/etc/mke2fs.conf"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  printf 'root:x:0:0:root:/:/sbin/nologin\nnagaya:x:65532:65532:nagaya:/:/sbin/nologin\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnagaya:x:65532:\n' >"$root/etc/group"
  printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
  (cd "$root" && find . -type f -print0 | sort -z | xargs -0 sha256sum) >"$list"
  runtime_key=$(key scratch-runtime "$list")
  keep runtime "$runtime_key"
  has_image "localhost/nagaya-runtime:$runtime_key" && return 0
  say "building the libraries' layer $runtime_key"
  commit runtime "$runtime_key" scratch "$root" --user 65532:65532
}

build_nagaya() {
  local binary=$1 tag root
  work_dir
  build_runtime "$binary"
  tag=$(key "$runtime_key" "$binary")
  if ! has_image "localhost/nagaya-nagaya:$tag"; then
    say "building nagaya:$tag"
    root=$work/nagaya
    install -D -m 755 "$binary" "$root/usr/bin/nagaya"
    # A debug build carries hundreds of megabytes that no pod reads; names for backtraces stay.
    strip --strip-debug "$root/usr/bin/nagaya"
    commit nagaya "$tag" "localhost/nagaya-runtime:$runtime_key" "$root" --user 65532:65532 --env PATH=/usr/bin --entrypoint '["/usr/bin/nagaya"]'
  fi
  push nagaya "$tag"
}

build_system() {
  local nagaya='' relay=''
  while [ $# -gt 0 ]; do
    case $1 in
      --nagaya) nagaya=${2:?--nagaya wants a binary}; shift 2 ;;
      --relay) relay=${2:?--relay wants a binary}; shift 2 ;;
      *) usage ;;
    esac
  done
  "$here/scripts/packages.sh" buildah docker-registry curl zstd gcc libc6-dev binutils e2fsprogs ca-certificates
  [ -z "$nagaya" ] || [ -x "$nagaya" ] || fail "$nagaya is not there: build it first"
  [ -z "$relay" ] || [ -x "$relay" ] || fail "$relay is not there: build it first"
  build_pause
  [ -z "$relay" ] || build_relay "$relay"
  [ -z "$nagaya" ] || build_nagaya "$nagaya"
  grep -E '^(pause|nagaya|nagaya-relay)=' "$env_file"
}
