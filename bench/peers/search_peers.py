"""faiss, hnswlib and ScaNN beside bench/search-peers.ts, which starts it.

    pip install -r bench/peers/requirements.txt
    python bench/peers/search_peers.py FOLDER DIMENSION SAMPLE ROWS

FOLDER has base.f32 (its first ROWS rows are searched), queries.f32 and truth.u32 (the ten nearest rows of each query).
Reads lines and answers each with one of JSON. "NAME" builds an index on one thread, tries its settings on the first
SAMPLE queries, and tells for each wanted recall the fastest setting that reaches it there. "NAME<TAB>SETTING" asks all
other queries, one at a time. hnswlib's index, which takes long to build, is kept in FOLDER with the time that it took.
"""

import json
import os
import sys
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = "1"

import faiss
import hnswlib
import numpy as np
import scann

K = 10
# Queries that the exact scan answers.
FEW = 50
RECALLS = (0.9, 0.95, 0.99)

folder = sys.argv[1]
dimension, sample, rows = map(int, sys.argv[2:])
base = np.fromfile(f"{folder}/base.f32", dtype="<f4", count=rows * dimension).reshape(-1, dimension)
truth = np.fromfile(f"{folder}/truth.u32", dtype="<u4").reshape(-1, K)
queries = np.fromfile(f"{folder}/queries.f32", dtype="<f4").reshape(-1, dimension)[: len(truth)]
leaves = round(2 * len(base) ** 0.5)
faiss.omp_set_num_threads(1)


def leaves_searched(most):
    """From one leaf on, each a quarter more than the one before."""
    counts = [1]
    while counts[-1] < most * leaves:
        counts.append(int(counts[-1] * 1.25) + 1)
    return counts


def faiss_bytes(index):
    return faiss.serialize_index(index).nbytes


def build_flat():
    index = faiss.IndexFlatL2(dimension)
    index.add(base)
    return {"": lambda query: index.search(query[None], K)[1][0]}, lambda: faiss_bytes(index)


def build_lsh():
    mean = base.mean(axis=0)
    centred = base - mean
    indexes = {}
    for bits in (256, 1024, 512):
        start = time.process_time()
        indexes[bits] = faiss.IndexRefineFlat(faiss.IndexLSH(dimension, bits, True, False))
        indexes[bits].add(centred)

    def search(bits, factor):
        def find(query):
            indexes[bits].k_factor = factor
            return indexes[bits].search(query[None] - mean, K)[1][0]

        return find

    settings = {
        f"nbits={bits} k_factor={factor}": search(bits, factor)
        for bits in indexes
        for factor in (5, 10, 20, 50, 100, 200, 400)
    }
    # Of the last one, as each is an index of its own.
    return settings, lambda: faiss_bytes(indexes[512]), time.process_time() - start


def build_hnswlib():
    index = hnswlib.Index("l2", dimension)
    file, times = f"{folder}/hnswlib-{rows}.bin", f"{folder}/hnswlib-{rows}.json"
    kept = {}
    if os.path.exists(times):
        index.load_index(file, max_elements=rows)
        with open(times) as held:
            kept = json.load(held)
    else:
        start = time.process_time()
        index.init_index(rows, M=16, ef_construction=200)
        index.set_num_threads(1)
        index.add_items(base)
        kept = {"seconds": time.process_time() - start}
        index.save_index(file)
        with open(times, "w") as held:
            json.dump(kept, held)
    index.set_num_threads(1)

    def search(ef):
        def find(query):
            index.set_ef(ef)
            return index.knn_query(query[None], K)[0][0]

        return find

    efs = (10, 13, 17, 22, 28, 36, 46, 60, 78, 100, 130, 170, 220, 290, 380, 500, 650, 900, 1200)
    return {f"ef={ef}": search(ef) for ef in efs}, lambda: os.path.getsize(file), kept["seconds"]


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

    def size():
        with tempfile.TemporaryDirectory() as kept:
            searcher.serialize(kept)
            return sum(os.path.getsize(os.path.join(kept, name)) for name in os.listdir(kept))

    settings = {
        f"leaves={searched} reorder={reordered}": search(searched, reordered)
        for searched in leaves_searched(0.4)
        for reordered in (30, 60, 120, 240, 480)
    }
    return settings, size


def build_ivfpq():
    index = faiss.index_factory(dimension, f"IVF{leaves},PQ{dimension // 2}x4fs,RFlat")
    index.train(base[:: max(1, len(base) // (32 * leaves))])
    index.add(base)
    inner = faiss.downcast_index(index.base_index)

    def search(searched, factor):
        def find(query):
            inner.nprobe, index.k_factor = searched, factor
            return index.search(query[None], K)[1][0]

        return find

    settings = {
        f"nprobe={searched} k_factor={factor}": search(searched, factor)
        for searched in leaves_searched(0.4)
        for factor in (3, 6, 12, 24, 48)
    }
    return settings, lambda: faiss_bytes(index)


BUILDERS = {
    "faiss Flat": build_flat,
    "faiss IndexLSH": build_lsh,
    "hnswlib": build_hnswlib,
    "ScaNN": build_scann,
    "faiss IVF-PQ fast scan": build_ivfpq,
}


def ask(find, chosen):
    """Recall, seconds of processor time, and microseconds of each query by the clock."""
    answers, taken = [], []
    start = time.process_time()
    for i in chosen:
        began = time.perf_counter_ns()
        answers.append(find(queries[i]))
        taken.append((time.perf_counter_ns() - began) / 1000)
    seconds = time.process_time() - start
    hits = sum(len(np.intersect1d(found, truth[i])) for i, found in zip(chosen, answers))
    return {"recall": hits / K / len(taken), "seconds": seconds, "us": taken}


def tune(settings):
    """For each recall the fastest setting that reaches it."""
    tried = {}
    for name, find in settings.items():
        answer = ask(find, range(sample))
        tried[name] = (answer["recall"], float(np.median(answer["us"])))
    fastest = {}
    for wanted in RECALLS:
        reaching = [(us, name) for name, (recall, us) in tried.items() if recall >= wanted]
        if reaching:
            fastest[str(wanted)] = min(reaching)[1]
    return fastest


indexes = {}
for line in sys.stdin:
    name, *setting = line.rstrip("\n").split("\t")
    if setting:
        last = sample + FEW if name == "faiss Flat" else len(queries)
        print(json.dumps(ask(indexes[name][setting[0]], range(sample, last))), flush=True)
        continue
    start = time.process_time()
    settings, size, *seconds = BUILDERS[name]()
    built = seconds[0] if seconds else time.process_time() - start
    indexes[name] = settings
    if name == "faiss Flat":
        # The exact scan has no setting, and is slow.
        fastest = {"1": ""}
    else:
        fastest = tune(settings)
    print(json.dumps({"build": built, "bytes": size(), "settings": fastest}), flush=True)
