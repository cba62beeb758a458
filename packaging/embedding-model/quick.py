"""Judges a table while it is being trained."""

import json

import numpy


def ndcg(ranked, gains, k=10):
    dcg = sum(gains.get(d, 0) / numpy.log2(r + 2) for r, d in enumerate(ranked[:k]))
    ideal = sum(g / numpy.log2(r + 2) for r, g in enumerate(sorted(gains.values(), reverse=True)[:k]))
    return dcg / ideal if ideal else 0.0


class Judge:
    def __init__(self, tokenizer, collections, held_back, distractors):
        self.tokenizer = tokenizer
        self.collections = {}
        for path in sorted(collections.iterdir()):
            docs = [json.loads(line) for line in open(path / "corpus.jsonl")]
            queries = {q["_id"]: q["text"] for q in map(json.loads, open(path / "queries.jsonl"))}
            qrels = {}
            for line in open(path / "qrels.tsv"):
                q, d, s = line.rstrip("\n").split("\t")
                if s.isdigit() and int(s) > 0:
                    qrels.setdefault(q, {})[d] = int(s)
            ids = [d["_id"] for d in docs]
            self.collections[path.name] = (
                ids,
                [tokenizer.ids((d.get("title", "") + " " + d["text"]).strip()) for d in docs],
                list(qrels),
                [tokenizer.ids(queries[q]) for q in qrels],
                qrels,
            )
        held = json.loads(held_back.read_text())
        self.held = {
            k: ([tokenizer.ids(v[0]) for v in h['pairs']], [tokenizer.ids(v[1]) for v in h['pairs']]) for k, h in held.items()
        }
        self.source_of = {k: [v[2] for v in h['pairs']] for k, h in held.items()}
        self.others = {k: [tokenizer.ids(t) for t in h['others']] for k, h in held.items()}
        self.distractors = distractors

    @staticmethod
    def embed(table, texts):
        out = numpy.zeros((len(texts), table.shape[1]), numpy.float32)
        for i, ids in enumerate(texts):
            if len(ids):
                out[i] = table[ids].sum(0)
        return out / numpy.maximum(numpy.linalg.norm(out, axis=1, keepdims=True), 1e-9)

    def collection_scores(self, table):
        result = {}
        for name, (ids, docs, queries, query_ids, qrels) in self.collections.items():
            s = self.embed(table, query_ids) @ self.embed(table, docs).T
            top = numpy.argsort(-s, axis=1, kind="stable")[:, :10]
            result[name] = float(
                numpy.mean([ndcg([ids[j] for j in top[i]], qrels[q]) for i, q in enumerate(queries)])
            )
        return result

    def held_back_scores(self, table):
        result = {}
        for languages, (queries, passages) in self.held.items():
            q, p = self.embed(table, queries), self.embed(table, passages)
            own = (q * p).sum(1)[:, None]
            rank = (q @ p.T > own).sum(1) + (q @ self.embed(table, self.others[languages]).T > own).sum(1)
            result[languages] = (float((rank < 10).mean()), len(queries))
        return result

    def by_source(self, table, languages):
        queries, passages = self.held[languages]
        s = self.embed(table, queries) @ self.embed(table, passages).T
        good = (s > numpy.diag(s)[:, None]).sum(1) < 10
        result = {}
        for name, ok in zip(self.source_of[languages], good):
            result.setdefault(name, []).append(ok)
        return {n: (round(float(numpy.mean(o)), 2), len(o)) for n, o in result.items()}

    def english(self, table):
        """MRR of the held-back English pairs among many more passages, by source and over all."""
        queries, passages = self.held["en"]
        q, p, d = self.embed(table, queries), self.embed(table, passages), self.embed(table, self.distractors)
        own = (q * p).sum(1)[:, None]
        rank = 1 + (q @ p.T > own).sum(1) + (q @ d.T > own).sum(1)
        by = {}
        for name, r in zip(self.source_of["en"], rank):
            by.setdefault(name, []).append(1 / r)
        mean = numpy.mean([numpy.mean(v) for v in by.values() if len(v) >= 10])
        return f"MRR en {mean:.4f} " + " ".join(f"{n} {numpy.mean(v):.3f}" for n, v in by.items() if len(v) >= 10)

    def report(self, table):
        table = numpy.asarray(table)
        c = self.collection_scores(table)
        h = self.held_back_scores(table)
        text = "  ".join(f"{k} {v:.4f}" for k, v in c.items())
        text += "  " + self.english(table)
        return "   == " + text + "\n      " + " ".join(f"{k} {v:.2f}" + (f"/{n}" if n < 1000 else "") for k, (v, n) in sorted(h.items()))
