"""Writes the golden values of test/dataset/fma.test.ts: what pandas reads from the fixture.

Run by hand where the fixture changes, with Python 3 and pandas (values made with pandas 3.1.1):
    python test/oracle/fma_metadata.py && npx biome format --write test/fixtures/dataset
tracks.csv is read as utils.load of mdeff/fma does it: two header rows, the first column as index, and
ast.literal_eval for the columns that hold lists.
"""

import ast
import json
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parents[1] / "fixtures" / "dataset" / "fma_metadata"


def text(value):
    return None if pd.isna(value) else str(value).strip() or None


def count(value):
    return None if pd.isna(value) or value < 0 else int(value)


def date(*values):
    for value in values:
        moment = pd.to_datetime(value)
        if not pd.isna(moment):
            return moment.isoformat().removesuffix("T00:00:00")
    return None


genre_titles = pd.read_csv(FOLDER / "genres.csv", index_col=0)["title"].to_dict()


def titles(ids):
    return [genre_titles.get(genre, str(genre)) for genre in ids]


def one_genre(top, genres):
    return text(top) or (genres[0] if len(genres) == 1 else None)


tracks = pd.read_csv(FOLDER / "tracks.csv", index_col=0, header=[0, 1])
for column in [("track", "tags"), ("track", "genres")]:
    tracks[column] = tracks[column].map(ast.literal_eval)
raw = pd.read_csv(FOLDER / "raw_tracks.csv", index_col=0)
raw_genres = {
    index: [genre["genre_title"] for genre in ast.literal_eval(cell)] if isinstance(cell, str) else []
    for index, cell in raw["track_genres"].items()
}

golden = {
    "tracks.csv": {
        f"{index:06d}": {
            "title": text(row["track", "title"]),
            "artist": text(row["artist", "name"]),
            "album": text(row["album", "title"]),
            "genre": one_genre(row["track", "genre_top"], titles(row["track", "genres"])),
            "genres": titles(row["track", "genres"]) or [g for g in [text(row["track", "genre_top"])] if g],
            "tags": [tag.strip() for tag in row["track", "tags"]],
            "date": date(
                row["album", "date_released"], row["track", "date_recorded"], row["track", "date_created"]
            ),
            "license": text(row["track", "license"]),
            "listens": count(row["track", "listens"]),
        }
        for index, row in tracks[~tracks.index.duplicated()].iterrows()
    },
    "raw_tracks.csv": {
        f"{index:06d}": {
            "title": text(row["track_title"]),
            "artist": text(row["artist_name"]),
            "album": text(row["album_title"]),
            "genre": one_genre(None, raw_genres[index]),
            "genres": raw_genres[index],
            "tags": ast.literal_eval(row["tags"]),
            "date": date(row["track_date_recorded"], row["track_date_created"]),
            "license": text(row["license_title"]),
            "listens": count(row["track_listens"]),
        }
        for index, row in raw.iterrows()
    },
}
(FOLDER / "golden.json").write_text(json.dumps(golden, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
