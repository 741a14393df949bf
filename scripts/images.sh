#!/bin/bash
# Builds Nagaya's container images with buildah and puts them into the registry's storage that local clusters pull from.
# Usage: images.sh build desktops [--fresh]   --fresh: with all that Debian has released since, and from then on
#        images.sh build system --nagaya BIN --relay BIN
#        images.sh build ci             Buildbot, for the CI on the shared cluster
#        images.sh list                  what images.env names
#        images.sh prune                 forget every image but the newest of each name
#        images.sh mount NAME ID         makes a container of an image, mounts it, prints the folder (for images/test.sh)
#        images.sh unmount ID
# Every image is keyed by a hash of its Containerfile, its context and its parent's key: what has that key already is
# neither built nor pushed again, so a second run needs no network. The result is CACHE/images.env, lines of
# name=registry.nagaya.internal/name:KEY@sha256:DIGEST.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${NAGAYA_CACHE:-/var/cache/nagaya}
host=registry.nagaya.internal
env_file=$cache/images.env
# Packages are fetched once for all images and all later builds.
archives=$cache/apt/archives

for part in common storage registry desktops ci system prune; do
  # shellcheck source=/dev/null
  . "$here/images/build/$part.sh"
done

usage() { sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

main() {
  [ $# -ge 1 ] || usage
  local verb=$1; shift
  mkdir -p "$cache" "$archives/partial" "$cache/apt/lists/partial" "$cache/buildah"
  case $verb in
    build)
      [ $# -ge 1 ] || usage
      local what=$1; shift
      lock
      sweep
      case $what in
        desktops) build_desktops "$@" ;;
        ci) build_ci ;;
        system) build_system "$@" ;;
        *) usage ;;
      esac
      ;;
    list) cat "$env_file" ;;
    prune) lock; prune ;;
    mount) mount_image "$@" ;;
    unmount) unmount_image "$@" ;;
    *) usage ;;
  esac
}

main "$@"
