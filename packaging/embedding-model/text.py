"""How text is cut into words before the vocabulary sees it.

The same as the tokenizer.json that vocabulary.py writes says: NFKC, lower case, then BERT's
pre-tokeniser (white space separates, every punctuation mark stands alone), then a U+2581 in front of each word.
"""

import re
import unicodedata

METASPACE = "\u2581"

_ASCII_PUNCTUATION = r"!-/:-@\[-`{-~"
_PUNCTUATION = "".join(
    re.escape(chr(code))
    for code in range(0x80, 0x30000)
    if unicodedata.category(chr(code)).startswith("P")
)
_WORDS = re.compile(f"[{_ASCII_PUNCTUATION}{_PUNCTUATION}]|[^\\s{_ASCII_PUNCTUATION}{_PUNCTUATION}]+")

# Scripts written without spaces: their runs are not words.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]"
)


def normalise(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> list[str]:
    return _WORDS.findall(normalise(text))


def is_unspaced(word: str) -> bool:
    return _UNSPACED.search(word) is not None
