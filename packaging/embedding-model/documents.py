"""Manuals in HTML, DocBook and Mallard as blocks, and the pairs that their headings and translations give."""

import bz2
import codecs
import collections
import gzip
import re

import lxml.etree
import lxml.html

import pairs

Block = collections.namedtuple("Block", "level id text")  # level: 1-6 for headings, 0 for a paragraph
Section = collections.namedtuple("Section", "title query texts")

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {"p", "li", "dt", "dd", "blockquote"}
_DROPPED = ("script", "style", "pre", "nav", "header", "footer", "table", "form", "button", "svg", "math", "noscript",
            "img")
_DROPPED_CLASSES = re.compile(
    r"\b(MAC|howtoget|relatedtopics|navheader|navfooter|nav|toc|sphinxsidebar|related|headerlink|footnotes?|breadcrumb|"
    r"header|footer|node|noprint|topnav|bottomnav|field-list|prev-next[\w-]*|docnav|toplang|langs|translation|"
    r"nav_table|nav_bar|sidebar|top-nav|copyright|legalnotice|authorgroup|viewcode-link|admonition-title)\b")
_DEFINITIONS = re.compile(r"\b(sig|glossary|def|deffn|deftypefn)\b")
_KINDS = re.compile(r"^(class|exception|struct|property|static|abstract|classmethod|async) +")
_STRUCTURAL = {"section", "sect1", "sect2", "sect3", "sect4", "sect5", "chapter", "appendix", "article", "book", "page",
               "preface", "refsect1", "refsect2", "glossentry", "part"}
_CONTENTS = re.compile(
    r"(table of )?contents$|see also|siehe auch|voir aussi|véase también|vedi anche|参照|index$|authors?$|copyright|"
    r"references$|translators?$|version$", re.I)
_NUMBERING = re.compile(
    r"^((chapter|chapitre|kapitel|capítulo|appendix|annexe|part|§)\s+)?([A-Z]\.)?[\d.]+[.:)]?\s+(?=\S)", re.I)
_OMITTED_ELEMENTS = {"info", "bookinfo", "articleinfo", "sect1info", "media", "code", "screen", "programlisting", "table"}


def heading(text):
    """A heading without its number and permanent link."""
    return _NUMBERING.sub("", pairs.clean(text).rstrip("¶#§ :"))


def _first(page, names):
    """The first element that one of the names stands for: a tag, #id or .class."""
    for name in names:
        kind = {"#": "//*[@id='{}']", ".": "//*[contains(concat(' ', @class, ' '), ' {} ')]"}.get(name[0])
        found = page.xpath(kind.format(name[1:]) if kind else f"//{name}")
        if found:
            return found[0]
    return None


def html_blocks(path, root="body", tables=False):
    """The blocks of a page below the first element that `root` names."""
    data = read(path)
    try:
        page = lxml.html.fromstring(data, parser=lxml.html.HTMLParser(encoding=_encoding(data)))
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        return []
    content = _first(page, root.split())
    if content is None:
        return []
    dropped = [e for e in content.iter(*_DROPPED) if not (tables and e.tag == "table")]
    dropped += [e for e in content.iterfind(".//*[@class]") if _DROPPED_CLASSES.search(e.get("class"))]
    for element in dropped:
        if element.getparent() is not None:
            element.drop_tree()
    for element in content.iterfind(".//div[@class='para']"):
        element.tag = "p"
    for element in content.iterfind(".//dt"):
        if _DEFINITIONS.search((element.get("class") or "") + " " + (element.getparent().get("class") or "")):
            name = _KINDS.sub("", element.text_content().split("(")[0].strip())
            element[:] = []
            element.tag, element.text = "h6", name
    blocks = []
    for element in content.iter(*_BLOCKS):
        if any(child.tag in _BLOCKS for child in element.iterdescendants()):
            continue
        text = pairs.clean(element.text_content())
        if text:
            level = int(element.tag[1]) if element.tag in _HEADINGS else 0
            blocks.append(Block(level, element.get("id"), heading(text) if level else text))
    return blocks


def read(path):
    """The contents of a file that may be compressed."""
    data = path.read_bytes()
    return {".gz": gzip.decompress, ".bz2": bz2.decompress}.get(path.suffix, bytes)(data)


def _encoding(data):
    match = re.search(rb"charset=[\"']?([\w-]+)|encoding=[\"']([\w-]+)", data[:2048])
    name = (match.group(1) or match.group(2)).decode().lower() if match else "utf-8"
    try:
        name = codecs.lookup(name).name
        return "utf-8" if name == "ascii" else name
    except LookupError:
        return "utf-8"


def html_title(path):
    """The title of a page without the name of its manual."""
    match = re.search(rb"<title>(.*?)</title>", read(path), re.S)
    title = pairs.clean(match.group(1).decode("utf-8", "replace")) if match else ""
    return re.sub(r"\s+[—–|-]\s+.*$|\s*\((GNU|Maxima|\d).*$", "", heading(title))


