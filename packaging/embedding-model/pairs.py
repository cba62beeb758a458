"""Text pairs for training: cleaning, checks and the one place that writes them.

A file is `<name>.<lang>.tsv.gz`, or `<name>.<from>-<to>.tsv.gz` for pairs across languages: one pair
`query<TAB>passage` a line, in UTF-8, without duplicates.
"""

import argparse
import collections
import gzip
import hashlib
import html
import os
import pathlib
import re
import unicodedata

QUERY_LIMIT = 300
PASSAGE_LIMIT = 1200

_RENAMED = {"nb": "no", "nn": "no", "iw": "he", "cn": "zh", "jp": "ja", "gr": "el"}
_SCRIPTS = {
    "ar": r"\u0600-\u06ff", "bg": r"\u0400-\u04ff", "el": r"\u0370-\u03ff", "fa": r"\u0600-\u06ff", "he": r"\u0590-\u05ff",
    "hi": r"\u0900-\u097f", "ja": r"\u3040-\u30ff\u4e00-\u9fff", "ko": r"\uac00-\ud7a3", "ru": r"\u0400-\u04ff",
    "sr": r"\u0400-\u04ff", "th": r"\u0e00-\u0e7f", "uk": r"\u0400-\u04ff", "zh": r"\u4e00-\u9fff",
}
_SCRIPT_PATTERNS = {language: re.compile(f"[{characters}]") for language, characters in _SCRIPTS.items()}
_ENGLISH = re.compile(r"\b(the|of|and|to|is|for|with|this|that|are)\b")
_SENTENCE_END = re.compile(r"(?<=[.!?।؟])[\"')»”]?\s+|(?<=[。！？])")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_INVISIBLE = re.compile(r"[\u00ad\u200b\ufeff\ufffd]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BLANK_BETWEEN_IDEOGRAPHS = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")


def language_code(code):
    """The two letters of a locale: pt for pt_BR, zh for zh-TW, no for nb; None for others and for Latin-written sr."""
    if "@" in code:
        return None
    code = re.split(r"[-_.]", code.strip().lower())[0]
    code = _RENAMED.get(code, code)
    return code if len(code) == 2 else None


def clean(text):
    """One line without control characters, entities and repeated blanks."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", html.unescape(text)))
    text = re.sub(r"\s+", " ", _CONTROL.sub(" ", text)).strip()
    return re.sub(r" ([,.;:!?)\]])(?=\s|$)", r"\1", _BLANK_BETWEEN_IDEOGRAPHS.sub("", text))


def sentences(text):
    """The sentences of a text, by punctuation."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def cut(text, limit):
    """The text up to the last sentence end before the limit, or up to the last word where there is none."""
    if len(text) <= limit:
        return text
    end = 0
    for match in _SENTENCE_END.finditer(text, 0, limit):
        end = match.end()
    if end < limit // 3:
        end = text.rfind(" ", 0, limit)
    return text[: end if end > limit // 3 else limit].strip()


def size(text):
    """Characters, an ideograph counting as three, so that one bound fits all languages."""
    return len(text) + 2 * len(_IDEOGRAPHS.findall(text))


def is_prose(text):
    """Whether letters and blanks make up most of the text, as they do not in code and tables."""
    return sum(c.isalpha() or c == " " or unicodedata.category(c).startswith("M") for c in text) >= 0.75 * len(text)


def is_in(language, text):
    """Whether the text may be in the language: it is not plain English, nor in another script."""
    pattern = _SCRIPT_PATTERNS.get(language)
    if pattern:
        return len(pattern.findall(text)) >= 0.25 * sum(c.isalpha() for c in text)
    if language == "en":
        return all(ord(c) < 0x370 or not c.isalpha() for c in text[:200])
    return len(_ENGLISH.findall(text)) < 1 + 0.08 * len(text.split())


class Pairs:
    """Collects the pairs of one source and writes them, a file for each language or pair of languages."""

    def __init__(self, directory, name, shortest=40, cap=None):
        self.directory = pathlib.Path(directory)
        self.name = name
        self.shortest = shortest
        self.cap = cap
        self.files = collections.defaultdict(dict)

    def add(self, query, passage, language, to=None):
        """Takes a pair unless one of the checks speaks against it; `to` is the passage's language where it differs."""
        to = to or language
        query, passage = cut(clean(query), QUERY_LIMIT), cut(clean(passage), PASSAGE_LIMIT)
        if len(query) < 2 or size(passage) < self.shortest or query.casefold() == passage.casefold():
            return
        if not any(c.isalpha() for c in query) or not is_prose(passage):
            return
        if is_in(language, query) and is_in(to, passage):
            self.files[language if to == language else f"{language}-{to}"][query, passage] = None

    def add_paragraph(self, text, language):
        """Takes one sentence of a paragraph of three or more as the query, the others as the passage."""
        text = cut(clean(text), PASSAGE_LIMIT)
        parts = sentences(text)
        chosen = int(hashlib.sha256(text.encode()).hexdigest(), 16) % max(1, len(parts))
        if len(parts) < 3 or not 40 <= size(parts[chosen]) <= QUERY_LIMIT or size(text) < 200:
            return
        glue = "" if language in ("ja", "zh") else " "
        self.add(parts[chosen], glue.join(parts[:chosen] + parts[chosen + 1:]), language)

    def write(self):
        """Writes the files in place of an earlier run's, and a line on them to READY.txt beside their directory."""
        self.directory.mkdir(parents=True, exist_ok=True)
        counts = {}
        for languages, pairs in sorted(self.files.items()):
            chosen = list(pairs)
            if self.cap and len(chosen) > self.cap:
                chosen.sort(key=lambda pair: hashlib.sha256("\t".join(pair).encode()).digest())
                chosen = chosen[: self.cap]
            if len(chosen) < 20:
                continue
            counts[languages] = len(chosen)
            path = self.directory / f"{self.name}.{languages}.tsv.gz"
            unfinished = path.with_suffix(".unfinished")
            with gzip.open(unfinished, "wt", encoding="utf-8", compresslevel=6) as stream:
                stream.writelines(f"{query}\t{passage}\n" for query, passage in chosen)
            os.replace(unfinished, path)
        for path in self.directory.glob(f"{self.name}.*.tsv.gz"):
            if path.name.split(".")[-3] not in counts:
                path.unlink()
        line = f"{self.name}: {sum(counts.values())} pairs; " + ", ".join(f"{k} {v}" for k, v in counts.items())
        ready = self.directory.parent / "READY.txt"
        before = ready.read_text(encoding="utf-8").splitlines() if ready.exists() else []
        kept = [other for other in before if not other.startswith(self.name + ": ")]
        ready.write_text("\n".join(kept + [line]) + "\n", encoding="utf-8")
        print(line, flush=True)


def arguments(description):
    """The work directory of the command line: unpacked packages below root/, pairs written to pairs/."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("workdir", type=pathlib.Path)
    return parser.parse_args().workdir
