#!/usr/bin/env bash
# Installs what the tests need on a Debian machine with Node 20.19 or newer, and runs them all:
# types, lint, import rules, then the pure tests, those with real servers, the chaos and the browser tests.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
command -v redis-server >/dev/null || packages+=(redis-server)
command -v chromium >/dev/null || packages+=(chromium)
command -v ffmpeg >/dev/null || packages+=(ffmpeg)
dpkg -s wesnoth-1.16-music >/dev/null 2>&1 || packages+=(wesnoth-1.16-music)
if [ ${#packages[@]} -gt 0 ]; then
  as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)
  $as_root apt-get update -q
  # Debian starts a packaged redis-server at once; the tests start their own.
  $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -qy --no-install-recommends "${packages[@]}"
fi

npm ci --no-audit --no-fund
npm run --silent build
npm run --silent check

results=$(mktemp)
trap 'rm -f "$results"' EXIT
status=0
npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$results" || status=$?
node infra/summary.mjs "$results" || status=1
exit "$status"
