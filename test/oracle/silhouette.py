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

print(
    json.dumps(
        {
            "oracle": f"scikit-learn {sklearn.__version__}, silhouette_samples(metric='sqeuclidean')",
            "dimension": 6,
            "vectors": [float(value) for value in vectors.ravel()],
            "assignment": assignment.tolist(),
            "silhouettes": silhouette_samples(
                vectors.astype(numpy.float64), assignment, metric="sqeuclidean"
            ).tolist(),
        }
    )
)
