# shellcheck shell=bash
# The registry's storage is a folder. Clusters read it through a docker-registry that may only read; to write, a second
# one is started here on a loopback port for as long as the push takes.

registry_pid=
registry_port=

start_registry() {
  [ -z "$registry_pid" ] || return 0
  mkdir -p "$cache/registry"
  work_dir
  local try
  for try in 1 2 3 4 5 6 7 8; do
    # The same port each time where it is free: buildah remembers by address which layers a registry holds, and does
    # not compress those again.
    if [ "$try" = 1 ]; then
      registry_port=$((20000 + $(cksum <<<"$cache" | cut -d' ' -f1) % 10000))
    else
      registry_port=$((30000 + RANDOM % 2000))
    fi
    cat >"$work/registry.yml" <<YAML
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: $cache/registry}
  delete: {enabled: true}
http: {addr: "127.0.0.1:$registry_port"}
YAML
    # It must not outlive a killed run: it could write while the next one collects garbage.
    setpriv --pdeathsig KILL docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 8>&- 9>&- &
    registry_pid=$!
    local tick
    for tick in $(seq 100); do
      kill -0 "$registry_pid" 2>/dev/null || break
      if curl -fsS --noproxy '*' -o /dev/null "http://127.0.0.1:$registry_port/v2/" 2>/dev/null; then
        return 0
      fi
      sleep 0.1
    done
    stop_registry
  done
  fail "the private docker-registry does not start: $(tail -n 3 "$work/registry.log")"
}

stop_registry() {
  [ -n "$registry_pid" ] || return 0
  kill "$registry_pid" 2>/dev/null || true
  wait "$registry_pid" 2>/dev/null || true
  registry_pid=
}

# Whether the registry's storage holds NAME:KEY, read from its files: no process is needed to know that.
in_registry() {
  [ -s "$cache/registry/docker/registry/v2/repositories/$1/_manifests/tags/$2/current/link" ]
}

digest_of() { cat "$cache/registry/docker/registry/v2/repositories/$1/_manifests/tags/$2/current/link"; }

# alias_tag NAME KEY TAG: the same manifest under another tag.
alias_tag() {
  local name=$1 digest blob
  digest=$(digest_of "$1" "$2")
  in_registry "$name" "$3" && [ "$(digest_of "$name" "$3")" = "$digest" ] && return 0
  start_registry
  blob=$cache/registry/docker/registry/v2/blobs/sha256/${digest:7:2}/${digest#sha256:}/data
  curl -fsS --noproxy '*' -X PUT -o /dev/null -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' \
    --data-binary "@$blob" "http://127.0.0.1:$registry_port/v2/$name/manifests/$3"
}

# push NAME KEY: pushes localhost/nagaya-NAME:KEY unless it is there, and notes its digest.
push() {
  local name=$1 tag=$2
  if ! in_registry "$name" "$tag"; then
    start_registry
    say "pushing $name:$tag"
    # zstd: containerd unpacks it several times as fast as gzip (measured, images/README.md); only OCI manifests may name it.
    b push --quiet --tls-verify=false --format oci --compression-format zstd --compression-level "${NAGAYA_ZSTD_LEVEL:-3}" \
      "localhost/nagaya-$name:$tag" "docker://127.0.0.1:$registry_port/$name:$tag"
  fi
  keep "$name" "$tag"
  remember "$name" "$host/$name:$tag@$(digest_of "$name" "$tag")"
}
