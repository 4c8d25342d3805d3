"""UMAP by umap-learn beside bench/map.ts, which starts it, and the quality of both pictures.

    pip install umap-learn
    python bench/peers/map_umap.py FOLDER DIMENSION SEED

FOLDER has base.f32, the rows, and map.f32, our picture of them. Prints a line of JSON: trustworthiness (scikit-learn's,
15 neighbours), the share of the 15 nearest rows that are among the 15 nearest in the picture, and umap-learn's
processor time on one thread (its compilation left out). Of more than 10,000 rows both are taken over a sample of them.
"""

import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import umap
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

NEIGHBOURS = 15
SAMPLE = 10_000

folder, dimension, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
base = np.fromfile(f"{folder}/base.f32", dtype="<f4").reshape(-1, dimension)
own = np.fromfile(f"{folder}/map.f32", dtype="<f4").reshape(-1, 2)


def nearest(rows, queries):
    found = NearestNeighbors(n_neighbors=NEIGHBOURS + 1, algorithm="brute").fit(rows).kneighbors(rows[queries])[1]
    return [set(row) - {query} for query, row in zip(queries, found)]


def quality(picture):
    queries = np.arange(0, len(base), max(1, len(base) // 2_000))
    kept = [len(a & b) / NEIGHBOURS for a, b in zip(nearest(base, queries), nearest(picture, queries))]
    few = np.arange(0, len(base), max(1, len(base) // SAMPLE))
    return {
        "trustworthiness": float(trustworthiness(base[few], picture[few], n_neighbors=NEIGHBOURS)),
        "kept": float(np.mean(kept)),
    }


umap.UMAP(random_state=seed, n_jobs=1, n_epochs=10).fit(base[:100])
start = time.process_time()
picture = umap.UMAP(random_state=seed, n_jobs=1).fit_transform(base)
seconds = time.process_time() - start
print(
    json.dumps(
        {
            "version": umap.__version__,
            "own": quality(own),
            "peer": {"seconds": seconds, **quality(picture)},
            "random": quality(np.random.default_rng(seed).random((len(base), 2))),
        }
    )
)
