#!/usr/bin/env python3
"""Pairs in, token ids out: WORK/encoded/*.npz, the held-back pairs and the vocabulary."""

import argparse
import json
import multiprocessing
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy

import vocabulary
from corpus import HELD_BACK, HELD_BACK_ACROSS, choose_held_back, find_sources, fingerprint, read_pairs, sentences

QUERY_TOKENS = 64
PASSAGE_TOKENS = 256
# Held-back passages are looked for among at least so many of their language.
LEAST_PASSAGES = 1000


def hold_back(sources):
    """For each language and pair of languages: {"pairs": [[query, passage, source]], "others": [passage]}."""
    by_languages = defaultdict(list)
    for source in sources:
        if source.is_tested:
            by_languages[source.languages] += [(*pair, source.name) for pair in read_pairs(source)]
    held = {}
    for languages, pairs in by_languages.items():
        chosen = choose_held_back(pairs, HELD_BACK_ACROSS if "-" in languages else HELD_BACK)
        known = {pair[1] for pair in chosen}
        others = list(dict.fromkeys(pair[1] for pair in pairs[:: max(1, len(pairs) // 4000)] if pair[1] not in known))
        if len(chosen) >= 20:
            held[languages] = {"pairs": chosen, "others": others[: max(0, LEAST_PASSAGES - len(chosen))]}
    return held


def read_texts(sources):
    """What the vocabulary is trained on, by language: whole sentences, of dictionaries only the English."""
    texts = defaultdict(list)
    for source in sources:
        if not source.has_words or source.languages == "en":
            for query, passage in read_pairs(source):
                texts[source.query_language].append(query)
                texts[source.passage_language].append(passage)
    return texts


class Column:
    """Texts as one array of ids and where each begins; equal texts share a key."""

    def __init__(self, tokenizer, most):
        self._tokenizer, self._most = tokenizer, most
        self.ids, self.starts, self.keys = [], [0], []

    def add(self, text):
        ids = self._tokenizer.ids(text)[: self._most]
        self.ids.append(numpy.asarray(ids, dtype=numpy.uint16))
        self.starts.append(self.starts[-1] + len(ids))
        self.keys.append(fingerprint(text))

    def arrays(self, name):
        return {
            f"{name}_ids": numpy.concatenate(self.ids) if self.ids else numpy.zeros(0, numpy.uint16),
            f"{name}_starts": numpy.asarray(self.starts, dtype=numpy.int64),
            f"{name}_keys": numpy.asarray(self.keys, dtype=numpy.int64),
        }


def encode(task):
    """One file; pairs that share a query, a passage or a long sentence with the held-back ones are left out."""
    source, out = task
    queries, passages = Column(encode.tokenizer, QUERY_TOKENS), Column(encode.tokenizer, PASSAGE_TOKENS)
    for query, passage in read_pairs(source):
        if encode.kept_out.isdisjoint(sentences(query)) and encode.kept_out.isdisjoint(sentences(passage)):
            queries.add(query)
            passages.add(passage)
    numpy.savez(out, **queries.arrays("query"), **passages.arrays("passage"))
    return len(queries.keys)


def start_worker(model, kept_out):
    encode.tokenizer = vocabulary.Tokenizer(model)
    encode.kept_out = kept_out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, action="append", required=True, help="folder of .tsv.gz files")
    parser.add_argument("--work", type=Path, required=True, help="folder to write to")
    parser.add_argument("--vocabulary", type=int, default=28_500, help="tokens in all")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    arguments = parser.parse_args()
    (arguments.work / "encoded").mkdir(parents=True, exist_ok=True)
    began = time.time()

    def say(text):
        print(f"{time.time() - began:6.0f} s  {text}", flush=True)

    sources = find_sources(arguments.pairs)
    held = hold_back(sources)
    (arguments.work / "held-back.json").write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
    say(f"{len(sources)} files, {sum(len(h['pairs']) for h in held.values()):,} pairs held back")
    model = arguments.work / "vocabulary.model"
    if not model.exists():
        vocabulary.train(read_texts(sources), arguments.vocabulary, arguments.work / "vocabulary")
    vocabulary.write_tokenizer(model, arguments.work / "tokenizer.json")
    say(f"{arguments.vocabulary:,} tokens")

    kept_out = {s for h in held.values() for pair in h["pairs"] for text in pair[:2] for s in sentences(text)}
    tasks = [(source, arguments.work / "encoded" / f"{index}.npz") for index, source in enumerate(sources)]
    with multiprocessing.Pool(arguments.processes, start_worker, (model, kept_out)) as pool:
        sizes = pool.map(encode, tasks, chunksize=1)
    rows = [[s.name, s.query_language, s.passage_language, s.has_words, n] for s, n in zip(sources, sizes)]
    (arguments.work / "sources.json").write_text(json.dumps(rows))
    say(f"{sum(sizes):,} pairs encoded")


if __name__ == "__main__":
    sys.exit(main())
