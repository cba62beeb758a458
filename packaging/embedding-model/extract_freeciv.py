"""Freeciv's encyclopaedia: name of a nation, building or unit -> its history or help text, in and across languages."""

import re

import extract_catalogues
import pairs

_MARKED = r'_\(\s*"((?:[^"\\]|\\.|\\\n)*)"\s*\)'
_NAME = re.compile(r'^(?:plural|name)\s*=\s*' + _MARKED, re.M)
_TEXT = re.compile(r'^(?:legend|helptext)\s*=\s*((?:' + _MARKED + r'[,\s]*)+)', re.M)


def entries(path):
    """Name and texts of each section of a rule set, as they are in the catalogues."""
    for section in re.split(r"^\[", path.read_text(encoding="utf-8"), flags=re.M):
        names, text = _NAME.findall(section), _TEXT.search(section)
        if names and text:
            yield unquote(names[-1]), [unquote(part) for part in re.findall(_MARKED, text.group(1))]


def unquote(text):
    """A string of a rule set without continued lines."""
    return text.replace("\\\n", "").replace("\\n", "\n").replace('\\"', '"')


def plain(text):
    """A message without its context."""
    return re.sub(r"^\?\w+:", "", text)


def main():
    workdir = pairs.arguments(__doc__)
    found = pairs.Pairs(workdir / "pairs", "freeciv", shortest=60)
    share = workdir / "root/freeciv-data/usr/share"
    rules = list(share.glob("games/freeciv/nation/*.ruleset")) + list(share.glob("games/freeciv/civ2civ3/*.ruleset"))
    articles = [entry for path in sorted(rules) for entry in entries(path)]
    for name, texts in articles:
        found.add(plain(name), " ".join(texts), "en")
    for folder in sorted(share.glob("locale/*/LC_MESSAGES")):
        language = pairs.language_code(folder.parent.name)
        catalogue = {}
        for path in folder.glob("*.mo"):
            catalogue.update(extract_catalogues.load(path))
        for name, texts in articles:
            translated = [catalogue.get(text, text) for text in texts]
            if not language or language == "en" or translated == texts:
                continue
            found.add(plain(name), " ".join(translated), "en", language)
            if name in catalogue:
                found.add(plain(catalogue[name]), " ".join(translated), language)
                found.add(plain(catalogue[name]), " ".join(texts), language, "en")
    found.write()


if __name__ == "__main__":
    main()
