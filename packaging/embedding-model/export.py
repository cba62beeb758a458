#!/usr/bin/env python3
"""Writes a trained table in Model2Vec's format: int8 rows, a weight a token, tokenizer.json, config.json."""

import argparse
import json
import shutil
import struct
from pathlib import Path

import numpy

NAME = "llmemory-multilingual-v1"


def quantise(rows, weights):
    """Each row by a scale of its own, which its weight takes up; (int8 rows, float32 weights)."""
    largest = numpy.maximum(numpy.abs(rows).max(axis=1), 1e-12)
    quantised = numpy.rint(rows * (127 / largest)[:, None]).astype(numpy.int8)
    scaled = weights * largest
    scaled[:2] = 0  # padding and unknown stand for nothing
    return quantised, (scaled / scaled.max()).astype(numpy.float32)


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
    parser.add_argument("--table", type=Path, required=True, help="what train.py wrote")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json of the same vocabulary")
    parser.add_argument("--out", type=Path, required=True, help="folder")
    arguments = parser.parse_args()
    table = numpy.load(arguments.table)
    rows, weights = quantise(table["rows"], table["weights"])
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
    }
    (arguments.out / "config.json").write_text(json.dumps(config, indent=4) + "\n")


if __name__ == "__main__":
    main()
