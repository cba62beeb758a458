#!/usr/bin/env python3
"""Trains the token table from the encoded pairs: contrastive, one source a batch, nested dimensions."""

import argparse
import json
import time
from collections import Counter
from pathlib import Path

import numpy
import torch

import judge
from mining import mine
from table import Source, Table, gather, pool, scores
from vocabulary import Tokenizer

# Of all batches, how many come from each kind of source.
SHARES = {
    "english": 0.38,
    "english words": 0.12,
    "other languages": 0.20,
    "parallel": 0.13,
    "words": 0.17,
}
# Within a kind the languages share by their size to this power, within a language the files do.
LANGUAGE_POWER = 0.5
SOURCE_POWER = 0.75
# A language with fewer passages than this is not learned: its words are not in the vocabulary either.
LEAST_PASSAGES = 7_000
# In a smaller source the hardest passages are the rest of the batch.
LEAST_FOR_NEGATIVES = 2_000


class RowAdam:
    """Adam on the rows that a batch touched."""

    def __init__(self, parameter, betas=(0.9, 0.99), epsilon=1e-8):
        self.parameter, self.betas, self.epsilon = parameter, betas, epsilon
        self.mean = torch.zeros_like(parameter)
        self.square = torch.zeros_like(parameter)
        self.steps = torch.zeros(len(parameter))

    def step(self, rows, gradient, rate):
        first, second = self.betas
        self.steps[rows] += 1
        steps = self.steps[rows]
        mean = self.mean[rows].mul_(first).add_(gradient, alpha=1 - first)
        square = self.square[rows].mul_(second).addcmul_(gradient, gradient, value=1 - second)
        self.mean[rows] = mean
        self.square[rows] = square
        shape = (-1,) + (1,) * (gradient.dim() - 1)
        mean = mean / (1 - first**steps).view(shape)
        square = square / (1 - second**steps).view(shape)
        self.parameter.data[rows] -= rate * mean / (square.sqrt() + self.epsilon)


def contrast(queries, passages, same, dimensions, temperature):
    """Cross-entropy both ways on the first `dimensions`; `passages` may go on with negatives that are nobody's."""
    queries = torch.nn.functional.normalize(queries[:, :dimensions], dim=1)
    passages = torch.nn.functional.normalize(passages[:, :dimensions], dim=1)
    logits = scores(queries, passages) / temperature
    logits = logits.masked_fill(same, -1e4)
    target = torch.arange(len(queries))
    forth = torch.nn.functional.cross_entropy(logits, target)
    back = torch.nn.functional.cross_entropy(logits[:, : len(queries)].t(), target)
    return (forth + back) / 2


def duplicates(source, indices, negatives):
    """True where a passage of the batch is another's answer too."""
    passages = indices if negatives is None else torch.cat([indices, negatives])
    passage_keys = source.passage_keys[passages]
    query_keys = source.query_keys[passages]
    same = source.passage_keys[indices][:, None] == passage_keys[None, :]
    same |= source.query_keys[indices][:, None] == query_keys[None, :]
    same.fill_diagonal_(False)
    return same


def train(table, sources, arguments, report):
    adam = {"rows": RowAdam(table.rows), "weights": RowAdam(table.weights)}
    chances = mixture(sources)
    began, shown = time.time(), 0.0
    for step in range(arguments.steps):
        rate = arguments.rate * min(1.0, (step + 1) / 100) * max(0.02, 1 - step / arguments.steps)
        source = sources[int(torch.multinomial(chances, 1))]
        indices = source.next_indices(min(arguments.batch, len(source)))
        negatives = None
        if source.negatives is not None:
            column = torch.randint(source.negatives.shape[1], (len(indices),))
            negatives = source.negatives[indices, column]
        passages = indices if negatives is None else torch.cat([indices, negatives])
        query_ids, query_offsets = gather(source.query_ids, source.query_starts, indices)
        passage_ids, passage_offsets = gather(source.passage_ids, source.passage_starts, passages)
        rows, local = torch.unique(torch.cat([query_ids, passage_ids]), return_inverse=True)
        values = table.rows.data[rows].requires_grad_()
        weights = table.weights.data[rows].requires_grad_()
        scales = weights.exp()
        left = pool(values, scales, local[: len(query_ids)], query_offsets, arguments.dropout)
        right = pool(values, scales, local[len(query_ids) :], passage_offsets, arguments.dropout)
        same = duplicates(source, indices, negatives)
        loss = sum(contrast(left, right, same, d, arguments.temperature) for d in arguments.nested) / len(arguments.nested)
        loss.backward()
        adam["rows"].step(rows, values.grad, rate)
        adam["weights"].step(rows, weights.grad, rate)
        shown = loss.item() if step == 0 else 0.98 * shown + 0.02 * loss.item()
        if (step + 1) % 200 == 0:
            print(f"{time.time() - began:6.0f} s  step {step + 1:6}  loss {shown:.3f}", flush=True)
        if (step + 1) % arguments.report_every == 0 or step + 1 == arguments.steps:
            save(table, arguments.out)
            report(table)


