"""Translated sentences from the gettext catalogues of programs and games, and the names of ISO codes."""

import collections
import gettext
import re

import pairs

_MARKUP = re.compile(r"<[^<>]{1,80}>|(?<![a-z])_(?=\w)|&(?=\w)|\([A-Z_&]\)$")
_FORMAT = re.compile(r"%[\d$\-.+]*[a-zA-Z(\d{]|\{\w*\}|\\n|\$\{|\|")
_NAMES = re.compile(r"iso_(3166-1|3166-2|3166-3|4217|639-2|639-3|639-5|15924)\.mo|kgeography\.mo")
_STORIES = re.compile(r"(wesnoth|freeciv).*\.mo")
_HINT = re.compile(r"^(\?\w+:|[\w ,=:]{1,60}\^)")
_CAP = 15000


def load(path):
    """The messages of a catalogue and their translations; {} for one that is broken."""
    with open(path, "rb") as stream:
        try:
            return gettext.GNUTranslations(stream)._catalog
        except (IndexError, OSError, ValueError):
            return {}


def messages(path):
    """Messages and translations without contexts and plurals."""
    for message, translation in load(path).items():
        if isinstance(message, str) and message and translation:
            text = message.rpartition("\x04")[2]
            yield text.split("\x00")[0], translation.split("\x00")[0]


def plain(text):
    """The text without marks of menus and of formatting."""
    return pairs.clean(_MARKUP.sub("", _HINT.sub("", text)))


def main():
    workdir = pairs.arguments(__doc__)
    names = pairs.Pairs(workdir / "pairs", "iso-codes", shortest=3)
    sentences = pairs.Pairs(workdir / "pairs", "catalogues", shortest=25)
    stories = pairs.Pairs(workdir / "pairs", "stories", shortest=40)
    closes = pairs.Pairs(workdir / "pairs", "ict-stories", shortest=120)
    found = collections.defaultdict(dict)
    for path in sorted(workdir.glob("root/*/usr/share/**/LC_MESSAGES/*.mo")):
        language = pairs.language_code(path.parts[-3])
        if not language or language == "en" or path.is_symlink():
            continue
        for message, translation in messages(path):
            if message == translation or _FORMAT.search(message) or _FORMAT.search(translation):
                continue
            if _NAMES.fullmatch(path.name):
                names.add(message, translation, "en", language)
                continue
            message, translation = plain(message), plain(translation)
            if _STORIES.fullmatch(path.name):
                if len(message.split()) >= 6:
                    stories.add(message, translation, "en", language)
                    closes.add_paragraph(translation, language)
                    closes.add_paragraph(message, "en")
            elif len(message.split()) >= 5 and 30 <= len(message) <= 800:
                found[language].setdefault((message, translation), None)
    for language, chosen in found.items():
        for message, translation in sorted(chosen, key=lambda pair: -len(pair[0]))[:_CAP]:
            sentences.add(message, translation, "en", language)
    for collected in (names, sentences, stories, closes):
        collected.write()


if __name__ == "__main__":
    main()
