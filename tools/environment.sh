#!/bin/sh
# Makes .venv. Debian ships Python without its venv package; root may add it here.
set -eu
python=$1
if [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1; then exit 0; fi
rm -rf .venv
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Bieg needs Python 3.11 or newer." >&2
  exit 1
fi
if "$python" -m venv .venv 2>/dev/null; then exit 0; fi
rm -rf .venv
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
  "$python" -m venv .venv
else
  echo "Install the package python3-venv first: sudo apt install python3-venv" >&2
  exit 1
fi
