"""The encoded pairs, and the table that turns them into vectors."""

import math

import numpy
import torch


class Source:
    """The encoded pairs of one file."""

    def __init__(self, path, name, query_language, passage_language, has_words):
        self.name, self.has_words = name, has_words
        self.languages = query_language if query_language == passage_language else f"{query_language}-{passage_language}"
        arrays = numpy.load(path)
        for column in ("query_ids", "query_starts", "query_keys", "passage_ids", "passage_starts", "passage_keys"):
            setattr(self, column, torch.from_numpy(arrays[column].astype(numpy.int64)))
        self.order = torch.zeros(0, dtype=torch.int64)
        self.negatives = None  # [pairs x kept] indices of passages, after mining

    def __len__(self):
        return len(self.query_keys)

    def next_indices(self, count):
        """Every pair once before any comes again."""
        while len(self.order) < count:
            self.order = torch.cat([self.order, torch.randperm(len(self))])
        taken, self.order = self.order[:count], self.order[count:]
        return taken


def gather(ids, starts, indices):
    """The ids of the texts `indices`, one after another, and where each begins."""
    lengths = starts[indices + 1] - starts[indices]
    offsets = torch.cumsum(lengths, 0) - lengths
    positions = torch.arange(int(lengths.sum())) + torch.repeat_interleave(starts[indices] - offsets, lengths)
    return ids[positions], offsets


class Table(torch.nn.Module):
    """A row and a weight a token; a text is the weighted sum of its rows."""

    def __init__(self, counts, dimensions, sif):
        super().__init__()
        share = counts / counts.sum()
        # Smooth inverse frequency (Arora and others, ICLR 2017) to begin with; learned from there.
        weights = torch.log(sif / (sif + share) + 1e-4)
        self.rows = torch.nn.Parameter(torch.randn(len(counts), dimensions) / math.sqrt(dimensions))
        self.weights = torch.nn.Parameter(weights.float())

    def forward(self, rows, weights, local, offsets):
        return torch.nn.functional.embedding_bag(
            local, rows, offsets, mode="sum", per_sample_weights=weights
        )


def scores(left, right):
    """Inner products; in bfloat16, which this needs no more than."""
    return (left.bfloat16() @ right.bfloat16().t()).float()
