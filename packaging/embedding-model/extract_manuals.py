"""Manuals: heading -> section in each language, and across languages where the structure is the same."""

import re
import sys

import documents
import pairs

# Name of the output; the folder of the pages below root/; a pattern of their names, with the language (none: English)
# and what is the same in all languages (page); the element that holds a page's text; the most pairs of a file.
_MANUALS = [
    ("kde-handbooks", "*/usr/share/doc/HTML",
     r"(?P<lang>[^/]+)/(?P<page>\w+/index\.cache\.bz2)", "body", None),
    ("debian-handbook", "debian-handbook/usr/share/doc/debian-handbook/html",
     r"(?P<lang>[^/]+)/(?P<page>[^/]+\.html)", "body", None),
    ("installation-guide", "installation-guide-amd64/usr/share/doc/*",
     r"(?P<lang>[^/]+)/(?P<page>[^/]+\.html)", "body", None),
    ("debian-reference", "debian-reference-*/usr/share/debian-reference",
     r"(?P<page>[^/.]+)\.(?P<lang>[\w-]+)\.html", "body", None),
    ("debian-faq", "debian-faq*/usr/share/doc/debian/FAQ",
     r"([^/]+/)?(?P<page>[^/.]+)\.(?P<lang>[\w-]+)\.html", "body", None),
    ("maint-guide", "maint-guide*/usr/share/doc/*/html",
     r"(?P<page>[^/.]+)\.(?P<lang>[\w-]+)\.html", "body", None),
    ("developers-reference", "developers-reference*/usr/share/developers-reference",
     r"((?P<lang>\w\w)/)?(?P<page>[^/]+\.html)", ".body body", None),
    ("aptitude-manual", "aptitude-doc-*/usr/share/doc/aptitude/html",
     r"(?P<lang>[^/]+)/(?P<page>[^/]+\.html)", "body", None),
    ("apache-manual", "apache2-doc/usr/share/doc/apache2-doc/manual",
     r"(?P<lang>[^/]+)/(?P<page>.+\.html)", "#page-content", None),
    ("lilypond-manual", "lilypond-doc-html*/usr/share/doc/lilypond/html/Documentation",
     r"(?P<page>(?!internals|contributor|snippets|web|changes)[^.]+?)(\.(?P<lang>\w\w))?\.html", "body", None),
    ("desktop-help", "*/usr/share/help",
     r"(?P<lang>[^/]+)/(?P<page>.+\.(page|docbook))", None, None),
    ("linux-documentation", "linux-doc-6.1/usr/share/doc/linux-doc-6.1/html",
     r"(translations/(?P<lang>[^/]+)/)?"
     r"(?P<page>(?!hwmon|gpu|sound|userspace-api/media|devicetree|driver-api/media|translations).+\.html)",
     ".document", 10000),
    ("perl-manual", "perl-doc/usr/share/perl/*/pod",
     r"(?P<page>perl(?!\d|toc).*\.pod)", None, 6000),
    ("scikit-learn-manual", "python-sklearn-doc/usr/share/doc/python-sklearn-doc/html",
     r"(?P<page>(?!whats_new|_).+\.html)", ".body .section main", 6000),
    ("scipy-manual", "python-scipy-doc/usr/share/doc/python-scipy-doc/html",
     r"(?P<page>(?!release|dev).+\.html)", "main .body", 6000),
    ("astropy-manual", "python-astropy-doc/usr/share/doc/python-astropy-doc/html",
     r"(?P<page>(?!whatsnew|changelog|_).+\.html)", ".body main", 5000),
    ("pandas-manual", "python-pandas-doc/usr/share/doc/python-pandas-doc/html",
     r"(?P<page>(?!whatsnew|generated|_).+\.html)", "main .body", 4000),
    ("sage-manual", "sagemath-doc/usr/share/doc/sagemath/html/en",
     r"(?P<page>(?!reference/spkg|developer|installation|_).+\.html)", ".body main", 8000),
    ("python-manual", "python3.11-doc/usr/share/doc/python3.11/html",
     r"(?P<page>(?!_|whatsnew|c-api).+\.html)", ".body", 8000),
    ("django-manual", "python-django-doc/usr/share/doc/python-django-doc/html",
     r"(?P<page>(?!releases|_).+\.html)", ".body #bd", 4000),
    ("postgresql-manual", "postgresql-doc-15/usr/share/doc/postgresql-doc-15/html",
     r"(?P<page>(?!release).+\.html)", "body", 6000),
    ("sqlite-manual", "sqlite3-doc/usr/share/doc/sqlite3",
     r"(?P<page>(?!releaselog|syntax).+\.html)", "body", 3000),
    ("octave-manual", "octave-doc/usr/share/doc/octave/octave.html",
     r"(?P<page>.+\.html)", "body", 4000),
    ("maxima-manual", "maxima-doc/usr/share/doc/maxima-doc/html",
     r"(?P<page>maxima_\d+\.html)", "body", 4000),
    ("r-manual", "r-doc-html/usr/share/R/doc/manual",
     r"(?P<page>.+\.html)", "body", 3000),
    ("grass-manual", "grass-doc/usr/share/doc/grass-doc/html",
     r"(?P<page>.+\.html)", "#container", 4000),
    ("git-manual", "git-doc/usr/share/doc/git-doc",
     r"(?P<page>.+\.html)", "#content", 3000),
    ("rust-books", "rust-doc/usr/share/doc/rust-doc/html",
     r"(?P<page>(book|reference|nomicon|rust-by-example|rustc|cargo|edition-guide|"
     r"embedded-book|std)/.+\.html)", "main", 5000),
    ("debian-policy", "debian-policy/usr/share/doc/debian-policy/policy.html",
     r"(?P<page>[^/]+\.html)", ".body", 2000),
    ("krb5-manual", "krb5-doc/usr/share/doc/krb5-doc",
     r"(?P<page>(?!appdev/refs).+\.html)", ".body", 2000),
    ("node-manual", "nodejs-doc/usr/share/doc/nodejs/api",
     r"(?P<page>(?!all).+\.html)", "#apicontent", 3000),
]


