"""Hard negatives: passages that an earlier table takes for an answer and that are none."""

import torch

from table import gather, pool, scores

# Passages looked through for each query, drawn anew for each block of queries.
POOL = 16_384
BLOCK = 1024
# Of the best, the very first may be answers too; so is, probably, what scores nearly as the answer does.
SKIPPED = 2
LOOKED_AT = 24
KEPT = 8
NEARLY = 0.95


def vectors(values, ids, starts, indices):
    local, offsets = gather(ids, starts, indices)
    return torch.nn.functional.normalize(pool(values, torch.ones(len(values)), local, offsets), dim=1)


def mine(values, source):
    """[pairs x KEPT] indices of passages of the same source; a pair's own where there is no hard one."""
    count = len(source)
    result = torch.arange(count)[:, None].repeat(1, KEPT)
    for start in range(0, count, BLOCK):
        queries = torch.arange(start, min(start + BLOCK, count))
        pool = torch.arange(count) if count <= POOL else torch.randperm(count)[:POOL]
        left = vectors(values, source.query_ids, source.query_starts, queries)
        own = (left * vectors(values, source.passage_ids, source.passage_starts, queries)).sum(1)
        found = scores(left, vectors(values, source.passage_ids, source.passage_starts, pool))
        same = source.passage_keys[queries][:, None] == source.passage_keys[pool][None, :]
        same |= source.query_keys[queries][:, None] == source.query_keys[pool][None, :]
        same |= found > NEARLY * own[:, None].clamp(min=0.1)
        found.masked_fill_(same, -1)
        best = found.topk(min(LOOKED_AT, len(pool)), dim=1)
        kept = best.indices[:, SKIPPED : SKIPPED + KEPT]
        usable = best.values[:, SKIPPED : SKIPPED + KEPT] > 0.0
        result[queries, : kept.shape[1]] = torch.where(usable, pool[kept], queries[:, None])
    return result
