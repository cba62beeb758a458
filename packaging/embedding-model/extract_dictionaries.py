"""Dictionaries in dictd's and StarDict's formats: words and their translations, headwords and their definitions."""

import gzip
import re
import struct

import pairs

_LANGUAGES = {
    "afr": "af", "ara": "ar", "bul": "bg", "ces": "cs", "dan": "da", "deu": "de", "ell": "el", "eng": "en", "fin": "fi",
    "fra": "fr", "hin": "hi", "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja", "nld": "nl", "nor": "no", "pol": "pl",
    "por": "pt", "rus": "ru", "spa": "es", "swe": "sv", "tur": "tr",
}
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_MARKS = re.compile(r"<[^>]*>|\[[^\]]*\]|/[^/]*/(?=\s|,|$)")
_NO_TRANSLATION = re.compile(r"^\s+[\"“]|^\s*(Synonyms?|Note|see|Antonyms?|→|Siehe|cf)\b.*:|^\s*\(.*\)\s*$")
_SENSE = re.compile(r"(?:^|(?<=\s))(?:\d+\.|[IVX]+\.)\s+")


def number(digits):
    """A number of a dictd index."""
    value = 0
    for digit in digits:
        value = value * 64 + _ALPHABET.index(digit)
    return value


def dictd_entries(folder):
    """The texts of all entries of a dictd dictionary, its own notes left out."""
    data = gzip.decompress(next(folder.glob("*.dict.dz")).read_bytes())
    seen = set()
    for line in next(folder.glob("*.index")).read_text(encoding="utf-8").splitlines():
        word, start, length = line.split("\t")[:3]
        place = number(start), number(length)
        if word.startswith("00") or place in seen:
            continue
        seen.add(place)
        yield word, data[place[0]:sum(place)].decode("utf-8", "replace")


def stardict_entries(folder):
    """Headwords and texts of a StarDict dictionary with texts of one type."""
    data = gzip.decompress(next(folder.glob("*.dict.dz")).read_bytes())
    index, at = next(folder.glob("*.idx")).read_bytes(), 0
    while at < len(index):
        end = index.index(b"\0", at)
        start, length = struct.unpack(">II", index[end + 1:end + 9])
        yield index[at:end].decode(), data[start:start + length].decode("utf-8", "replace")
        at = end + 9


def words(text):
    """A line of translations without grammar, subjects and pronunciation."""
    text = _MARKS.sub(" ", text).replace("{", "").replace("}", "").replace("~", " ")
    return re.sub(r"\s+([,;])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,;")


def is_glossed(entry):
    """Whether an entry is a word, its translations and an explanation, a line each."""
    text = entry[1].strip()
    return text.count("\n") == 2 and not re.search(r"\n\n|\n\s*[\"(]", text)


def add_bilingual(workdir):
    """Words with their translations; where senses are glossed, glosses with words of the other language too."""
    plain = pairs.Pairs(workdir / "pairs", "freedict", shortest=3, cap=20000)
    glossed = pairs.Pairs(workdir / "pairs", "freedict-glosses", shortest=3, cap=20000)
    for folder in sorted(workdir.glob("root/dict-freedict-*/usr/share/dictd")):
        _, _, source, target = folder.parts[-4].split("-")
        source, target = _LANGUAGES[source], _LANGUAGES[target]
        entries = list(dictd_entries(folder))
        has_glosses = sum(map(is_glossed, entries)) > 0.4 * len(entries)
        for _, text in entries:
            head, *body = [line for line in text.strip().split("\n") if line.strip()]
            head = words(head.split(" /")[0])
            body = [line for line in body if not _NO_TRANSLATION.search(line)]
            if not body or len(head) < 2 or "Note:" in text:
                continue
            if has_glosses:
                for sense in re.split(r"\n?\s*\d+\.\s*", "\n".join(body)):
                    lines = sense.strip().split("\n")
                    if len(lines) != 2:
                        continue
                    translation, gloss = words(lines[0]), re.sub(r"^(\([^)]*\)\s*)+", "", words(lines[1])).strip(" ;")
                    plain.add(head, translation, source, target)
                    if len(gloss) >= 15:
                        glossed.add(head, gloss, source)
                        glossed.add(gloss, translation, source, target)
                        glossed.add(translation.split(",")[0], f"{head}: {gloss}", target, source)
            else:
                lines = dict.fromkeys(words(_SENSE.sub("; ", line)).lstrip("; ") for line in body)
                plain.add(head, "; ".join(filter(None, lines))[:200], source, target)
    plain.write()
    glossed.write()


_GCIDE_SOURCE = re.compile(
    r"\[(1913 Webster|PJC|WordNet|Webster 1913 Suppl\.|Century|Obs\.|R\.|[^\]]*\+PJC|Dict)[^\]]*\]")
