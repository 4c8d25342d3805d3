"""Exact search by faiss-cpu's IndexFlatL2, over the files that bench/exact-scan.ts writes.

    pip install faiss-cpu numpy
    python bench/peers/faiss_flat.py FOLDER DIMENSION

One thread, one query at a time, k = 10; then all queries at once. Five rounds, wall-clock; the best counts.
"""

import sys
import time

import faiss
import numpy as np

ROUNDS = 5
K = 10

folder, dimension = sys.argv[1], int(sys.argv[2])
base = np.fromfile(f"{folder}/base.f32", dtype="<f4").reshape(-1, dimension)
queries = np.fromfile(f"{folder}/queries.f32", dtype="<f4").reshape(-1, dimension)
faiss.omp_set_num_threads(1)
index = faiss.IndexFlatL2(dimension)
index.add(base)


def one_by_one():
    for i in range(len(queries)):
        index.search(queries[i : i + 1], K)


def at_once():
    index.search(queries, K)


print(f"faiss {faiss.__version__}, {len(base)} x {dimension}")
for name, search in [("one by one", one_by_one), ("batch", at_once)]:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        search()
        best = min(best, (time.perf_counter() - start) / len(queries))
    print(f"{name}: {best * 1e3:.2f} ms a query, {1 / best:.0f} queries/s, {base.nbytes / best / 1e9:.1f} GB/s")
