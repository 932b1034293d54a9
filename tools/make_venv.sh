#!/bin/bash
# Puts the pinned requirements into .venv (made when it is missing):  make_venv.sh REQUIREMENTS STAMP
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=$1 stamp=$2

say() { printf '%s\n' "$*" >&2; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null && new_enough "$name"; then command -v "$name"; return; fi
    done
    say "Python 3.11 or newer is needed and was not found. On Debian: apt-get install python3 python3-venv"
    say "Or name one: make install PYTHON=/path/to/python3.11"
    return 1
}

make_venv() {
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            say "This Python cannot make virtual environments; installing the package python3-venv."
            apt-get update -qq
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=300 python3-venv >&2
        else
            say "This Python cannot make virtual environments. Run: sudo apt-get install python3-venv"
            return 1
        fi
    fi
    say "Making .venv with $("$python" --version)."
    "$python" -m venv .venv
}

[ -x .venv/bin/pip ] && .venv/bin/python -c '' 2>/dev/null || { rm -rf .venv; make_venv; }
say "Installing $requirements (a minute on a first run)."
.venv/bin/python -m pip install -qq --disable-pip-version-check -r "$requirements" -c constraints.txt
# Only their checking core is used: what else they name (see docs/adr) stays out.
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps -r requirements-alone.txt
touch "$stamp"
