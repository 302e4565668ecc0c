#!/bin/sh
# Make .venv ready: system packages where they are missing, then Python ones. Done work is not done again.
#   ./setup.sh          what rendering needs
#   ./setup.sh dev      and what tests need
# PYTHON=python3.12 chooses an interpreter; PIP_FLAGS="…" is handed to pip install.
set -eu
cd "$(dirname "$0")"

ready=.venv/.ready${1:+-$1}
if [ -f "$ready" ] && [ "$ready" -nt pyproject.toml ]; then
    exit 0
fi

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if command -v "$python" >/dev/null 2>&1 && recent "$python"; then
            command -v "$python"
            return
        fi
    done
}

builds() { # can this machine compile what pip may have to compile?
    command -v cc >/dev/null 2>&1 && command -v pkg-config >/dev/null 2>&1 &&
        pkg-config --exists cairo pangocairo &&
        "$1" -c 'import ensurepip, os, sys, sysconfig, venv
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' 2>/dev/null
}

python=$(find_python)
if [ -z "$python" ] || ! builds "$python"; then
    case "$(uname -s)" in
    Darwin) line="brew install python cairo pango pkg-config" ;;
    *)
        if command -v dnf >/dev/null 2>&1; then
            line="sudo dnf install -y gcc gcc-c++ python3-devel pkgconf-pkg-config cairo-devel pango-devel"
        else
            line="apt-get update && apt-get install -y build-essential pkg-config libcairo2-dev libpango1.0-dev python3-dev python3-venv"
        fi
        ;;
    esac
    case "$line" in
    apt-get*)
        if [ "$(id -u)" -eq 0 ]; then
            as=""
        elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
            as="sudo"
        else
            fail "system packages are missing; run this once, then the same command again:
  sudo sh -c '$line'"
        fi
        echo "setup: installing system packages (cairo, pango, a compiler)" >&2
        $as sh -c "export DEBIAN_FRONTEND=noninteractive; $line" >&2 ||
            fail "that failed; mend it, or run it by hand:
  $line"
        ;;
    *) fail "system packages are missing; run this once, then the same command again:
  $line" ;;
    esac
    python=$(find_python)
    [ -n "$python" ] || fail "no Python 3.11 or newer found; install one, or name it: PYTHON=/path/to/python make film"
    builds "$python" || fail "$python still lacks its headers or venv; on Debian: apt-get install -y ${python##*/}-dev ${python##*/}-venv"
fi

# Two programs that only tests call: a browser, to see what viewers see, and a voice.
if [ "${1:-}" = dev ]; then
    missing=""
    command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="chromium"
    command -v espeak-ng >/dev/null 2>&1 || missing="$missing espeak-ng"
    if [ -n "$missing" ]; then
        line="apt-get update && apt-get install -y --no-install-recommends $missing"
        if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
            echo "setup: installing what tests call:$missing" >&2
            sh -c "export DEBIAN_FRONTEND=noninteractive; $line" >/dev/null || fail "that failed; mend it, or run it by hand:
  $line"
        else
            echo "setup: tests that call$missing are skipped; on Debian: sudo sh -c '$line'" >&2
        fi
    fi
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "setup: installing Python packages into .venv" >&2
.venv/bin/python -m pip install --quiet --upgrade 'pip>=25.1' >&2
# shellcheck disable=SC2086 # flags are words
.venv/bin/python -m pip install --quiet ${PIP_FLAGS:-} --editable . ${1:+--group "$1"} >&2
touch .venv/.ready "$ready" # what tests need includes what rendering needs
