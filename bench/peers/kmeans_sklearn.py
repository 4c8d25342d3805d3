"""K-Means by scikit-learn beside bench/kmeans.ts, which starts it.

    pip install scikit-learn
    python bench/peers/kmeans_sklearn.py FOLDER DIMENSION K SEED

FOLDER has base.f32. One thread, one start, 20 iterations, processor time; prints a line of JSON. The starts: scikit-learn's
own (greedy k-means++), and k-means|| (Bahmani et al. 2012, five rounds, 2 k rows each), whose time is left out, as it is
written for its result here and not for speed.
"""

import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import sklearn
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.metrics import pairwise_distances_argmin_min

folder, dimension, k, seed = sys.argv[1], *map(int, sys.argv[2:5])
base = np.fromfile(f"{folder}/base.f32", dtype="<f4").reshape(-1, dimension)


def k_means_parallel(random, rounds=5):
    candidates = base[random.integers(len(base), size=1)]
    costs = pairwise_distances_argmin_min(base, candidates)[1] ** 2
    for _ in range(rounds):
        drawn = base[random.random(len(base)) < 2 * k * costs / costs.sum()]
        costs = np.minimum(costs, pairwise_distances_argmin_min(base, drawn)[1] ** 2)
        candidates = np.concatenate([candidates, drawn])
    weights = np.bincount(pairwise_distances_argmin_min(base, candidates)[0], minlength=len(candidates))
    return KMeans(k, n_init=1, random_state=seed).fit(candidates, sample_weight=weights).cluster_centers_


def measure(name, model):
    start = time.process_time()
    model.fit(base)
    seconds = time.process_time() - start
    return {"name": name, "seconds": seconds, "inertia": float(model.inertia_)}


lloyd = {"n_init": 1, "max_iter": 20, "tol": 0, "random_state": seed, "algorithm": "lloyd"}
start = k_means_parallel(np.random.default_rng(seed))
answers = [
    measure("scikit-learn KMeans", KMeans(k, **lloyd)),
    measure("scikit-learn KMeans from k-means||", KMeans(k, **{**lloyd, "init": start})),
    measure("scikit-learn MiniBatchKMeans", MiniBatchKMeans(k, n_init=1, random_state=seed)),
]
print(json.dumps({"version": sklearn.__version__, "answers": answers}))
