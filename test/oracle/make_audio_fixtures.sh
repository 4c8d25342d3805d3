#!/bin/sh
# Makes the small audio files of test/fixtures/audio with ffmpeg: 7 s of a 440 Hz tone, left louder than right, in
# each format, and for test/fuzz 6 s of a rising tone with bursts of noise, so that the encoders use what they have.
# Run by hand; the outputs are committed.
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

burst() {
  output=$1
  shift
  tone="0.3*sin(2*PI*(200+300*t)*t)"
  noise="(random(0)-0.5)*lt(mod(t\\,0.5)\\,0.05)"
  ffmpeg -v error -y -f lavfi -i "aevalsrc=exprs=$tone+$noise|0.5*$tone-0.5*$noise:duration=6:sample_rate=44100" \
    -map_metadata -1 -fflags +bitexact -flags:a +bitexact "$@" "$output"
}

burst burst.mp3 -c:a libmp3lame -ar 44100 -b:a 40k
burst burst.mp2 -c:a mp2 -ar 22050 -ac 1 -b:a 32k
burst burst.m4a -c:a aac -ar 44100 -b:a 32k
burst burst-fragments.m4a -c:a aac -ar 22050 -b:a 24k -movflags frag_keyframe+empty_moov -frag_duration 1000000
burst burst-alac.m4a -c:a alac -ar 8000 -ac 1
burst burst.aac -c:a aac -ar 22050 -b:a 24k
burst burst-vorbis.ogg -c:a libvorbis -ar 22050 -q:a -1
burst burst-opus.ogg -c:a libopus -b:a 24k
burst burst.flac -c:a flac -ar 8000 -ac 1
burst burst-flac.ogg -c:a flac -ar 8000 -ac 1
burst burst.wav -c:a pcm_u8 -ar 4000 -ac 2
burst burst-ima.wav -c:a adpcm_ima_wav -ar 8000 -ac 1
burst burst-ms.wav -c:a adpcm_ms -ar 8000 -ac 1
burst burst.aiff -c:a pcm_mulaw -ar 8000 -ac 1

# Of two channels that each switch to short blocks when they like, as only lame itself makes them.
ffmpeg -v error -y -f lavfi -i "aevalsrc=exprs=(random(0)-0.5)*lt(mod(t\,0.2)\,0.02)|(random(0)-0.5)*lt(mod(t\,0.3)\,0.02):duration=1:sample_rate=24000" \
  -f wav - | lame --quiet -t -m d -b 64 - dual.mp3
