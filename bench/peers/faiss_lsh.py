"""faiss IndexLSH with an exact re-rank, beside bench/lsh.ts, which starts it.

    pip install numpy faiss-cpu
    python bench/peers/faiss_lsh.py FOLDER DIMENSION ROWS RECALL

FOLDER has base.f32 (the first ROWS rows of it are searched), queries.f32 and truth.u32 (the ten nearest rows of each
query). One thread, one query at a time. Of the settings that reach the recall the fastest counts, in the best of three
rounds; seconds are of processor time. Prints a line of JSON.
"""

import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"

import faiss
import numpy as np

K = 10
BITS = (64, 128, 256, 512, 1024)
FACTORS = (5, 10, 20, 50, 100, 200, 400)

folder, dimension, rows, wanted = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
base = np.fromfile(f"{folder}/base.f32", dtype="<f4", count=rows * dimension).reshape(-1, dimension)
queries = np.fromfile(f"{folder}/queries.f32", dtype="<f4").reshape(-1, dimension)
truth = np.fromfile(f"{folder}/truth.u32", dtype="<u4").reshape(-1, K)
queries = queries[: len(truth)]
faiss.omp_set_num_threads(1)
mean = base.mean(axis=0)
centred, asked = base - mean, queries - mean


def seconds_of(index):
    start = time.process_time()
    for query in asked:
        index.search(query[None], K)
    return time.process_time() - start


best = None
for bits in BITS:
    start = time.process_time()
    inner = faiss.IndexLSH(dimension, bits, True, False)
    index = faiss.IndexRefineFlat(inner)
    index.add(centred)
    build = time.process_time() - start
    for factor in FACTORS:
        index.k_factor = factor
        found = index.search(asked, K)[1]
        recall = np.mean([len(np.intersect1d(a, b)) / K for a, b in zip(found, truth)])
        if recall < wanted:
            continue
        seconds = min(seconds_of(index) for _ in range(3))
        rate = len(asked) / seconds
        if best is None or rate > best["queries/s"]:
            best = {"queries/s": round(rate), "recall": round(float(recall), 4), "build s": round(build, 2)}
            best["setting"] = f"nbits={bits} k_factor={factor}"
        break
print(json.dumps(best))
