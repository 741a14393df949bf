# shellcheck shell=bash
# Small things every part of images.sh uses: progress, the lock, keys, images.env.

say() { printf '%s images: %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

fail() { printf 'images: %s\n' "$*" >&2; exit 1; }

# One run at a time: two would write the same storage, the same registry and the same images.env.
lock() {
  exec 8>"$cache/images.lock"
  if ! flock -n 8; then
    say "waiting for another images.sh that is at work"
    flock 8
  fi
  trap cleanup EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

cleanup() {
  stop_registry
  [ -z "${work:-}" ] || rm -rf "$work"
}

# A scratch folder on the same disk as the cache (a root file system passes through it).
work_dir() {
  if [ -z "${work:-}" ]; then
    work=$(mktemp -d "$cache/images-work.XXXXXX")
  fi
}

# key PARENT_KEY PATH...: twelve hex digits over the parent and over every file's name, mode and content, and over links.
# Who owns a file and when it was written do not count: a fresh clone gives the same key.
key() {
  local parent=$1; shift
  {
    echo "parent $parent"
    local path
    for path in "$@"; do
      (
        cd "$(dirname "$path")"
        find "$(basename "$path")" \( -type f -printf '%m ' -o -type l -printf 'link %l ' \) -print0 | sort -z | tr '\0' '\n'
        find "$(basename "$path")" -type f -print0 | sort -z | xargs -0 -r sha256sum
      )
    done
  } | sha256sum | cut -c1-12
}

# remember NAME REFERENCE: one line of images.env, replaced atomically, so a reader never sees half of it.
remember() {
  {
    [ ! -e "$env_file" ] || grep -v "^$1=" "$env_file" || true
    echo "$1=$2"
  } | sort >"$env_file.new"
  mv "$env_file.new" "$env_file"
}

# keep NAME KEY: the image of that name whose key is now the right one; prune forgets the others.
keep() {
  {
    [ ! -e "$cache/images.keys" ] || grep -v "^$1=" "$cache/images.keys" || true
    echo "$1=$2"
  } | sort >"$cache/images.keys.new"
  mv "$cache/images.keys.new" "$cache/images.keys"
}

key_of() {
  sed -n "s/^$1=//p" "$cache/images.keys" 2>/dev/null
}
