"""LibreOffice's help: heading -> section in each language, and paragraphs beside their English originals."""

import documents
import pairs


def main():
    workdir = pairs.arguments(__doc__)
    manual = documents.Manual(workdir, "libreoffice-help", cap=12000, paragraphs=False)
    help_of = {path.name: path / "text" for path in workdir.glob("root/libreoffice-help-*/usr/share/libreoffice/help/*")
               if (path / "text").is_dir()}
    english = {}
    for path in sorted(help_of["en-US"].rglob("*.html")):
        name = path.relative_to(help_of["en-US"])
        english[name] = documents.html_blocks(path, "#DisplayArea", tables=True)
        manual.add(english[name], "en")
    for locale, folder in sorted(help_of.items()):
        language = pairs.language_code(locale)
        if language == "en" or locale == "ca-valencia":
            continue
        for path in sorted(folder.rglob("*.html")):
            original = english.get(path.relative_to(folder))
            manual.add(documents.html_blocks(path, "#DisplayArea", tables=True), language, original)
    manual.write()


if __name__ == "__main__":
    main()
