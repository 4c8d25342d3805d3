"""Golden silhouettes: python test/oracle/silhouette.py > test/fixtures/search/silhouette.json"""

import json

import numpy
import sklearn
from sklearn.metrics import silhouette_samples

random = numpy.random.default_rng(12345)
centres = 100 + random.normal(size=(4, 6))  # far from 0, where sums of squares would cancel
assignment = random.integers(0, 4, 80)
assignment[assignment == 3] = 0
assignment[7] = 3  # a cluster of one row
vectors = (centres[assignment] + 0.7 * random.normal(size=(80, 6))).astype(numpy.float32)

double = vectors.astype(numpy.float64)


def spark(x, labels):
    """Spark 4, ClusteringMetrics.scala, SquaredEuclideanSilhouette: from each cluster's N, Y and psi."""
    norms = (x**2).sum(axis=1)
    clusters = {c: ((labels == c).sum(), x[labels == c].sum(axis=0), norms[labels == c].sum()) for c in set(labels)}
    scores = []
    for point, norm, own in zip(x, norms, labels):
        means = {c: norm + psi / n - 2 * (point @ y) / n for c, (n, y, psi) in clusters.items()}
        n = clusters[own][0]
        if n == 1:
            scores.append(0.0)
            continue
        inside = means.pop(own) * n / (n - 1)
        outside = min(means.values())
        scores.append(1 - inside / outside if inside < outside else outside / inside - 1)
    return float(numpy.mean(scores))


print(
    json.dumps(
        {
            "oracle": f"scikit-learn {sklearn.__version__}, silhouette_samples(metric='sqeuclidean')",
            "dimension": 6,
            "vectors": [float(value) for value in vectors.ravel()],
            "assignment": assignment.tolist(),
            "silhouettes": silhouette_samples(double, assignment, metric="sqeuclidean").tolist(),
            "spark": spark(double - double.mean(axis=0), assignment),
            "euclidean": silhouette_samples(double, assignment).tolist(),
        }
    )
)
