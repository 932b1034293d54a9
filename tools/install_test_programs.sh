#!/bin/bash
# Installs by apt what the tests need besides Python packages: a browser, gettext's programs, Chinese letters.
# Does nothing where they are there; only says so where this user may not install.
set -euo pipefail

wanted=()
command -v chromium >/dev/null || command -v google-chrome >/dev/null || wanted+=(chromium)
command -v xgettext >/dev/null && command -v msgfmt >/dev/null || wanted+=(gettext)
[ -n "$(find /usr/share/fonts /usr/local/share/fonts -iname '*cjk*' -print -quit 2>/dev/null)" ] || wanted+=(fonts-noto-cjk)
[ ${#wanted[@]} = 0 ] && exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
    echo "Missing: ${wanted[*]}. The tests that need them are skipped. On Debian: sudo apt-get install ${wanted[*]}" >&2
    exit 0
fi
echo "Installing for the tests: ${wanted[*]}" >&2
"${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
