#!/bin/sh
# The browser tests drive the system's Chromium with Polish as its language.
set -eu
if command -v chromium >/dev/null 2>&1; then exit 0; fi
as_root=""
if [ "$(id -u)" != 0 ]; then
  if command -v sudo >/dev/null 2>&1; then as_root=sudo; else
    echo "Install chromium first: apt install chromium" >&2
    exit 1
  fi
fi
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium >/dev/null
