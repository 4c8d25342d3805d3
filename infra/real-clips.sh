#!/bin/sh
# Real music for tests: 30-s MP3 clips (44.1 kHz stereo, 256 kbit/s, FMA's form) from the middle of the
# tracks of Debian's wesnoth-1.16-music; shorter tracks whole. The same input gives the same bytes, and what
# is there already is not made again.
#
# usage: infra/real-clips.sh OUT [N]     the first N tracks by name; all without N
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  echo "usage: $0 OUT [N]" >&2
  exit 2
fi
out=$1
tracks=$(dpkg -L wesnoth-1.16-music 2>/dev/null | grep '\.ogg$' | LC_ALL=C sort | head -n "${2:-999}") || true
if [ -z "$tracks" ]; then
  echo "$0: no music found; install it with: apt-get install wesnoth-1.16-music" >&2
  exit 1
fi
command -v ffmpeg ffprobe >/dev/null || {
  echo "$0: ffmpeg is missing; install it with: apt-get install ffmpeg" >&2
  exit 1
}
mkdir -p "$out"

# A clip gets its name when it is whole. -bitexact leaves out the encoder's version, which would differ between
# builds of ffmpeg; the tags are the stream's in Ogg, the file's in MP3.
# shellcheck disable=SC2016
printf '%s\n' "$tracks" | OUT=$out xargs -P 2 -I TRACK sh -eu -c '
  clip=$OUT/$(basename "$1" .ogg).mp3
  [ ! -e "$clip" ] || exit 0
  seconds=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$1")
  start=$(LC_ALL=C awk "BEGIN { start = $seconds / 2 - 15; print (start > 0 ? start : 0) }")
  ffmpeg -nostdin -v error -y -ss "$start" -t 30 -i "$1" -map 0:a:0 -map_metadata -1 \
    -metadata title="$(ffprobe -v error -show_entries stream_tags=title -of default=nw=1:nk=1 "$1")" \
    -metadata artist="$(ffprobe -v error -show_entries stream_tags=artist -of default=nw=1:nk=1 "$1")" \
    -ar 44100 -ac 2 -c:a libmp3lame -b:a 256k -threads 1 -bitexact -f mp3 "$clip.$$.tmp"
  mv "$clip.$$.tmp" "$clip"
' sh TRACK
