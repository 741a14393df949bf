# shellcheck shell=bash
# Forgets every image but the newest of each name. The packages' archives stay.

# Working containers and folders of a run that was killed. Only with the lock held: nobody else's can be there.
sweep() {
  local folder mounted container
  for folder in "$cache"/images-work.* "$cache"/overlay-probe.*; do
    [ -d "$folder" ] || continue
    # A killed debootstrap leaves /proc mounted inside: never remove through a mount.
    awk -v folder="$folder/" 'index($2, folder) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r mounted; do
      umount --lazy "$mounted"
    done
    rm -rf --one-file-system "$folder"
  done
  b containers --format '{{.ContainerName}}' 2>/dev/null | while read -r container; do
    case $container in nagaya-mounted-*) continue ;; esac
    b rm "$container" >/dev/null || true
  done
}

prune() {
  sweep
  local image wanted
  wanted=$(tr = : <"$cache/images.keys" 2>/dev/null || true)
  [ -n "$wanted" ] || fail "nothing has been built in $cache"
  b images --format '{{.Name}}:{{.Tag}}' --filter reference='localhost/nagaya-*' | while read -r image; do
    grep -qxF "${image#localhost/nagaya-}" <<<"$wanted" || b rmi "$image" >/dev/null 2>&1 || true
  done
  # What only a cache of steps holds; the layers under kept images stay.
  b rmi --prune >/dev/null 2>&1 || true
  prune_registry "$wanted"
  say "the cache now holds $(du -sh "$cache/registry" | cut -f1) in the registry, $(du -sh "$cache/buildah" | cut -f1) in buildah's storage"
}

# Manifests are deleted through the registry's API, blobs by its own garbage collection, which wants nobody writing: the
# lock is held, and the registries of instances only read.
prune_registry() {
  local wanted=$1 repository name tag digest keep
  start_registry
  for repository in "$cache"/registry/docker/registry/v2/repositories/*/; do
    name=$(basename "$repository")
    keep=$(for tag in "$repository"_manifests/tags/*/; do
      tag=$(basename "$tag")
      if grep -qxF "$name:$tag" <<<"$wanted" || [ "$name:$tag" = pause:3 ]; then digest_of "$name" "$tag"; echo; fi
    done)
    for tag in "$repository"_manifests/tags/*/; do
      [ -d "$tag" ] || continue
      tag=$(basename "$tag") digest=$(digest_of "$name" "$(basename "$tag")")
      grep -qxF "$digest" <<<"$keep" && continue
      say "forgetting $name:$tag"
      curl -fsS --noproxy '*' -X DELETE -o /dev/null "http://127.0.0.1:$registry_port/v2/$name/manifests/$digest" || true
      rm -rf "${repository:?}_manifests/tags/$tag"
    done
  done
  stop_registry
  docker-registry garbage-collect "$work/registry.yml" >"$work/collected.log" 2>&1 || fail "docker-registry garbage-collect: $(tail -n 2 "$work/collected.log")"
}
