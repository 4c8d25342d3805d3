"""How near the descriptors are to librosa's, over a folder of music.

Run by hand, with librosa 0.11, numpy, scipy and ffmpeg, after `npm run build`:

    python test/oracle/librosa_parity.py FOLDER

Two tables, both in Markdown. "On the same samples": ffmpeg decodes, librosa resamples (soxr_hq), and both programs get
those samples; a deviation is a share of the descriptor's largest value in the clip. "From the file": this program
decodes and resamples by itself; a deviation of a statistic is a share of its spread (standard deviation) over the folder's clips.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import librosa
import numpy as np

from librosa_golden import RATE, series, statistics

PROGRAM = pathlib.Path(__file__).parent.parent.parent / "dist" / "cli" / "main.js"
# In the order of librosa_golden.statistics.
STATISTICS = ["kurtosis", "max", "mean", "median", "min", "skew", "std"]


def decode(path):
    """The mean of the channels at 22,050 Hz, float32."""
    command = ["ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "stream=channels,sample_rate"]
    stream = json.loads(subprocess.check_output([*command, "-of", "json", path]))["streams"][0]
    pcm = subprocess.check_output(["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-f", "f32le", "-"])
    channels = np.frombuffer(pcm, "<f4").reshape(-1, stream["channels"])
    mono = librosa.to_mono(channels.T)
    return librosa.resample(mono, orig_sr=int(stream["sample_rate"]), target_sr=RATE)


def ours(path, *options):
    output = subprocess.check_output(["node", PROGRAM, "features", "--json", *options, path])
    return next(iter(json.loads(output).values()))


def on_the_same_samples(samples, reference, folder, worst, beyond):
    file = folder / "clip.f32"
    samples.astype("<f4").tofile(file)
    values = ours(file, "--pcm")
    for name, expected in reference.items():
        found = np.array(values[name]).T
        deviation = np.abs(found - expected) / max(np.abs(expected).max(), 1e-30)
        worst.setdefault(name, []).append(deviation.max())
        beyond.setdefault(name, []).append((deviation > 1e-4).mean())


def from_the_file(path, reference, found, expected):
    values = ours(path, "--statistics")
    for name, array in reference.items():
        found.setdefault(name, []).append([values[name][statistic] for statistic in STATISTICS])
        expected.setdefault(name, []).append(np.nan_to_num(statistics(array)))


def main(folder):
    paths = sorted(pathlib.Path(folder).iterdir())
    worst, beyond, found, expected = {}, {}, {}, {}
    with tempfile.TemporaryDirectory() as temporary:
        for path in paths:
            samples = decode(path)
            reference = series(samples)
            on_the_same_samples(samples, reference, pathlib.Path(temporary), worst, beyond)
            from_the_file(path, reference, found, expected)
            print(f"{path.name}", file=sys.stderr)

    print(f"On the same samples, {len(paths)} clips:\n")
    print("| descriptor | largest deviation | values beyond 1e-4 |\n| --- | --- | --- |")
    for name in worst:
        print(f"| `{name}` | {max(worst[name]):.1e} | {np.mean(beyond[name]):.4%} |")

    print(f"\nFrom the file, {len(paths)} clips, in shares of the spread:\n")
    print("| descriptor | median deviation | largest | statistics beyond 1 % | largest of mean, median, std |")
    print("| --- | --- | --- | --- | --- |")
    for name in found:
        ours_, theirs = np.array(found[name]), np.array(expected[name])
        spread = theirs.std(axis=0)
        # Some vary by no more than rounding: the min of a series that always starts at 0, the last lags of a tempogram.
        varies = spread > 1e-5 * np.abs(theirs).max()
        deviation = np.abs(ours_ - theirs)[:, varies] / spread[varies]
        central = np.isin(STATISTICS, ("mean", "median", "std"))[:, np.newaxis] & varies
        inner = np.abs(ours_ - theirs)[:, central] / spread[central]
        print(
            f"| `{name}` | {np.median(deviation):.1e} | {deviation.max():.1e} | {(deviation > 0.01).mean():.2%} "
            f"| {inner.max():.1e} |"
        )


if __name__ == "__main__":
    main(sys.argv[1])
