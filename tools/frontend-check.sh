#!/bin/sh
# Builds the front end beside the committed build and compares the two.
set -eu
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
(cd frontend && npm ci --no-fund --no-audit --silent && BIEG_DIST="$made/dist" node build.mjs)
diff -r "$made/dist" web/static/dist
echo "The committed build is what the sources give."
