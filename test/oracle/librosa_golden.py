"""Golden values of the descriptors: librosa's series and scipy's statistics for a few signals.

Run by hand; the small outputs are committed:

    pip install -r test/oracle/requirements.txt
    python test/oracle/librosa_golden.py [SAMPLES]

Five signals are synthetic, two are the first seconds of real sounds: a guitar (Sub-d) and a tabla (lezaarth), both CC0,
from the samples of Sonic Pi. SAMPLES is the folder that holds them (samples/ of the npm package
supersonic-scsynth-samples); without it they are read from the .pcm files that an earlier run wrote.

Each signal is <name>.pcm, 16-bit little-endian samples that are exact in float32. <name>.f32 holds the values in
the order that golden.json names, without those omitted of the signal, float32, frames x bands.
"""

import json
import pathlib
import sys

import librosa
import numpy as np
import scipy.stats

RATE = 22050
SECONDS = 3
OUTPUT = pathlib.Path(__file__).parent.parent / "fixtures" / "audio" / "golden"
# All frames of the wide series would be most of the files.
EVERY = {"mel": 16, "tempogram": 32, "tempogram_ratio": 8, "mfcc_delta": 8}
# In digital silence these are what librosa's resampler leaves of its rounding: nothing to compare with.
OMITTED = {"rising": ["chroma_cqt", "chroma_cens", "tonnetz_cens"]}

# Albrecht & Shanahan 2013, Music Perception 31:1, appendix; the tonic first.
MAJOR = [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081]
MINOR = [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052]


def signals():
    random = np.random.default_rng(20240501)
    time = np.arange(SECONDS * RATE) / RATE
    noise = random.standard_normal(len(time))

    yield "chirp", 0.5 * np.sin(2 * np.pi * 60 * 3 * (150 ** (time / 3) - 1) / np.log(150)) + 0.005 * noise

    # A minor chord 23 cents sharp of A440, so that the tuning estimate has something to find.
    detune = 2 ** (0.23 / 12)
    vibrato = 0.0008 * np.sin(2 * np.pi * 5.5 * time)
    chord = sum(
        0.12 / harmonic * np.sin(2 * np.pi * root * detune * harmonic * (time + vibrato))
        for root in (220.0, 261.63, 329.63)
        for harmonic in range(1, 7)
    )
    yield "chord", chord + 0.001 * noise

    bursts = noise * (np.sin(2 * np.pi * 2 * time) > 0) * 0.2
    yield "bursts", np.convolve(bursts, np.hanning(16) / 8, mode="same") + 0.001 * random.standard_normal(len(time))

    clicks = np.zeros(len(time))
    clicks[::5512] = 0.9
    yield "clicks", np.convolve(clicks, np.exp(-np.arange(400) / 60), mode="full")[: len(time)] + 0.0005 * noise

    # The first second is digital silence but for two samples, then very quiet, then loud: top_db and amin bite.
    rising = np.where(time < 1, 0, np.where(time < 2, 0.0001, 0.6)) * (np.sin(2 * np.pi * 440 * time) + 0.3 * noise)
    rising[[3000, 3001]] = 0.0001
    yield "rising", rising


def key_of(chroma):
    """The best of 24 keys, C to B major, then minor, and its correlation with the mean chroma."""
    profiles = [np.roll(profile, tonic) for profile in (MAJOR, MINOR) for tonic in range(12)]
    correlations = [scipy.stats.pearsonr(chroma.mean(axis=1), profile).statistic for profile in profiles]
    return np.argmax(correlations), np.max(correlations)


def dynamic_range(rms):
    """EBU Tech 3342 of the plain level: stretches of 3 s, gated at -70 dB and 20 dB below their mean, 10 to 95 %."""
    stretches = np.lib.stride_tricks.sliding_window_view(rms[0].astype(np.float64) ** 2, round(3 * RATE / 512))
    powers = stretches.mean(axis=1)
    powers = powers[powers > 1e-7]
    if len(powers) == 0:
        return 0
    levels = np.sort(10 * np.log10(powers[powers > powers.mean() / 100]))
    return levels[round((len(levels) - 1) * 0.95)] - levels[round((len(levels) - 1) * 0.10)]


def music(folder):
    for name, file in (("guitar", "guit_em9.flac"), ("tabla", "loop_tabla.flac")):
        if folder is None:
            yield name, np.fromfile(OUTPUT / f"{name}.pcm", dtype="<i2") / 32768
        else:
            yield name, librosa.load(pathlib.Path(folder) / file, sr=RATE, duration=SECONDS)[0]


