"""Makes test/fixtures/audio/formats: one short sound in every format and depth, and what an independent decoder
makes of it (formats.json): libsndfile for what is lossless, ffmpeg for the rest. Run by hand.

Each entry: file, rate, channels, length, and of the samples (interleaved, float32) either their sha256 or, where
decoders differ by rounding, 64 of them at even distances; of MPEG audio, which is decoded to one channel, those of the
channels' mean.
"""
import hashlib
import json
import pathlib
import subprocess

import numpy as np
import soundfile

folder = pathlib.Path(__file__).parent.parent / "fixtures/audio/formats"
folder.mkdir(exist_ok=True)
random = np.random.default_rng(7)
noise = np.clip(random.normal(0, 0.3, (250, 2)), -1, 1)
noise[:2] = [[1, -1], [0, -0.0]]
entries = []


def describe(path, samples, rate, exact):
    samples = np.asarray(samples, np.float32)
    entry = {"file": path.name, "sampleRate": rate, "channels": samples.shape[1], "length": len(samples)}
    if exact:
        entry["sha256"] = hashlib.sha256(samples.tobytes()).hexdigest()
    else:
        mixed = path.suffix in [".mp3", ".mp2"]
        flat = samples.mean(axis=1) if mixed else samples.ravel()
        entry["picks"] = [round(float(x), 7) for x in flat[:: len(flat) // 64][:64]]
    entries.append(entry)


def lossless(name, form, subtype, endian=None):
    path = folder / name
    soundfile.write(path, noise, 8000, format=form, subtype=subtype, endian=endian)
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    describe(path, samples, rate, exact=True)


depths = ["PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ALAW", "ULAW"]
for depth in ["PCM_U8", *depths]:
    for ending, form in {"wav": "WAV", "wavex": "WAVEX", "rf64": "RF64", "w64": "W64"}.items():
        lossless(f"{depth.lower()}.{ending}", form, depth)
for depth in ["PCM_S8", *depths]:
    lossless(f"{depth.lower()}.aiff", "AIFF", depth)
for depth in ["PCM_16", "PCM_24", "PCM_32"]:
    lossless(f"{depth.lower()}_little.aifc", "AIFF", depth, "LITTLE")
for depth in ["PCM_S8", "PCM_16", "PCM_24"]:
    lossless(f"{depth.lower()}.flac", "FLAC", depth)
lossless("ms_adpcm.wav", "WAV", "MS_ADPCM")


def lossy(name, *options, seconds=1):
    path = folder / name
    source = f"aevalsrc=exprs=0.4*sin(2*PI*440*t)|0.2*sin(2*PI*660*t):duration={seconds}:sample_rate=44100"
    exactly = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, *exactly, *options, path], check=True)
    if path.suffix in [".mp3", ".ogg"]:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    else:
        probe = ["ffprobe", "-v", "error", "-show_entries", "stream=sample_rate,channels", "-of", "json", path]
        [stream] = json.loads(subprocess.check_output(probe))["streams"]
        rate = int(stream["sample_rate"])
        # libopus, as ffmpeg's own decoder of Opus fills the high bands with other noise.
        decoder = ["-c:a", "libopus"] if "opus" in name else []
        raw = subprocess.check_output(["ffmpeg", "-v", "error", *decoder, "-i", path, "-f", "f32le", "-"])
        samples = np.frombuffer(raw, np.float32).reshape(-1, stream["channels"])
        # ffmpeg 5 leaves the encoder's padding that the edit list of an MP4 file cuts off.
        if path.suffix in [".mp4", ".m4a"]:
            samples = samples[: round(seconds * rate)]
    describe(path, samples, rate, exact=False)


for rate in [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000]:
    lossy(f"mono-{rate}.mp3", "-c:a", "libmp3lame", "-ar", str(rate), "-ac", "1")
lossy("stereo-44100.mp3", "-c:a", "libmp3lame")
lossy("variable.mp3", "-c:a", "libmp3lame", "-q:a", "5")
lossy("layer-2.mp2", "-c:a", "mp2", "-b:a", "64k")
lossy("layer-2-22050.mp2", "-c:a", "mp2", "-ar", "22050", "-ac", "1", "-b:a", "32k")
lossy("stereo.m4a", "-c:a", "aac", "-b:a", "48k", "-aac_pns", "0")
lossy("mono-8000.m4a", "-c:a", "aac", "-ar", "8000", "-ac", "1", "-aac_pns", "0")
lossy("alac.m4a", "-c:a", "alac", seconds=0.2)
lossy("mp3.mp4", "-c:a", "libmp3lame", "-b:a", "48k")
lossy("opus.mp4", "-c:a", "libopus", "-b:a", "32k", "-strict", "-2")
lossy("stereo.opus", "-c:a", "libopus", "-b:a", "32k")
lossy("mono-8000.opus", "-c:a", "libopus", "-ar", "8000", "-ac", "1")
lossy("surround.opus", "-c:a", "libopus", "-ac", "6", "-b:a", "64k", seconds=0.5)
lossy("stereo.ogg", "-c:a", "libvorbis", "-q:a", "-1")
lossy("mono-8000.ogg", "-c:a", "libvorbis", "-ar", "8000", "-ac", "1")
lossy("surround.ogg", "-c:a", "libvorbis", "-ac", "6", "-q:a", "-1", seconds=0.5)

(folder / "formats.json").write_text("[\n" + ",\n".join("  " + json.dumps(e) for e in entries) + "\n]\n")
