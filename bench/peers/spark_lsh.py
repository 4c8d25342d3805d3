"""Spark's BucketedRandomProjectionLSH beside bench/search-peers.ts, which starts it.

    pip install -r bench/peers/requirements.txt      (and a Java 17, such as Debian's openjdk-17-jre-headless)
    python bench/peers/spark_lsh.py FOLDER DIMENSION ROWS QUERIES

FOLDER has base.f32 (its first ROWS rows are searched), queries.f32 and truth.u32 (the ten nearest rows of each query).
One thread. Hashes are computed once and kept in memory. A query takes seconds, so each setting is tried with a few, the
first QUERIES; of those that reach a recall of 0.95 the fastest counts, else the one with the best recall. Prints a line of
JSON.
"""

import json
import os
import sys
import time

import numpy as np
from pyspark.ml.feature import BucketedRandomProjectionLSH
from pyspark.ml.linalg import DenseVector, Vectors
from pyspark.sql import SparkSession

os.environ["PYSPARK_PYTHON"] = sys.executable

K = 10
RECALL = 0.95
# Slices in deviations of a projection, and tables: more slices need more tables.
SETTINGS = ((1, 5), (2, 4), (5, 2), (5, 3), (5, 4))

folder = sys.argv[1]
dimension, rows, count = map(int, sys.argv[2:])
base = np.fromfile(f"{folder}/base.f32", dtype="<f4", count=rows * dimension).reshape(-1, dimension)
queries = np.fromfile(f"{folder}/queries.f32", dtype="<f4").reshape(-1, dimension)
truth = np.fromfile(f"{folder}/truth.u32", dtype="<u4").reshape(-1, K)
deviation = float(np.sqrt(base[:10_000].var(axis=0).mean()))

builder = SparkSession.builder.master("local[1]").config("spark.driver.memory", "4g")
spark = builder.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "1").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
records = spark.sparkContext.parallelize(range(0, rows, 5000), 8).flatMap(
    lambda start: [
        (start + i, DenseVector(values.astype(float)))
        for i, values in enumerate(
            np.fromfile(
                f"{folder}/base.f32",
                dtype="<f4",
                offset=4 * start * dimension,
                count=min(5000, rows - start) * dimension,
            ).reshape(-1, dimension)
        )
    ]
)
frame = records.toDF(["id", "vector"]).cache()
frame.count()

best = None
for slices, tables in SETTINGS:
    start = time.perf_counter()
    lsh = BucketedRandomProjectionLSH(
        inputCol="vector",
        outputCol="hashes",
        bucketLength=slices * deviation,
        numHashTables=tables,
        seed=1,
    )
    model = lsh.fit(frame)
    hashed = model.transform(frame).cache()
    hashed.count()
    build = time.perf_counter() - start
    taken, hits = [], []
    # The first query compiles what the others run.
    for i in [0, *range(count)]:
        began = time.perf_counter()
        found = model.approxNearestNeighbors(hashed, Vectors.dense(queries[i].astype(float)), K).collect()
        taken.append(1e6 * (time.perf_counter() - began))
        hits.append(sum(row.id in truth[i] for row in found))
    recall = sum(hits[1:]) / K / count
    rank = (recall < RECALL, -recall if recall < RECALL else float(np.mean(taken[1:])))
    if best is None or rank < best[0]:
        setting = f"bucketLength={slices * deviation:.3g} numHashTables={tables}"
        best = (rank, {"setting": setting, "recall": recall, "us": taken[1:], "build": build})
    hashed.unpersist()
print(json.dumps(best[1]), flush=True)
spark.stop()
