"""hnswlib, ScaNN and faiss (IVF with 4-bit product codes, "fast scan", re-ranked) beside bench/tree.ts, which starts it.

    pip install numpy hnswlib scann faiss-cpu
    python bench/peers/tree_peers.py FOLDER DIMENSION

FOLDER has base.f32, queries.f32 and truth.u32 (the ten nearest rows of each query). Builds all indexes on one thread
and prints a line of JSON for each; then, for each line it reads, searches with every setting, one query at a time, and
prints a line of JSON. Seconds are of processor time.
"""

import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"

import faiss
import hnswlib
import numpy as np
import scann

K = 10

EFS = (10, 14, 20, 26, 32, 40, 48, 56, 64, 72, 80, 95, 110, 130, 150, 170, 220)

# Of the leaves, which there are as many of as in the tree.
SHARES = (0.02, 0.025, 0.03, 0.037, 0.045, 0.055, 0.065, 0.08, 0.095, 0.115, 0.14, 0.19)

folder, dimension = sys.argv[1], int(sys.argv[2])
base = np.fromfile(f"{folder}/base.f32", dtype="<f4").reshape(-1, dimension)
queries = np.fromfile(f"{folder}/queries.f32", dtype="<f4").reshape(-1, dimension)
truth = np.fromfile(f"{folder}/truth.u32", dtype="<u4").reshape(-1, K)
leaves = round(2 * len(base) ** 0.5)
faiss.omp_set_num_threads(1)


def build_hnswlib():
    index = hnswlib.Index("l2", dimension)
    index.init_index(len(base), M=16, ef_construction=200)
    index.set_num_threads(1)
    index.add_items(base)

    def search(ef):
        index.set_ef(ef)
        return lambda query: index.knn_query(query[None], K)[0][0]

    return {f"ef={ef}": (search, (ef,)) for ef in EFS}


def build_scann():
    builder = scann.scann_ops_pybind.builder(base, K, "squared_l2").set_n_training_threads(1)
    searcher = (
        builder.tree(num_leaves=leaves, num_leaves_to_search=10, training_sample_size=100_000)
        .score_ah(2, anisotropic_quantization_threshold=0.2)
        .reorder(100)
        .build()
    )

    def search(searched, reordered):
        return lambda query: searcher.search(
            query, leaves_to_search=searched, pre_reorder_num_neighbors=reordered
        )[0]

    return {
        f"leaves={searched} reorder={reordered}": (search, (searched, reordered))
        for searched in [round(leaves * share) for share in SHARES]
        for reordered in (40, 60, 90, 130)
    }


def build_faiss():
    index = faiss.index_factory(dimension, f"IVF{leaves},PQ{dimension // 2}x4fs,RFlat")
    index.train(base[:: max(1, len(base) // 50_000)])
    index.add(base)
    inner = faiss.downcast_index(index.base_index)

    def search(searched, factor):
        inner.nprobe, index.k_factor = searched, factor
        return lambda query: index.search(query[None], K)[1][0]

    return {
        f"nprobe={searched} k_factor={factor}": (search, (searched, factor))
        for searched in [round(leaves * share) for share in SHARES]
        for factor in (4, 6, 9, 13)
    }


settings = {}
for name, build in {"hnswlib": build_hnswlib, "ScaNN": build_scann, "faiss": build_faiss}.items():
    start = time.process_time()
    for setting, search in build().items():
        settings[name, setting] = search
    print(json.dumps({"name": name, "seconds": time.process_time() - start}), flush=True)

for _ in sys.stdin:
    answers = []
    for (name, setting), (search, arguments) in settings.items():
        find = search(*arguments)
        start = time.process_time()
        found = [find(query) for query in queries]
        seconds = (time.process_time() - start) / len(queries)
        recall = np.mean([len(np.intersect1d(a, b)) / K for a, b in zip(found, truth)])
        answers.append({"name": name, "setting": setting, "recall": recall, "seconds": seconds})
    print(json.dumps(answers), flush=True)
