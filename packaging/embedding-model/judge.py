"""What a model is judged by: nDCG@10 on collections in BEIR's layout, recall@10 on the held-back pairs.

`embed` is any function from a list of texts to a matrix of unit rows.
"""

import json
from pathlib import Path

import numpy


def ndcg(ranked, gains, depth=10):
    """trec_eval's ndcg_cut: the judged scores as gains, log2(rank + 1) as discount."""
    gained = sum(gains.get(document, 0) / numpy.log2(rank + 2) for rank, document in enumerate(ranked[:depth]))
    best = sorted(gains.values(), reverse=True)[:depth]
    return gained / sum(gain / numpy.log2(rank + 2) for rank, gain in enumerate(best))


def read_lines(path):
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_judgements(path):
    judged = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            query, document, score = line.rstrip("\n").split("\t")
            if score.isdigit() and int(score) > 0:
                judged.setdefault(query, {})[document] = int(score)
    return judged


def collection_figure(embed, folder: Path) -> float:
    """Mean nDCG@10 over the judged queries, ranked by inner product alone."""
    documents = read_lines(folder / "corpus.jsonl")
    texts = {query["_id"]: query["text"] for query in read_lines(folder / "queries.jsonl")}
    judged = read_judgements(folder / "qrels.tsv")
    ids = [document["_id"] for document in documents]
    found = embed([texts[query] for query in judged]) @ embed(
        [f"{document.get('title', '')} {document['text']}".strip() for document in documents]
    ).T
    best = numpy.argsort(-found, axis=1, kind="stable")[:, :10]
    return float(numpy.mean([ndcg([ids[i] for i in row], judged[query]) for query, row in zip(judged, best)]))


def recall(embed, held) -> float:
    """Share of the queries whose own passage is among the ten nearest of all."""
    queries = embed([pair[0] for pair in held["pairs"]])
    passages = embed([pair[1] for pair in held["pairs"]] + held["others"])
    found = queries @ passages.T
    own = found[numpy.arange(len(queries)), numpy.arange(len(queries))]
    return float(((found > own[:, None]).sum(axis=1) < 10).mean())


def recall_by_source(embed, held) -> dict[str, tuple[float, int]]:
    sources = sorted({pair[2] for pair in held["pairs"]})
    result = {}
    for source in sources:
        own = [pair for pair in held["pairs"] if pair[2] == source]
        others = held["others"] + [pair[1] for pair in held["pairs"] if pair[2] != source]
        result[source] = (recall(embed, {"pairs": own, "others": others}), len(own))
    return result
