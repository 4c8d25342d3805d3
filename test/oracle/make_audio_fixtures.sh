#!/bin/sh
# Makes the small audio files of test/fixtures/audio with ffmpeg: 7 s of a 440 Hz tone, left louder than right, in
# each format. Run by hand; the outputs are committed.
set -eu
cd "$(dirname "$0")/../fixtures/audio"

encode() {
  output=$1
  shift
  ffmpeg -v error -y -f lavfi \
    -i "aevalsrc=exprs=0.4*sin(2*PI*440*t)|0.2*sin(2*PI*440*t):duration=7:sample_rate=44100" \
    -map_metadata -1 -fflags +bitexact -flags:a +bitexact "$@" "$output"
}

encode tone.mp3 -c:a libmp3lame -ar 44100 -b:a 32k
encode tone-without-xing.mp3 -c:a libmp3lame -ar 22050 -ac 1 -b:a 16k -write_xing 0 -id3v2_version 0
encode tone-vorbis.ogg -c:a libvorbis -ar 44100 -q:a -1
encode tone-opus.ogg -c:a libopus -b:a 16k
encode tone-flac.ogg -c:a flac -ar 8000 -ac 1 -compression_level 12
encode tone.flac -c:a flac -ar 8000 -ac 1 -compression_level 12
encode tone.m4a -c:a aac -ar 44100 -b:a 24k -movflags +faststart
encode tone-moov-last.m4a -c:a aac -ar 22050 -ac 1 -b:a 16k
encode tone.aac -c:a aac -ar 44100 -b:a 24k
