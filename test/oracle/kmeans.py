"""Golden clustering from given centres: python test/oracle/kmeans.py > test/fixtures/search/kmeans.json"""

import json

import numpy
import sklearn
from sklearn.cluster import KMeans

random = numpy.random.default_rng(54321)
vectors = random.normal(size=(200, 5)).astype(numpy.float32)
initial = vectors[:7]
model = KMeans(7, init=initial, n_init=1, max_iter=300, tol=0, algorithm="lloyd").fit(
    vectors.astype(numpy.float64)
)

# What one start of k-means++ ends with, of groups that overlap.
groups = 3 * random.normal(size=(8, 4))
mixture = numpy.round(groups[random.integers(0, 8, 300)] + random.normal(size=(300, 4)), 3)
inertias = [KMeans(8, n_init=1, random_state=seed).fit(mixture).inertia_ for seed in range(25)]

print(
    json.dumps(
        {
            "oracle": f"scikit-learn {sklearn.__version__}, KMeans(algorithm='lloyd', tol=0)",
            "dimension": 5,
            "vectors": [float(value) for value in vectors.ravel()],
            "initial": [float(value) for value in initial.ravel()],
            "assignment": model.labels_.tolist(),
            "centres": model.cluster_centers_.ravel().tolist(),
            "inertia": model.inertia_,
            "mixture": {
                "dimension": 4,
                "vectors": mixture.ravel().tolist(),
                "k": 8,
                "medianInertia": float(numpy.median(inertias)),
            },
        }
    )
)
