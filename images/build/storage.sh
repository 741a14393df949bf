# shellcheck shell=bash
# buildah with storage of our own, apart from any the machine's owner has.

# overlay where the kernel lets it be mounted there; vfs (a copy a layer) elsewhere.
storage_driver() {
  if [ -z "${driver:-}" ]; then
    local probe
    probe=$(mktemp -d "$cache/overlay-probe.XXXXXX")
    mkdir "$probe/lower" "$probe/upper" "$probe/work" "$probe/merged"
    if mount -t overlay overlay -o "lowerdir=$probe/lower,upperdir=$probe/upper,workdir=$probe/work" "$probe/merged" 2>/dev/null; then
      umount "$probe/merged"
      driver=overlay
    else
      driver=vfs
    fi
    rm -rf "$probe"
  fi
  echo "$driver"
}

# No configuration of the machine may change what we build: storage.conf would name another driver and its options.
b() {
  local chosen
  chosen=$(storage_driver)
  [ -s "$cache/buildah/auth.json" ] || echo '{}' >"$cache/buildah/auth.json"
  CONTAINERS_STORAGE_CONF=/dev/null STORAGE_DRIVER=$chosen REGISTRY_AUTH_FILE=$cache/buildah/auth.json \
    buildah --root "$cache/buildah/$chosen" --runroot "/run/nagaya/images-$(cksum <<<"$cache" | cut -d" " -f1)" --storage-driver "$chosen" "$@"
}

has_image() { b inspect --type image "$1" >/dev/null 2>&1; }

mount_image() {
  local container key
  key=$(key_of "$1")
  [ -n "$key" ] || fail "there is no image $1: build it by scripts/images.sh build"
  container=$(b from --pull-never --name "nagaya-mounted-$2" "localhost/nagaya-$1:$key")
  b mount "$container"
}

unmount_image() { b rm "nagaya-mounted-$1" >/dev/null; }
