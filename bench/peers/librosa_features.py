"""librosa over the files that are named, one after the other, on one thread; with scipy's statistics.

The first two are analysed once more beforehand, to warm up. Prints processor seconds and the process's peak memory
as JSON, as bench/extract-clips.mjs does. Run by `bench/extract.ts --peers`, or by hand:

    python3 -m venv /tmp/librosa && /tmp/librosa/bin/pip install librosa==0.11.0
    OMP_NUM_THREADS=1 /tmp/librosa/bin/python bench/peers/librosa_features.py minimal|fma FILE...

minimal: MFCC, spectral centroid, zero-crossing rate. fma: the series of FMA's features.py that need no constant-Q
transform, tonnetz of chroma_stft: 50 bands, 350 values. One STFT is shared by all that take one.
"""

import json
import resource
import sys
import time

import librosa
import numpy as np
from scipy import stats

assert librosa.__version__.startswith("0.11."), "these figures are to be librosa 0.11's"


def minimal(samples, rate):
    magnitude = np.abs(librosa.stft(samples))
    decibels = librosa.power_to_db(librosa.feature.melspectrogram(S=magnitude**2, sr=rate))
    return [
        librosa.feature.mfcc(S=decibels),
        librosa.feature.spectral_centroid(S=magnitude, sr=rate),
        librosa.feature.zero_crossing_rate(samples),
    ]


def fma(samples, rate):
    magnitude = np.abs(librosa.stft(samples))
    power = magnitude**2
    chroma = librosa.feature.chroma_stft(S=power, sr=rate)
    return [
        librosa.feature.mfcc(S=librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=rate))),
        librosa.feature.spectral_centroid(S=magnitude, sr=rate),
        librosa.feature.spectral_bandwidth(S=magnitude, sr=rate),
        librosa.feature.spectral_contrast(S=magnitude, sr=rate),
        librosa.feature.spectral_rolloff(S=magnitude, sr=rate),
        librosa.feature.rms(S=magnitude),
        librosa.feature.zero_crossing_rate(samples),
        chroma,
        librosa.feature.tonnetz(chroma=chroma),
    ]


def analyse(file, series):
    samples, rate = librosa.load(file)
    values = np.vstack(series(samples, rate))
    return [
        stats.kurtosis(values, axis=1),
        values.max(axis=1),
        values.mean(axis=1),
        np.median(values, axis=1),
        values.min(axis=1),
        stats.skew(values, axis=1),
        values.std(axis=1),
    ]


series = {"minimal": minimal, "fma": fma}[sys.argv[1]]
files = sys.argv[2:]
for file in files[:2]:
    analyse(file, series)
start = time.process_time()
for file in files:
    analyse(file, series)
seconds = time.process_time() - start
megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"clips": len(files), "seconds": seconds, "megabytes": megabytes}))
