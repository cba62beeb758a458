"""The pairs of query and passage: where they lie, what is left out, what is held back.

A file is `<name>.<language>.tsv.gz` (both columns in that language) or `<name>.<a>-<b>.tsv.gz` (query in a,
passage in b).
"""

import gzip
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

# No licence stated: not in something that is given away.
UNLICENSED = {"jeopardy", "pydoc", "mailong-qa", "tquad"}
# Words and interface strings: who has not learned a word cannot be asked for it.
WORDS = ("omw", "wordnet", "freedict", "gcide", "foldoc", "jargon", "elements", "devil", "vera", "littre",
         "iso-codes", "catalogues", "ui-strings", "descriptions-short", "jcommonsenseqa")
# Neither a question nor a title: a sentence and its paragraph, an utterance and a reply.
NOT_TESTED = ("ict-", "chatbot")
HELD_BACK = 1000
HELD_BACK_ACROSS = 300
HELD_BACK_SHARE = 0.08
# Query in one, passage in the other.
TESTED_ACROSS = ("en-de", "de-en", "en-fr", "fr-en", "en-es", "es-en", "en-it", "it-en", "en-pt", "en-nl", "en-pl",
                 "en-ru", "ru-en", "en-tr", "en-ar", "en-zh", "en-ja", "ja-en", "en-ko", "en-da", "en-sv", "en-uk")

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


@dataclass(frozen=True)
class Source:
    path: Path
    name: str
    query_language: str
    passage_language: str

    @property
    def is_parallel(self) -> bool:
        return self.query_language != self.passage_language

    @property
    def languages(self) -> str:
        return f"{self.query_language}-{self.passage_language}" if self.is_parallel else self.query_language

    @property
    def has_words(self) -> bool:
        return self.name.startswith(WORDS)

    @property
    def is_tested(self) -> bool:
        return (
            not self.has_words
            and not self.name.startswith(NOT_TESTED)
            and (not self.is_parallel or self.languages in TESTED_ACROSS)
        )


def find_sources(directories: list[Path]) -> list[Source]:
    sources = []
    for path in sorted(p for d in directories for p in Path(d).glob("*.tsv.gz")):
        name, languages = path.name.removesuffix(".tsv.gz").rsplit(".", 1)
        query, _, passage = languages.partition("-")
        if name not in UNLICENSED:
            sources.append(Source(path, name, query, passage or query))
    return sources


def read_pairs(source: Source) -> list[tuple[str, str]]:
    """The distinct pairs of a file, in its order; lines that are not two columns are passed over."""
    seen = {}
    with gzip.open(source.path, "rt", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            columns = line.rstrip("\n").split("\t")
            if len(columns) == 2 and columns[0].strip() and columns[1].strip() and columns[0] != columns[1]:
                seen[(columns[0], columns[1])] = None
    return list(seen)


def fingerprint(text: str) -> int:
    """63 bits of a text, the same on every run."""
    return int.from_bytes(hashlib.blake2b(text.strip().lower().encode(), digest_size=8).digest(), "big") >> 1


def sentences(text: str) -> list[str]:
    """The text as a whole and its sentences that are long enough to be recognised by, in lower case."""
    text = text.strip().lower()
    return [text, *(s for s in _SENTENCE_END.split(text) if len(s.encode()) >= 45)]


def choose_held_back(pairs: list[tuple[str, ...]], most: int) -> list[tuple[str, ...]]:
    """The pairs for testing: of queries and passages that occur once, chosen by their hash."""
    queries = Counter(fingerprint(pair[0]) for pair in pairs)
    passages = Counter(fingerprint(pair[1]) for pair in pairs)
    alone = sorted(
        (fingerprint(pair[0] + "\t" + pair[1]), index)
        for index, pair in enumerate(pairs)
        if queries[fingerprint(pair[0])] == 1 and passages[fingerprint(pair[1])] == 1
    )
    return [pairs[index] for _, index in alone[: min(most, int(len(pairs) * HELD_BACK_SHARE))]]
