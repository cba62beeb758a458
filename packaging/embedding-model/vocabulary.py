"""Trains the vocabulary (sentencepiece, unigram) and writes it as tokenizer.json."""

import json
from collections import Counter
from pathlib import Path

import sentencepiece

from text import METASPACE, is_unspaced, words

UNKNOWN = "[UNK]"
PADDING = "[PAD]"
LONGEST_PIECE = 24
# Of all words counted, English has this share, the others share the rest by the size of their text to this power:
# less than 1, so that small languages are more than crumbs.
ENGLISH_SHARE = 0.5
LANGUAGE_POWER = 0.55
# A language with less text has its letters in the vocabulary, through the others, and no words.
LEAST_CHARACTERS = 400_000
CHARACTERS_A_LANGUAGE = {"en": 60_000_000}
CHARACTERS_OF_OTHERS = 6_000_000
WORDS_COUNTED = 40_000_000
RAREST = 3


def count_words(texts_by_language: dict[str, list[str]]) -> Counter:
    """How often each word (or run of an unspaced script) occurs, languages weighted."""
    sizes = {language: sum(map(len, texts)) for language, texts in texts_by_language.items()}
    shares = {
        language: size**LANGUAGE_POWER
        for language, size in sizes.items()
        if language != "en" and size >= LEAST_CHARACTERS
    }
    others = sum(shares.values())
    shares = {language: share / others * (1 - ENGLISH_SHARE) for language, share in shares.items()}
    shares["en"] = ENGLISH_SHARE
    total = Counter()
    for language, share in shares.items():
        most = CHARACTERS_A_LANGUAGE.get(language, CHARACTERS_OF_OTHERS)
        counts = Counter()
        for text in texts_by_language[language][:: max(1, sizes[language] // most)]:
            counts.update(words(text))
        scale = WORDS_COUNTED * share / sum(counts.values())
        for word, count in counts.items():
            total[word] += count * scale
    return total


def train(texts_by_language: dict[str, list[str]], size: int, prefix: Path) -> Path:
    """Writes PREFIX.model and PREFIX.vocab, `size` pieces in all."""
    counts = count_words(texts_by_language)
    rows = Path(f"{prefix}.words.tsv")
    with rows.open("w", encoding="utf-8") as out:
        for word, count in counts.items():
            if (count >= RAREST or is_unspaced(word)) and len(word) < 400:
                # A space in front becomes U+2581; runs of unspaced scripts are trained without it,
                # lest every piece of them be learned twice.
                out.write(f"{'' if is_unspaced(word) else ' '}{word}\t{max(1, round(count))}\n")
    sentencepiece.SentencePieceTrainer.train(
        input=str(rows),
        input_format="tsv",
        model_prefix=str(prefix),
        model_type="unigram",
        vocab_size=size,
        character_coverage=0.9997,
        max_sentencepiece_length=LONGEST_PIECE,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        split_by_number=False,
        split_by_unicode_script=True,
        pad_id=0,
        unk_id=1,
        bos_id=-1,
        eos_id=-1,
        pad_piece=PADDING,
        unk_piece=UNKNOWN,
        num_threads=2,
        input_sentence_size=0,
        train_extremely_large_corpus=False,
        seed_sentencepiece_size=600_000,
        minloglevel=1,
    )
    return Path(f"{prefix}.model")


def write_tokenizer(model: Path, path: Path) -> None:
    """The trained vocabulary as a tokenizer.json of the tokenizers library."""
    processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
    vocabulary = [
        [processor.id_to_piece(index), round(processor.get_score(index), 4)]
        for index in range(processor.get_piece_size())
    ]
    special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    content = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": 0, "content": PADDING, **special}, {"id": 1, "content": UNKNOWN, **special}],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "BertPreTokenizer"},
                {"type": "Metaspace", "replacement": METASPACE, "prepend_scheme": "always", "split": False},
            ],
        },
        "post_processor": None,
        "decoder": {"type": "Metaspace", "replacement": METASPACE, "prepend_scheme": "always", "split": False},
        "model": {"type": "Unigram", "unk_id": 1, "vocab": vocabulary, "byte_fallback": False},
    }
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


class Tokenizer:
    """Word by word, as the engine does: a word is U+2581 and its characters, cut by the vocabulary."""

    def __init__(self, model: Path):
        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
        self._unknown = self._processor.unk_id()
        self._known: dict[str, list[int]] = {}

    def size(self) -> int:
        return self._processor.get_piece_size()

    def piece(self, index: int) -> str:
        return self._processor.id_to_piece(index)

    def ids(self, text: str) -> list[int]:
        found = []
        for word in words(text):
            pieces = self._known.get(word)
            if pieces is None:
                pieces = [i for i in self._processor.encode(" " + word) if i != self._unknown]
                if len(word) < 30:
                    self._known[word] = pieces
            found += pieces
        return found
