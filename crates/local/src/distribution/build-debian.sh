#!/bin/sh
# Builds the Kubernetes server binaries from Debian's source package `kubernetes`, with Debian's Go.
# Usage: build-debian.sh DEST WORK
#   DEST  a folder that gets kube-apiserver, kube-controller-manager, kube-scheduler, kubelet, kube-proxy
#   WORK  a scratch folder; what is already there is used again, so an interrupted build goes on
# Debian packages only the client side; the source package is vendored and has everything else.
set -eu
dest=$1 work=$2
mkdir -p "$dest" "$work/lists/partial" "$work/src"
cd "$work/src"

if ! [ -e patched ]; then
  echo "fetching Debian's source package kubernetes" >&2
  # A private source list, so that the machine's own apt set-up stays as it is. The mirror is the machine's own.
  mirror=$( (sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null
             sed -n 's/^deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null
            ) | grep -E '/debian/?$' | head -n 1)
  [ -n "$mirror" ] || { echo "no Debian mirror in /etc/apt: add one for bookworm main" >&2; exit 1; }
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bookworm main" >"$work/sources.list"
  apt="apt-get -q -o Dir::Etc::sourcelist=$work/sources.list -o Dir::Etc::sourceparts=- -o Dir::State::Lists=$work/lists -o APT::Sandbox::User=root"
  $apt update >&2
  rm -rf kubernetes-*/ golang-github-modern-go-reflect2-*/
  $apt source kubernetes golang-github-modern-go-reflect2 >&2
  # The vendored reflect2 is older than 1.0.2. Built by Go 1.18 or later it reads the runtime's map type wrongly, and the
  # API server comes to panic at each request with a map in it (https://github.com/modern-go/reflect2/pull/24).
  rm -rf kubernetes-*/vendor/github.com/modern-go/reflect2
  cp -r golang-github-modern-go-reflect2-*/ "$(echo kubernetes-*/vendor/github.com/modern-go)/reflect2"
  rm -rf kubernetes-*/vendor/github.com/modern-go/reflect2/debian
  touch patched
fi
tree=$(find "$work/src" -mindepth 1 -maxdepth 1 -type d -name 'kubernetes-*' | head -n 1)
version=$(dpkg-parsechangelog -l "$tree/debian/changelog" -S Version | sed 's/.*+really//; s/-.*//')

# Module mode does not work on the vendored tree ("updates to go.mod needed"); GOPATH mode does.
export GOPATH="$work/gopath" GOCACHE="$work/gocache" GO111MODULE=off CGO_ENABLED=0 GOFLAGS=
mkdir -p "$GOPATH/src/k8s.io"
ln -sfn "$tree" "$GOPATH/src/k8s.io/kubernetes"
cd "$GOPATH/src/k8s.io/kubernetes"

if ! [ -e "$tree/openapi-generated" ]; then
  echo "generating OpenAPI definitions" >&2
  go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  # Every file, not doc.go alone: packages marked elsewhere (…/api/resource) would be missing and the API server would not start.
  packages=$(grep -rl --include='*.go' '+k8s:openapi-gen=' pkg staging/src | xargs -n1 dirname | sort -u |
    sed -e 's|^staging/src/||' -e 's|^pkg/|k8s.io/kubernetes/pkg/|' | sed 's|^k8s.io/\(api\|apimachinery\|apiserver\|apiextensions-apiserver\|client-go\|cloud-provider\|code-generator\|component-base\|component-helpers\|controller-manager\|kube-\|kubectl\|kubelet\|metrics\|sample-\)|k8s.io/kubernetes/vendor/k8s.io/\1|' | paste -sd,)
  "$work/openapi-gen" --go-header-file hack/boilerplate/boilerplate.generatego.txt --output-base "$GOPATH/src" \
    --output-package k8s.io/kubernetes/pkg/generated/openapi --output-file-base zz_generated.openapi \
    --report-filename /dev/null --input-dirs "$packages" >&2
  touch "$tree/openapi-generated"
fi

stamp=
for package in k8s.io/kubernetes/vendor/k8s.io/component-base/version k8s.io/kubernetes/vendor/k8s.io/client-go/pkg/version; do
  major=${version%%.*} rest=${version#*.}
  stamp="$stamp -X $package.gitVersion=v$version -X $package.gitMajor=$major -X $package.gitMinor=${rest%%.*} -X $package.gitTreeState=clean"
done
echo "building Kubernetes $version (about 7 minutes on 2 cores)" >&2
for program in kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy; do
  [ -x "$dest/$program" ] && continue
  echo "building $program" >&2
  go build -ldflags "-s -w $stamp" -o "$dest/.$program" "./cmd/$program"
  mv "$dest/.$program" "$dest/$program"
done
echo "$version"
