#!/usr/bin/env python3
"""Prints the figures of the model's README: what it finds, in Markdown.

Every text is embedded by the program's own engine (tests/bench/embed_texts).
"""

import argparse
import json
import subprocess
from pathlib import Path

import numpy

import judge

MODEL_FILES = ("model.safetensors", "tokenizer.json", "config.json")


class Engine:
    def __init__(self, program, model):
        self._command = [str(program), str(model)]
        self._length = json.loads((model / "config.json").read_text())["hidden_dim"]

    def __call__(self, texts):
        lines = "".join(json.dumps(text) + "\n" for text in texts)
        done = subprocess.run(self._command, input=lines.encode(), stdout=subprocess.PIPE, check=True)
        return numpy.frombuffer(done.stdout, dtype=numpy.float32).reshape(-1, self._length)


def print_table(head, rows):
    print(f"| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=Path, required=True, help="tests/bench of a release build")
    parser.add_argument("--model", type=Path, action="append", required=True, help="folder; the first is ours")
    parser.add_argument("--collections", type=Path, help="folder of collections in BEIR's layout")
    parser.add_argument("--work", type=Path, required=True, help="what prepare.py wrote")
    arguments = parser.parse_args()
    engines = {model.name: Engine(arguments.programs / "embed_texts", model) for model in arguments.model}

    if arguments.collections:
        folders = sorted(path.parent for path in arguments.collections.glob("*/corpus.jsonl"))
        print("nDCG@10, by vectors only:\n")
        print_table(
            ["collection", *engines],
            [
                [folder.name, *(f"{judge.collection_figure(engine, folder):.3f}" for engine in engines.values())]
                for folder in folders
            ],
        )
        print("Size and speed:\n")
        for model in arguments.model:
            size = sum((model / name).stat().st_size for name in MODEL_FILES)
            print(f"{model.name}: {size:,} bytes", flush=True)
            subprocess.run(
                [arguments.programs / "bench_static_embedder", model, *(folder / "corpus.jsonl" for folder in folders)],
                check=True,
            )
        print()

    held_back = json.loads((arguments.work / "held-back.json").read_text())
    trained = {}
    for _, query_language, passage_language, has_words, pairs in json.loads(
        (arguments.work / "sources.json").read_text()
    ):
        if not has_words:
            key = query_language if query_language == passage_language else f"{query_language}-{passage_language}"
            trained[key] = trained.get(key, 0) + pairs
    ours = next(iter(engines.values()))
    for across in (False, True):
        print(f"Recall@10 of held-back pairs, {'across languages' if across else 'within a language'}:\n")
        rows = []
        for languages, held in sorted(held_back.items(), key=lambda item: -trained.get(item[0], 0)):
            if ("-" in languages) == across and len(held["pairs"]) >= 100:
                rows.append(
                    [
                        languages,
                        f"{judge.recall(ours, held):.3f}",
                        f"{len(held['pairs']):,}",
                        f"{len(held['pairs']) + len(held['others']):,}",
                        f"{trained.get(languages, 0):,}",
                        " ".join(
                            f"{source} {value:.2f}"
                            for source, (value, count) in judge.recall_by_source(ours, held).items()
                            if count >= 50
                        ),
                    ]
                )
        print_table(["languages", "recall@10", "pairs", "among", "trained on", "by source"], rows)


if __name__ == "__main__":
    main()