def save(table, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    numpy.savez(path, rows=table.rows.data.numpy(), weights=table.weights.data.exp().numpy())


def reporter(tokenizer, arguments):
    """Prints what the table finds by now; without --collections only on the held-back pairs."""
    held_back = json.loads((arguments.work / "held-back.json").read_text())
    known = {}

    def report(table):
        values = table.folded()

        def embed(texts):
            for text in texts:
                if text not in known:
                    known[text] = torch.tensor(tokenizer.ids(text), dtype=torch.int64)
            ids = [known[text] for text in texts]
            lengths = torch.tensor([len(i) for i in ids])
            offsets = torch.cumsum(lengths, 0) - lengths
            sums = pool(values, torch.ones(len(values)), torch.cat(ids), offsets)
            return torch.nn.functional.normalize(sums, dim=1).numpy()

        figures = [f"{languages} {judge.recall(embed, held):.2f}" for languages, held in sorted(held_back.items())]
        if arguments.collections:
            folders = sorted(path for path in arguments.collections.iterdir() if (path / "corpus.jsonl").exists())
            figures += [f"{path.name} {judge.collection_figure(embed, path):.4f}" for path in folders]
        print("    " + "  ".join(figures), flush=True)

    return report


def learned_languages(rows):
    passages = Counter()
    for name, query_language, passage_language, has_words, pairs in rows:
        if not has_words:
            passages[passage_language] += pairs
    return {language for language, pairs in passages.items() if pairs >= LEAST_PASSAGES}


def mixture(sources):
    """The chance of each source to give the next batch."""
    def kind(source):
        if source.has_words:
            return "english words" if source.languages == "en" else "words"
        if "-" in source.languages:
            return "parallel"
        return "english" if source.languages == "en" else "other languages"

    sizes = {}
    for source in sources:
        sizes.setdefault(kind(source), {}).setdefault(source.languages, []).append(len(source))
    chances = []
    for source in sources:
        of_kind = sizes[kind(source)]
        share = SHARES[kind(source)]
        share *= sum(of_kind[source.languages]) ** LANGUAGE_POWER / sum(sum(n) ** LANGUAGE_POWER for n in of_kind.values())
        share *= len(source) ** SOURCE_POWER / sum(n**SOURCE_POWER for n in of_kind[source.languages])
        chances.append(share)
    return torch.tensor(chances)


def token_counts(sources, size):
    counts = torch.ones(size)
    for source in sources:
        for ids in (source.query_ids, source.passage_ids):
            counts += torch.bincount(ids, minlength=size)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--dimensions", type=int, default=512)
    parser.add_argument("--nested", type=lambda text: [int(d) for d in text.split(",")], default=[512, 128])
    parser.add_argument("--steps", type=int, default=14_000)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--temperature", type=float, default=0.05)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--sif", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--report-every", type=int, default=3_500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--collections", type=Path, help="folder of collections to judge with meanwhile")
    parser.add_argument("--start", type=Path, help="table of an earlier round to go on from")
    parser.add_argument("--hard-negatives", action="store_true", help="found by the earlier round's table")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    rows = json.loads((arguments.work / "sources.json").read_text())
    learned = learned_languages(rows)
    sources = [
        Source(arguments.work / "encoded" / f"{index}.npz", *row[:4])
        for index, row in enumerate(rows)
        if row[4] >= 64 and row[1] in learned and row[2] in learned
    ]
    tokenizer = Tokenizer(arguments.work / "vocabulary.model")
    counts = token_counts(sources, tokenizer.size())
    table = Table(counts, arguments.dimensions, arguments.sif)
    print(f"{sum(map(len, sources)):,} pairs of {len(sources)} sources, {len(counts):,} tokens", flush=True)
    if arguments.start:
        begun = numpy.load(arguments.start)
        table.rows.data[:] = torch.from_numpy(begun["rows"])
        table.weights.data[:] = torch.from_numpy(begun["weights"]).log()
    if arguments.hard_negatives:
        began = time.time()
        for source in sources:
            if len(source) >= LEAST_FOR_NEGATIVES and not source.has_words:
                source.negatives = mine(table.folded(), source)
        print(f"{time.time() - began:6.0f} s  hard negatives found", flush=True)
    train(table, sources, arguments, reporter(tokenizer, arguments))


if __name__ == "__main__":
    main()