def pod_blocks(path):
    """The blocks of a page in Perl's format."""
    blocks = []
    for part in re.split(r"\n\s*\n", read(path).decode("utf-8", "replace")):
        match = re.match(r"=head(\d)\s+(.*)", part, re.S)
        text = part
        for _ in range(3):
            text = re.sub(r"[A-WY-Z]<+\s?([^<>]*?)\s?>+", lambda m: m.group(1).split("|")[0], text)
        text = re.sub(r"X<[^>]*>", "", text)
        if match:
            blocks.append(Block(int(match.group(1)), None, heading(re.sub(r"^=head\d\s+", "", text))))
        elif part and part[0] not in " \t=\n":
            blocks.append(Block(0, None, pairs.clean(text)))
    return [block for block in blocks if block.text]


def xml_blocks(path):
    """The blocks of a page of Mallard or DocBook; titles of sections are headings."""
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, load_dtd=False, no_network=True)
    try:
        root = lxml.etree.parse(str(path), parser).getroot()
    except lxml.etree.XMLSyntaxError:
        return []
    if root is None:
        return []
    blocks = []

    def visit(element, depth):
        for child in element:
            if not isinstance(child.tag, str):
                continue
            name = lxml.etree.QName(child).localname
            if name in _OMITTED_ELEMENTS:
                continue
            if name in ("title", "glossterm"):
                parent = lxml.etree.QName(element).localname
                if parent in _STRUCTURAL:
                    blocks.append(Block(max(1, min(6, depth)), None, heading("".join(child.itertext()))))
            elif name in ("p", "para", "simpara"):
                blocks.append(Block(0, None, pairs.clean("".join(child.itertext()))))
            else:
                visit(child, depth + (name in _STRUCTURAL))

    visit(root, 1)
    return [block for block in blocks if block.text]


def sections(blocks, page_title=None):
    """The sections of a page; the query of a short heading names the page, or the heading above, too."""
    above, current = {0: page_title} if page_title else {}, None
    for block in blocks:
        if block.level:
            if current and current.texts:
                yield current
            above = {level: title for level, title in above.items() if level < block.level}
            parent = above[max(above)] if above else None
            if page_title and parent is None:
                parent = page_title
            query = block.text
            if parent and len(block.text.split()) <= 4 and block.text not in parent:
                query = f"{parent}: {block.text}"
            above[block.level] = block.text
            current = Section(block.text, query, [])
        elif current:
            current.texts.append(block.text)
    if current and current.texts:
        yield current


def align(english, blocks, sections_english, sections_other):
    """Pairs of paragraphs in the same place: of all, where the structure is the same; by id; or section by section."""
    if [b.level for b in blocks] == [b.level for b in english]:
        return [(a.text, b.text) for a, b in zip(english, blocks) if not a.level]
    by_id = {b.id: b for b in english if b.id and not b.level}
    together = [(by_id[b.id].text, b.text) for b in blocks if b.id in by_id]
    if not together and len(sections_english) == len(sections_other):
        for a, b in zip(sections_english, sections_other):
            if len(a.texts) == len(b.texts):
                together += zip(a.texts, b.texts)
    return together


class Manual:
    """The pairs of one manual: headings with their sections, and translated paragraphs."""

    def __init__(self, workdir, name, cap=None, paragraphs=True):
        folder = workdir / "pairs"
        self.headings = pairs.Pairs(folder, name, shortest=60, cap=cap)
        self.parallel = pairs.Pairs(folder, name + "-paragraphs", shortest=40, cap=cap)
        self.closes = pairs.Pairs(folder, "ict-" + name, shortest=120, cap=cap and cap // 2) if paragraphs else None
        self.seen = set()

    def add(self, blocks, language, english=None, page_title=None):
        """Takes a page, and with the English page the pairs across both."""
        mine, other, untranslated = list(sections(blocks, page_title)), None, set()
        if english:
            other = list(sections(english, page_title))
            together = align(english, blocks, other, mine)
            untranslated = {translated for original, translated in together if original == translated}
            for original, translated in together:
                if original != translated:
                    self.parallel.add(original, translated, "en", language)
            if len(other) != len(mine) or not together:
                other = None
        for index, section in enumerate(mine):
            texts = [text for text in section.texts if text not in untranslated]
            passage = " ".join(texts)
            if (language, passage) in self.seen:
                continue
            self.seen.add((language, passage))
            translated = not other or other[index].title != section.title
            if translated and not _CONTENTS.match(section.title):
                self.headings.add(section.query, passage, language)
            if other and texts:
                self.headings.add(other[index].query, passage, "en", language)
                if translated:
                    self.headings.add(section.query, " ".join(other[index].texts), language, "en")
            if self.closes:
                for text in texts:
                    self.closes.add_paragraph(text, language)

    def write(self):
        """Writes all files of the manual."""
        for collected in (self.headings, self.parallel, self.closes):
            if collected and collected.files:
                collected.write()
