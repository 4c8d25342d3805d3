"""Writes the golden table of test/store/fma-csv.test.ts: a features.csv as pandas wrote that of fma_metadata.

Run by hand, with Python 3 and pandas (written with pandas 3.1.1):
    python test/oracle/fma_features.py
Made as features.py of mdeff/fma does it: columns of three levels, sorted, floats as %.10e, tracks by their number.
The values follow a formula that the test repeats.
"""

from pathlib import Path

import numpy as np
import pandas as pd

FILE = Path(__file__).parents[1] / "fixtures" / "store" / "features.csv"
TRACKS = [2, 10, 155320]
BANDS = {
    "chroma_stft": 12,
    "chroma_cqt": 12,
    "chroma_cens": 12,
    "tonnetz": 6,
    "mfcc": 20,
    "rmse": 1,
    "zcr": 1,
    "spectral_centroid": 1,
    "spectral_bandwidth": 1,
    "spectral_contrast": 7,
    "spectral_rolloff": 1,
}
STATISTICS = ["mean", "std", "skew", "kurtosis", "median", "min", "max"]


def code(text):
    return sum(map(ord, text))


def value(track, feature, statistic, band):
    """Of its own in each column, as float32."""
    sign = -1 if band % 2 else 1
    return float(np.float32(sign * track * ((31 * code(feature) + code(statistic)) * 32 + band) / (3 * 2**34)))


columns = pd.MultiIndex.from_tuples(
    [
        (feature, statistic, f"{band + 1:02d}")
        for feature, bands in BANDS.items()
        for statistic in STATISTICS
        for band in range(bands)
    ],
    names=["feature", "statistics", "number"],
)
table = pd.DataFrame(
    [[value(track, feature, statistic, int(number) - 1) for feature, statistic, number in columns] for track in TRACKS],
    index=pd.Index(TRACKS, name="track_id"),
    columns=columns,
)
FILE.parent.mkdir(exist_ok=True)
table.sort_index(axis=1).to_csv(FILE, float_format="%.10e")
