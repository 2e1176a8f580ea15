#!/usr/bin/env bash
# Builds Prometheus 3 with promtool, and actionlint, from their Go modules, and links them in .cache/real/bin. Debian has none of
# them. The build takes minutes, so its result is kept in the user's cache, where a fresh checkout finds it. Called by
# install-real-stack.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Prometheus 3.N.P is version 0.3NN.P of the module.
PROMETHEUS=0.316.0
VERSION_FLAG="-X github.com/prometheus/common/version.Version=3.${PROMETHEUS#0.3}"
ACTIONLINT=1.7.12
GO=1.26.7 # What go.mod of that Prometheus requires.

bin=.cache/real/bin
builds=${XDG_CACHE_HOME:-$HOME/.cache}/electrumx-exporter
mkdir -p "$bin" "$builds"

say() { printf 'real stack: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

require_go() {
  local version
  command -v go >/dev/null 2>&1 || fail "go is missing; install Go $GO or newer (https://go.dev/doc/install)"
  version=$(go env GOVERSION)
  printf '%s\n' "$GO" "${version#go}" | sort --check=quiet --version-sort ||
    fail "$version is too old; install Go $GO or newer (https://go.dev/doc/install)"
}

# Builds packages of one version of a module into a directory of the cache. An interrupted build leaves nothing there.
build() {
  local directory=$builds/$1 version=$2 package work
  shift 2
  [ -d "$directory" ] && return 0
  require_go
  work=$(mktemp -d "$builds/build.XXXXXX")
  say "go install $* at $version"
  for package in "$@"; do
    # The tests discover targets by file only, which needs none of the cloud libraries.
    GOBIN=$work CGO_ENABLED=0 nice -n 10 go install -tags remove_all_sd -ldflags "-s -w $VERSION_FLAG" \
      "$package@$version" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; rm -rf "$work"; fail "go install $package@$version failed (above)"; }
  done
  rm "$work/log"
  mv --no-target-directory "$work" "$directory"
}

build "prometheus-$PROMETHEUS" "v$PROMETHEUS" \
  github.com/prometheus/prometheus/cmd/prometheus github.com/prometheus/prometheus/cmd/promtool
build "actionlint-$ACTIONLINT" "v$ACTIONLINT" github.com/rhysd/actionlint/cmd/actionlint

ln -sf "$builds/prometheus-$PROMETHEUS/prometheus" "$bin/prometheus3"
ln -sf "$builds/prometheus-$PROMETHEUS/promtool" "$bin/promtool3"
ln -sf "$builds/actionlint-$ACTIONLINT/actionlint" "$bin/actionlint"