def pages(folders, pattern):
    """{language: {page: path}} of the files whose path in one of the folders matches the pattern."""
    found = {}
    for folder in sorted(folders):
        for path in sorted(folder.rglob("*.*")):
            match = re.fullmatch(pattern, str(path.relative_to(folder)))
            if not match or path.is_symlink() or "_sources" in path.parts:
                continue
            locale = match.groupdict().get("lang") or "en"
            language = "en" if locale == "C" else pairs.language_code(locale)
            if language and locale not in ("en-GB", "en_GB", "ca-valencia", "ca@valencia"):
                found.setdefault(language, {}).setdefault(match["page"], path)
    return found


def blocks(path, element):
    """The blocks of a page in any of the formats."""
    if path.suffix in (".page", ".docbook"):
        return documents.xml_blocks(path)
    return documents.pod_blocks(path) if path.suffix == ".pod" else documents.html_blocks(path, element)


def main():
    workdir = pairs.arguments(__doc__)
    for name, folder, pattern, element, cap in _MANUALS:
        found = pages((workdir / "root").glob(folder), pattern)
        if "en" not in found:
            print(f"{name}: no English pages", file=sys.stderr)
            continue
        manual = documents.Manual(workdir, name, cap)
        english = {page: blocks(path, element) for page, path in found["en"].items()}
        for page, content in english.items():
            title = documents.html_title(found["en"][page]) if cap and page.endswith(".html") else None
            manual.add(content, "en", page_title=title)
        for language in sorted(set(found) - {"en"}):
            for page, path in found[language].items():
                manual.add(blocks(path, element), language, english.get(page))
        manual.write()


if __name__ == "__main__":
    main()
