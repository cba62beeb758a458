"""Manual pages: what a command does -> its description, in each language and between English and another."""

import gzip
import re

import documents
import pairs

_ESCAPES = [
    (re.compile(r"\\f(\[[^\]]*\]|\(..|.)|\\[&:|^%/,]|\\s[-+]?\d|\\m\[[^\]]*\]"), ""),
    (re.compile(r"\\\*\(lq|\\\(lq|\\\*\(rq|\\\(rq|\\\(dq|\\\[(dq|lq|rq)\]"), '"'),
    (re.compile(r"\\\(aq|\\\(cq|\\\(oq|\\\[(aq|cq|oq)\]|\\'"), "'"),
    (re.compile(r"\\\(en|\\\(em|\\\[(em|en)\]|\\-"), "-"),
    (re.compile(r"\\\(bu|\\\[bu\]"), ""),
    (re.compile(r"\\\[u([0-9A-F]{4,5})\]"), lambda match: chr(int(match.group(1), 16))),
    (re.compile(r"\\[~ 0]"), " "),
    (re.compile(r"\\e|\\\(rs|\\\[rs\]"), "\\\\"),
    (re.compile(r"\\\(..|\\\[[^\]]*\]|\\\*\[[^\]]*\]|\\\*.|\\[a-z]'[^']*'"), ""),
]
_FONTS = re.compile(
    r"^[.'](B|I|BR|RB|BI|IB|IR|RI|SM|SB|Nm|Fl|Ar|Pa|Xr|Ev|Em|Sy|Cm|Ql|Dq|Sq|Li|Ic|Va|Fa|Fn|Ft|Dv|Cd)\s+(.*)")
_HEADINGS = {"SH": 1, "Sh": 1, "SS": 2, "Ss": 2}
_BREAKS = {*_HEADINGS, "PP", "P", "LP", "TP", "IP", "Pp", "HP", "It", "sp", "RS", "RE", "TQ", "El"}
_OMITTED_START = re.compile(r"^[.'](nf|EX|TS|ig|de|SY|Bd -literal)\b")
_OMITTED_END = re.compile(r"^[.'](fi|EE|TE|\.|YS|Ed)")


def unescape(text):
    """A line of roff as plain text."""
    for pattern, replacement in _ESCAPES:
        text = pattern.sub(replacement, text)
    return text.replace('\\"', "")


def _fields(text):
    """The arguments of a macro."""
    return [a or b for a, b in re.findall(r'"([^"]*)"|(\S+)', text)]


def blocks(path):
    """The blocks of a page: headings of level 1 for .SH, 2 for .SS; paragraphs; tagged ones with their tag."""
    try:
        text = documents.read(path).decode("utf-8")
    except (UnicodeDecodeError, gzip.BadGzipFile, OSError):
        return
    paragraph, omitted = [], False
    for line in text.split("\n") + [".PP"]:
        line = re.sub(r'\\".*', "", line)
        if omitted:
            omitted = not _OMITTED_END.match(line)
            continue
        if _OMITTED_START.match(line):
            omitted = True
            continue
        font = _FONTS.match(line)
        if font:
            joined = font.group(1) in ("BR", "RB", "BI", "IB", "IR", "RI")
            paragraph.append(unescape(("" if joined else " ").join(_fields(font.group(2)))))
        elif line[:1] in (".", "'") and not line.startswith(("'s", "'t")):
            macro = re.match(r"[.']\s*(\w*)\s*(.*)", line)
            if not macro:
                continue
            name, rest = macro.groups()
            if name == "Nd":
                paragraph.append("- " + unescape(rest))
            elif name in _BREAKS:
                if paragraph:
                    yield documents.Block(0, None, pairs.clean(" ".join(paragraph)))
                paragraph = []
                if name in _HEADINGS and rest:
                    yield documents.Block(_HEADINGS[name], None, unescape(" ".join(_fields(rest))))
        elif line.strip():
            paragraph.append(unescape(line))
        elif paragraph:
            yield documents.Block(0, None, pairs.clean(" ".join(paragraph)))
            paragraph = []


def main():
    workdir = pairs.arguments(__doc__)
    titles = pairs.Pairs(workdir / "pairs", "manpages", shortest=60, cap=8000)
    parallel = pairs.Pairs(workdir / "pairs", "manpages-paragraphs", shortest=40, cap=15000)
    closes = pairs.Pairs(workdir / "pairs", "ict-manpages", shortest=120, cap=6000)
    found = {}
    for path in sorted(workdir.glob("root/*/usr/share/man/**/man[1-8]/*.gz")):
        folder = path.parts[-3]
        language = "en" if folder == "man" else pairs.language_code(folder)
        if language and not path.is_symlink():
            found.setdefault(language, {}).setdefault(path.name, path)
    english = {name: list(blocks(path)) for name, path in found["en"].items()}
    for language in sorted(found, key=lambda code: code != "en"):
        for name, path in found[language].items():
            page = english.get(name) if language == "en" else list(blocks(path))
            summary, text = describe(page)
            titles.add(summary, text, language)
            for block in page:
                if not block.level:
                    closes.add_paragraph(block.text, language)
            original = english.get(name)
            if language == "en" or not original:
                continue
            summary_english, text_english = describe(original)
            titles.add(summary_english, text, "en", language)
            titles.add(summary, text_english, language, "en")
            here, there = list(documents.sections(page)), list(documents.sections(original))
            for before, after in documents.align(original, page, there, here):
                if before != after and len(before.split()) > 4:
                    parallel.add(before, after, "en", language)
    for collected in (titles, parallel, closes):
        collected.write()


def describe(page):
    """What the NAME line says, and the first section after it that is prose."""
    name, *others = list(documents.sections(page)) or [None]
    if not others:
        return "", ""
    subject, dash, summary = re.match(r"(.*?)(?:\s+([-–—―]+)\s+(.*))?$", name.texts[0]).groups()
    for section in others[:4]:
        text = " ".join(section.texts)
        if pairs.is_prose(text) and section.texts[0][-1] in ".。:":
            return (f"{subject.split(',')[0]}: {summary}" if dash else ""), text
    return "", ""


if __name__ == "__main__":
    main()
