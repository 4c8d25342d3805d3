"""Golden values of src/audio/segments.ts: numpy's means and deviations of librosa's series over each 5 s.

Run by hand, after librosa_golden.py:

    python test/oracle/segments.py

The signal is the five synthetic ones, one behind the other, cut to 12.7 s. segments.f32 holds float32, 3 segments x 2 x
46 bands.
"""

import numpy as np
from librosa_golden import OUTPUT, RATE, series

NAMES = ["chirp", "chord", "bursts", "clicks", "rising"]
SAMPLES = int(12.7 * RATE)
ORDER = """mfcc spectral_contrast chroma_stft spectral_centroid spectral_bandwidth spectral_rolloff spectral_flatness
zcr rms onset_strength""".split()

signal = np.concatenate([np.fromfile(OUTPUT / f"{name}.pcm", dtype="<i2") for name in NAMES])
signal = signal[:SAMPLES].astype(np.float32) / np.float32(32768)
values = series(signal)
bands = np.concatenate([values[name] for name in ORDER]).astype(np.float64)
centres = np.arange(bands.shape[1]) * 512 / RATE
segments = []
for start in (0, 5, 10):
    inside = bands[:, (centres >= start) & (centres < min(start + 5, SAMPLES / RATE))]
    segments.append([inside.mean(axis=1), inside.std(axis=1)])
np.array(segments).astype("<f4").tofile(OUTPUT / "segments.f32")