_GCIDE_HEAD = re.compile(
    r"(.{0,150}\\[^\\]*\\,?)?\s*((prop\.|v\.|t\.|i\.|n\.|a\.|adv\.|pl\.|&|,|;)\s*)*"
    r"(([A-Z]\. )?\w+\.(?= \[)|\[[^\]]*\]|\s)*")


def gcide_definition(text):
    """The definitions of an entry of GCIDE without etymology, quotations and sources; '' where nothing is left."""
    text = _GCIDE_SOURCE.sub("", text)
    if "\\" not in text[:120]:
        text = re.sub(r"\(([^()]*\[[^\]]{1,3}\][^()]*)\),?", "", text, count=1)
    text = re.sub(r"\[([a-z]{1,2})[^\]a-z]?\]", r"\1", text)
    lines = [line for line in text.split("\n") if not re.match(r"\s{8,}\S", line) or re.match(r"\s+[a-z(]", line)]
    text = re.sub(r"\s+", " ", " ".join(lines))
    head, found, rest = text.partition(" 1. ")
    if not found:
        rest = text[_GCIDE_HEAD.match(text).end():]
    rest = re.sub(r"--[A-Z][\w. ()]*\.", "", re.sub(r"\{([^}]*)\}", r"\1", rest))
    rest = re.split(r"\bSyn: |\bEtym\b|\bNote: ", rest)[0]
    return re.sub(r"\s\d\. ", " ", rest).strip(" [];")


def add_gcide(workdir):
    """Headword -> definitions, and the first definition -> headword."""
    found = pairs.Pairs(workdir / "pairs", "gcide", shortest=90, cap=45000)
    reverse = pairs.Pairs(workdir / "pairs", "gcide-reverse", shortest=4, cap=15000)
    for folder in workdir.glob("root/dict-gcide/usr/share/dictd"):
        for _, text in dictd_entries(folder):
            head = re.match(r"[^\\\[,{\n]+", text.strip())
            if not head:
                continue
            definition = gcide_definition(text)
            found.add(head.group().strip(), definition, "en")
            first = pairs.sentences(definition)[0] if definition else ""
            if 40 <= len(first) <= 200 and first.count(" ") > 6:
                reverse.add(first, head.group().strip(), "en")
    found.write()
    reverse.write()


def add_terms(workdir, name, markup):
    """Term -> entry of a dictionary whose entries start with a line of the term alone."""
    found = pairs.Pairs(workdir / "pairs", name, shortest=60 if name != "vera" else 12)
    for folder in workdir.glob(f"root/dict-{name}/usr/share/dictd"):
        for word, text in dictd_entries(folder):
            head, _, body = text.strip().partition("\n")
            if name == "devil":
                head, _, body = text.strip().partition(",")
                body = re.sub(r"^\s*(n|adj|v|v\.t|v\.i|adv|n\.pl)\.\s*(pl\.)?(t\.|i\.)?", "", body)
            body = re.sub(markup, " ", body)
            body = re.sub(r"\{\s*([^}]*?)\s*\}", r"\1", body)
            found.add(head, re.sub(r"^[\s,\d.]*(n|vt?|vi|adj|adv|excl|pl)\.\s", "", body.strip()), "en")
    found.write()


def add_littre(workdir):
    """Headword -> definitions of Littré's French dictionary, quotations and etymology left out."""
    found = pairs.Pairs(workdir / "pairs", "littre", shortest=80, cap=25000)
    for folder in workdir.glob("root/stardict-xmlittre/usr/share/stardict/dic"):
        for word, text in stardict_entries(folder):
            text = text.split("<b><big>")[0]
            text = re.sub(r"<small>.*?</small>|<span[^>]*>.*?</span>[, ]*|<b>\d+°</b>", " ", text, flags=re.S)
            found.add(re.sub(r"\s*\(\d+\)$", "", word), re.sub(r"<[^>]*>", " ", text), "fr")
    found.write()


def main():
    workdir = pairs.arguments(__doc__)
    add_terms(workdir, "foldoc", r"<[\w, -]+>|\(\d{4}-\d\d-\d\d\)|^\s*/[^/\n]*/|\[[^\]]*\]")
    add_terms(workdir, "jargon", r"/[^/\n]+/,?|\[[^\]]*\]")
    add_terms(workdir, "elements", r"(Symbol|Atomic number|Atomic weight): *\S+")
    add_terms(workdir, "devil", r"\n {4,}.*")
    add_terms(workdir, "vera", r"\[[^\]]*\]$")
    add_gcide(workdir)
    add_bilingual(workdir)
    add_littre(workdir)


if __name__ == "__main__":
    main()
