# shellcheck shell=bash
# The image of the CI on the shared cluster: debian <- buildbot.

# Python's packages as wheels, made once with the machine's own pip settings.
build_wheels() {
  local wanted=$here/images/buildbot/requirements.txt
  wheels=$cache/wheels/$(key wheels "$wanted")
  [ ! -e "$wheels/ready" ] || return 0
  say "fetching Buildbot's Python packages"
  "$here/scripts/packages.sh" python3 python3-venv
  work_dir
  python3 -m venv "$work/pip"
  mkdir -p "$wheels"
  "$work/pip/bin/python" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$wheels" -r "$wanted" >"$cache/build-wheels.log" 2>&1 ||
    fail "pip wheel failed: $(tail -n 3 "$cache/build-wheels.log"); all of it is in $cache/build-wheels.log"
  touch "$wheels/ready"
}

build_ci() {
  "$here/scripts/packages.sh" buildah debootstrap docker-registry curl zstd
  build_debian
  # The wheels are mounted only when the image is not there yet.
  wheels=
  local image
  image=localhost/nagaya-buildbot:$(key "$debian_key" "$here/images/buildbot")
  has_image "$image" || build_wheels
  build_desktop buildbot "localhost/nagaya-debian:$debian_key" "$debian_key" "2 minutes" "$wheels"
  grep '^buildbot=' "$env_file"
}
