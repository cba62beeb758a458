"""Descriptions of Debian's packages: short -> long description, in a language and between English and another."""

import collections
import re

import pairs

_BY_PRODUCTS = re.compile(r"-(dev|doc|docs|dbg|data|common|bin|utils|gir[\d.]*|examples|help|l10n|locale)$")
_BOILERPLATE = re.compile(
    r"(This (meta)?package|The package|These files|It is a (meta|dummy|transitional)).{0,40}"
    r"(contain|provide|include|install|is (a|an|the|for|only)|are|ship|depend|can be|has|will|consist|allow)", re.I)


def stanzas(path):
    """The stanzas of an index as dictionaries, continued lines joined by line feeds."""
    stanza, key = {}, None
    with open(path, encoding="utf-8", errors="replace") as stream:
        for line in stream:
            if line == "\n":
                if stanza:
                    yield stanza
                stanza, key = {}, None
            elif line[0] == " " and key:
                stanza[key] += "\n" + line[1:].rstrip("\n")
            elif ":" in line:
                key, value = line.rstrip("\n").split(":", 1)
                stanza[key] = value.strip()
    if stanza:
        yield stanza


def split(description):
    """Short description and list of paragraphs; lines kept as they are (indented) end a paragraph's prose."""
    short, _, rest = description.partition("\n")
    paragraphs, lines = [], []
    for line in rest.split("\n") + ["."]:
        if line.strip() == ".":
            paragraphs.append(" ".join(lines))
            lines = []
        else:
            lines.append(re.sub(r"^\s*[*o-] ", "", line).strip())
    return short, [p for p in paragraphs if p]


def read_descriptions(lists):
    """{language: {package: (md5, short, paragraphs)}} of all translation indices."""
    found = collections.defaultdict(dict)
    for path in sorted(lists.glob("*_i18n_Translation-*")):
        locale = path.name.rsplit("Translation-", 1)[1].replace("%5f", "_")
        language = pairs.language_code(locale)
        for stanza in stanzas(path):
            text = stanza.get("Description-" + locale)
            if text and "<trans>" not in text and "Package" in stanza:
                found[language].setdefault(stanza["Package"], (stanza.get("Description-md5"), *split(text)))
    return found


def choose(english, sources):
    """One package of those whose first paragraph is the same, the shortest name that is no by-product."""
    groups = collections.defaultdict(list)
    for package, (_, _, paragraphs) in english.items():
        if paragraphs:
            groups[sources.get(package, package), paragraphs[0]].append(package)
    chosen = [min(names, key=lambda name: (bool(_BY_PRODUCTS.search(name)), len(name))) for names in groups.values()]
    first = collections.Counter(english[package][2][0] for package in chosen)
    return [package for package in chosen if first[english[package][2][0]] <= 2]


def rare(paragraphs, counts):
    """The paragraphs that few packages share."""
    return [p for p in paragraphs if counts[p] <= 3]


def main():
    workdir = pairs.arguments(__doc__)
    lists = workdir / "lists"
    sources = {}
    for path in lists.glob("*_Packages"):
        for stanza in stanzas(path):
            sources[stanza["Package"]] = stanza.get("Source", stanza["Package"]).split()[0]
    found = read_descriptions(lists)
    english = found["en"]
    chosen = choose(english, sources)
    long, short = {}, pairs.Pairs(workdir / "pairs", "descriptions-short", shortest=15)
    same = pairs.Pairs(workdir / "pairs", "descriptions")
    parallel = pairs.Pairs(workdir / "pairs", "descriptions-paragraphs")
    for language, packages in sorted(found.items(), key=lambda item: item[0] != "en"):
        here = [package for package in chosen if package in packages]
        counts = collections.Counter(p for package in here for p in packages[package][2])
        for package in here:
            md5, title, paragraphs = packages[package]
            md5_english, title_english, paragraphs_english = english[package]
            if md5 != md5_english:
                continue
            aligned = len(paragraphs) == len(paragraphs_english)
            own = [i for i, p in enumerate(paragraphs_english) if not _BOILERPLATE.match(p)]
            kept = [paragraphs[i] for i in own] if aligned else paragraphs
            text = long[language, package] = " ".join(rare(kept, counts))
            same.add(title, text, language)
            if language == "en":
                continue
            same.add(title_english, text, "en", language)
            same.add(title, long.get(("en", package), ""), language, "en")
            short.add(title_english, title, "en", language)
            if aligned and title != title_english:
                for i in own:
                    if counts[paragraphs[i]] == 1:
                        parallel.add(paragraphs_english[i], paragraphs[i], "en", language)
    for collected in (same, short, parallel):
        collected.write()


if __name__ == "__main__":
    main()
