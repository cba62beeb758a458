#!/usr/bin/env python3
"""Writes the trained tables as one model in Model2Vec's format: int8 rows, a weight a token, tokenizer.json, config.json."""

import argparse
import json
import shutil
import struct
from pathlib import Path

import numpy

from table import TERM_FREQUENCY_POWER

NAME = "llmemory-multilingual-v1"


def mean_rows(tables):
    """The mean of the tables of several rounds, which finds more than each (Wortsman and others, ICML 2022)."""
    return sum(table["rows"] * table["weights"][:, None] for table in tables) / len(tables)


def quantise(rows):
    """Each row by a scale of its own, which becomes its weight; (int8 rows, float32 weights)."""
    largest = numpy.maximum(numpy.abs(rows).max(axis=1), 1e-12)
    quantised = numpy.rint(rows * (127 / largest)[:, None]).astype(numpy.int8)
    weights = largest.copy()
    weights[:2] = 0  # padding and unknown stand for nothing
    return quantised, (weights / weights.max()).astype(numpy.float32)


def write_safetensors(path, tensors):
    header, blocks, offset = {}, [], 0
    for name, dtype, array in tensors:
        data = numpy.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [offset, offset + len(data)]}
        blocks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for block in blocks:
            out.write(block)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", type=Path, action="append", required=True, help="what a round of train.py wrote")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json of the same vocabulary")
    parser.add_argument("--out", type=Path, required=True, help="folder")
    arguments = parser.parse_args()
    rows, weights = quantise(mean_rows([numpy.load(table) for table in arguments.table]))
    arguments.out.mkdir(parents=True, exist_ok=True)
    # The larger tensor last: the floats before it stay aligned.
    write_safetensors(
        arguments.out / "model.safetensors", [("weights", "F32", weights), ("embeddings", "I8", rows)]
    )
    shutil.copyfile(arguments.tokenizer, arguments.out / "tokenizer.json")
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "tokenizer_name": NAME,
        "hidden_dim": rows.shape[1],
        "seq_length": 1_000_000,
        "normalize": True,
        # Not Model2Vec's, which takes no notice: a token that occurs n times counts n to this power.
        "term_frequency_power": TERM_FREQUENCY_POWER,
        # Nor this: how much the vectors weigh beside the words in llmemory's hybrid search.
        "hybrid_balance": 0.35,
    }
    (arguments.out / "config.json").write_text(json.dumps(config, indent=4) + "\n")


if __name__ == "__main__":
    main()