def series(samples):
    spectrum = np.abs(librosa.stft(samples))
    power = spectrum**2
    mel = librosa.feature.melspectrogram(S=power, sr=RATE)
    decibels = librosa.power_to_db(mel)
    chroma = librosa.feature.chroma_stft(S=power, sr=RATE)
    # Hop 512, 84 bins, 12 an octave; FMA's call besides has the tuning estimated.
    constant_q = np.abs(librosa.cqt(samples, sr=RATE, tuning=None))
    cens = librosa.feature.chroma_cens(C=constant_q, bins_per_octave=12)
    onsets = librosa.onset.onset_strength(S=decibels, sr=RATE)
    tempo = librosa.feature.tempo(onset_envelope=onsets, sr=RATE)
    pulse = librosa.feature.tempogram(onset_envelope=onsets, sr=RATE, win_length=int(8 * RATE / 512)).mean(axis=1)
    tempo_strength = pulse[round(60 * RATE / (512 * tempo[0]))]
    mfcc = librosa.feature.mfcc(S=decibels, n_mfcc=20)
    rms = librosa.feature.rms(y=samples)
    key, key_strength = key_of(chroma)
    return {
        "mfcc": mfcc,
        "mel": mel,
        "spectral_centroid": librosa.feature.spectral_centroid(S=spectrum, sr=RATE),
        "spectral_bandwidth": librosa.feature.spectral_bandwidth(S=spectrum, sr=RATE),
        "spectral_rolloff": librosa.feature.spectral_rolloff(S=spectrum, sr=RATE),
        "spectral_contrast": librosa.feature.spectral_contrast(S=spectrum, sr=RATE),
        "spectral_flatness": librosa.feature.spectral_flatness(S=spectrum),
        "zcr": librosa.feature.zero_crossing_rate(samples),
        "rms": rms,
        "chroma_stft": chroma,
        "chroma_cqt": librosa.feature.chroma_cqt(C=constant_q, bins_per_octave=12),
        "chroma_cens": cens,
        "tonnetz_cens": librosa.feature.tonnetz(chroma=cens),
        "onset_strength": onsets[np.newaxis],
        # librosa has none: Dixon, "Onset detection revisited", DAFx-06.
        "spectral_flux": np.maximum(0, np.diff(spectrum, prepend=spectrum[:, :1])).sum(axis=0, keepdims=True),
        "tonnetz": librosa.feature.tonnetz(chroma=chroma),
        "tempo": tempo[np.newaxis],
        "tempo_strength": np.array([[tempo_strength]]),
        "tuning": np.array([[librosa.estimate_tuning(S=power, sr=RATE)]]),
        "tempogram": librosa.feature.tempogram(onset_envelope=onsets, sr=RATE),
        # One tempo for all frames; by default librosa takes one a frame.
        "tempogram_ratio": librosa.feature.tempogram_ratio(
            onset_envelope=onsets, sr=RATE, bpm=np.repeat(tempo, len(onsets))
        ),
        "key": np.array([[key]]),
        "key_strength": np.array([[key_strength]]),
        "dynamic_range": np.array([[dynamic_range(rms)]]),
        "mfcc_delta": librosa.feature.delta(mfcc),
    }


def statistics(values):
    """FMA's seven, bands x statistics, in float64."""
    values = values.astype(np.float64)
    return np.stack(
        [
            scipy.stats.kurtosis(values, axis=1),
            values.max(axis=1),
            values.mean(axis=1),
            np.median(values, axis=1),
            values.min(axis=1),
            scipy.stats.skew(values, axis=1),
            values.std(axis=1),
        ]
    )


def main(folder=None):
    OUTPUT.mkdir(parents=True, exist_ok=True)
    index = {"librosa": librosa.__version__, "every": EVERY, "signals": []}
    for name, signal in [*signals(), *music(folder)]:
        pcm = np.clip(np.round(signal * 32768), -32768, 32767).astype("<i2")
        pcm.tofile(OUTPUT / f"{name}.pcm")
        values = series(pcm.astype(np.float32) / np.float32(32768))
        omitted = OMITTED.get(name, [])
        with open(OUTPUT / f"{name}.f32", "wb") as file:
            for descriptor, array in values.items():
                if descriptor in omitted:
                    continue
                file.write(array.T[:: EVERY.get(descriptor, 1)].astype("<f4").tobytes())
                file.write(statistics(array).astype("<f4").tobytes())
        index["signals"].append({"name": name, "omitted": omitted})
    index["descriptors"] = list(values)
    (OUTPUT / "golden.json").write_text(json.dumps(index, indent=2) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
