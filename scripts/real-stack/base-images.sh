#!/usr/bin/env bash
# Builds the two base images of the Dockerfile without an image registry: Debian by debootstrap, without documentation and package
# lists, as in Debian's slim image; and the same with Node and npm from npm. Called by install-real-stack.sh, as root.
set -euo pipefail
cd "$(dirname "$0")/../.."

store=$PWD/.cache/real/images
buildah() { command buildah --root "$store/root" --runroot "$store/run" "$@"; }
fail() { echo "base images: $*" >&2; exit 1; }

# The names after FROM: node:VERSION-RELEASE-slim, then debian:VERSION-slim.
mapfile -t bases < <(sed -n 's/^FROM \([^ ]*\).*/\1/p' Dockerfile)
[[ ${bases[0]} =~ ^node:([0-9.]+)-([a-z]+)-slim$ ]] || fail "unsupported first base image: ${bases[0]}"
node_version=${BASH_REMATCH[1]} release=${BASH_REMATCH[2]}
[[ ${bases[1]} =~ ^debian:[0-9.]+-slim$ ]] || fail "unsupported second base image: ${bases[1]}"
with_node=docker.io/library/${bases[0]} bare=docker.io/library/${bases[1]}

buildah inspect --type image "$with_node" >/dev/null 2>&1 && buildah inspect --type image "$bare" >/dev/null 2>&1 && exit 0
[ "$(id -u)" = 0 ] || fail 'debootstrap needs root'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "base images: debootstrap $release"
debootstrap --variant=minbase "$release" "$work/debian" >"$work/debootstrap.log" 2>&1 ||
  { tail -n 20 "$work/debootstrap.log" >&2; fail 'debootstrap failed (above)'; }
rm -rf "$work"/debian/usr/share/{doc,man,locale,info} "$work"/debian/var/{cache/apt,lib/apt/lists}/*
container=$(buildah from scratch)
buildah copy --quiet "$container" "$work/debian" / >/dev/null
buildah commit --quiet --rm "$container" "$bare" >/dev/null

echo "base images: node@$node_version from npm"
npm install --silent --no-save --no-audit --no-fund --prefix "$work/node" "node@$node_version"
container=$(buildah from --pull-never "$bare")
buildah copy --quiet "$container" "$work/node/node_modules/node/bin/node" /usr/local/bin/node >/dev/null
buildah copy --quiet "$container" "$(npm root --global)/npm" /usr/local/lib/node_modules/npm >/dev/null
buildah run --isolation chroot "$container" ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
# If the machine trusts additional certificates, `npm ci` needs them in the image, too.
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
  buildah copy --quiet "$container" "$NODE_EXTRA_CA_CERTS" /etc/ssl/certs/ca-certificates.crt >/dev/null
  buildah config --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$container"
fi
buildah commit --quiet --rm "$container" "$with_node" >/dev/null
