"""The encoded pairs, and the table that turns them into vectors."""

import math

import numpy
import torch

# A word said four times does not mean four times as much (as BM25's saturation); the program's engine takes the power
# from config.json. 0.75 is the best of 0, 0.25, 0.5, 0.75, 1 on the held-back pairs and on both collections together.
TERM_FREQUENCY_POWER = 0.75


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

    def folded(self):
        """The rows times their weights: a text's vector is their sum, brought to length 1."""
        return self.rows.data * self.weights.data.exp()[:, None]


def pool(rows, weights, ids, offsets, dropout=0.0):
    """The texts' vectors: rows times weights, each distinct token's times its occurrences to TERM_FREQUENCY_POWER."""
    lengths = torch.diff(offsets, append=torch.tensor([len(ids)]))
    text = torch.repeat_interleave(torch.arange(len(offsets)), lengths)
    distinct, occurrences = torch.unique(text * len(rows) + ids, return_counts=True)
    ids, text = distinct % len(rows), distinct // len(rows)
    scales = weights[ids] * occurrences**TERM_FREQUENCY_POWER
    if dropout:
        scales = scales * (torch.rand(len(ids)) >= dropout)
    lengths = torch.bincount(text, minlength=len(offsets))
    return torch.nn.functional.embedding_bag(
        ids, rows, torch.cumsum(lengths, 0) - lengths, mode="sum", per_sample_weights=scales
    )


def scores(left, right):
    """Inner products; in bfloat16, which this needs no more than."""
    return (left.bfloat16() @ right.bfloat16().t()).float()
