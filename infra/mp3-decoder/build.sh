#!/usr/bin/env bash
# Compiles src/audio/mp3-decoder.wasm anew: minimp3, as crates.io has it (the newest, of 2021; CC0), with clang out of a
# pinned Python package. The same bytes come out on every machine, so `git diff` shows whether anything changed.
#
#     infra/mp3-decoder/build.sh
set -euo pipefail
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
curl -fsSL -o "$work/minimp3.crate" https://static.crates.io/crates/minimp3-sys/minimp3-sys-0.6.0.crate
echo "aa16a1fbac806d94e230e0a6b9b5a137d051897a188944cf07645da4b73a9fae  $work/minimp3.crate" | sha256sum --check --quiet
tar -xzf "$work/minimp3.crate" -C "$work" --strip-components=1
python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet --disable-pip-version-check ziglang==0.13.0

# The stack holds little more than one frame's bit allocation. minimp3 asks for NEON; include/arm_neon.h is SIMD of WebAssembly.
"$work/python/bin/python" -m ziglang cc -target wasm32-freestanding -nostdlib -O3 -msimd128 -mbulk-memory \
  -D__ARM_NEON -Iinclude -I"$work/minimp3" -Wall \
  -Wl,--no-entry -Wl,-z,stack-size=65536 -s \
  -o "$work/mp3-decoder.wasm" mp3-decoder.c
cp "$work/mp3-decoder.wasm" ../../src/audio/mp3-decoder.wasm
cp "$work/minimp3/LICENSE" minimp3-LICENSE
