"""Golden values of a clustering (called by clustering.ts): python clustering.py FOLDER DIMENSION CLUSTERS

FOLDER holds the rows as raw float32 (vectors.f32) and the cluster of each as uint32 (assignment.u32).
"""

import json
import sys
from pathlib import Path

import numpy
import sklearn
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_samples, silhouette_score

folder, dimension, clusters = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
vectors = numpy.fromfile(folder / "vectors.f32", "<f4").reshape(-1, dimension).astype(numpy.float64)
assignment = numpy.fromfile(folder / "assignment.u32", "<u4")

inertias = [KMeans(clusters, n_init=1, random_state=seed).fit(vectors).inertia_ for seed in range(25)]
print(
    json.dumps(
        {
            "oracle": f"scikit-learn {sklearn.__version__}",
            "clusters": clusters,
            "medianInertia": float(numpy.median(inertias)),
            "squared": silhouette_samples(vectors, assignment, metric="sqeuclidean").tolist(),
            "euclidean": float(silhouette_score(vectors, assignment)),
        }
    )
)
