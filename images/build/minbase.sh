#!/bin/sh
# Bootstraps the smallest Debian that apt works in, and takes out what no image needs.
# Usage: minbase.sh DEST MIRROR DPKG_EXCLUDE ARCHIVES
set -eu
dest=$1 mirror=$2 exclude=$3 archives=$4
debootstrap --variant=minbase --include=ca-certificates --cache-dir="$archives" bookworm "$dest" "$mirror"
# From here on dpkg leaves out what the file names; what is there already goes by hand.
cp "$exclude" "$dest/etc/dpkg/dpkg.cfg.d/nagaya"
find "$dest/usr/share/doc" -type f ! -name copyright -delete
find "$dest/usr/share/doc" -type l -delete
find "$dest/usr/share/doc" -mindepth 1 -type d -empty -delete
find "$dest/usr/share/locale" -mindepth 1 -maxdepth 1 -type d ! -name 'ja' ! -name 'en*' -exec rm -rf {} +
find "$dest/usr/share/man" -mindepth 1 -maxdepth 1 -type d ! -name 'man*' ! -name ja -exec rm -rf {} +
rm -rf "$dest"/usr/share/info/* "$dest"/usr/share/lintian/* "$dest"/var/cache/apt/archives/*.deb "$dest"/var/lib/apt/lists/* \
  "$dest"/var/log/*.log "$dest"/var/log/apt/* "$dest"/var/cache/ldconfig/aux-cache
# The mirror's address belongs to the machine that builds, not to the image.
: >"$dest/etc/apt/sources.list"
# The build runs as an unprivileged namespace's root in places where apt cannot change to its _apt user.
printf 'APT::Sandbox::User "root";\nAPT::Install-Recommends "false";\nAcquire::Languages "none";\nDir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n' >"$dest/etc/apt/apt.conf.d/90nagaya"
