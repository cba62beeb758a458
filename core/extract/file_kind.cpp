#include "core/extract/file_kind.h"

#include <QFileInfo>
#include <QHash>

#include <algorithm>

namespace llmemory::extract {

namespace {

using SuffixTable = QHash<QString, FileKind>;

void add(SuffixTable &table, FileKind kind, const char *suffixes)
{
    for (const QString &suffix : QString::fromLatin1(suffixes).split(QLatin1Char(' ')))
        table.insert(suffix, kind);
}

const SuffixTable &suffixTable()
{
    static const SuffixTable table = [] {
        SuffixTable built;
        add(built, FileKind::Text, "txt text log csv tsv rst adoc asciidoc org tex srt vtt");
        add(built, FileKind::Markdown, "md markdown mdown mkd");
        add(built, FileKind::Html, "html htm xhtml");
        add(built, FileKind::Pdf, "pdf");
        add(built, FileKind::Docx, "docx docm dotx dotm");
        add(built,
            FileKind::Code,
            "c cc cpp cxx h hh hpp hxx m mm cs java kt kts scala groovy go rs swift py pyi rb pl "
            "pm php lua r jl "
            "js mjs cjs jsx ts tsx vue css scss less sh bash zsh fish ps1 bat sql proto graphql hs "
            "ml mli ex exs "
            "erl clj lisp el vim asm s f90 pas dart nim zig cmake mk gradle qml json jsonl yaml "
            "yml toml ini cfg "
            "conf xml xsd xsl");
        return built;
    }();
    return table;
}

/// Formats that must not be mistaken for text although some of them are.
const QStringList &knownUnsupported()
{
    static const QStringList suffixes =
        QStringLiteral("eml msg mbox odt ods odp epub rtf doc dot xls xlsx xlsm ppt pptx pages "
                       "numbers key mobi azw3 "
                       "djvu ps eps svg png jpg jpeg gif bmp tif tiff webp heic mp3 mp4 m4a ogg "
                       "flac wav avi mkv mov "
                       "zip gz bz2 xz zst 7z rar tar jar apk exe dll so o a bin iso db sqlite pyc "
                       "class woff woff2 ttf")
            .split(QLatin1Char(' '));
    return suffixes;
}

/// Names without a suffix that are text everywhere.
FileKind kindOfWholeName(const QString &name)
{
    static const QStringList texts =
        QStringLiteral("readme license copying authors changelog changes news todo notes "
                       "install notice")
            .split(QLatin1Char(' '));
    static const QStringList codes =
        QStringLiteral("makefile dockerfile cmakelists.txt jenkinsfile rakefile gemfile")
            .split(QLatin1Char(' '));
    if (codes.contains(name))
        return FileKind::Code;
    return texts.contains(name) ? FileKind::Text : FileKind::Unsupported;
}

/// Nothing known about the name is Text, to be tried; known formats that nobody reads are
/// Unsupported.
FileKind kindOfName(const QString &name)
{
    const QString file = QFileInfo(name).fileName().toLower();
    if (const FileKind whole = kindOfWholeName(file); whole != FileKind::Unsupported)
        return whole;
    const QString suffix = QFileInfo(file).suffix();
    if (knownUnsupported().contains(suffix))
        return FileKind::Unsupported;
    return suffixTable().value(suffix, FileKind::Text);
}

bool startsWithAny(const QByteArray &bytes, std::initializer_list<QByteArrayView> magics)
{
    return std::any_of(magics.begin(), magics.end(), [&](QByteArrayView magic) {
        return bytes.startsWith(magic);
    });
}

bool looksLikeHtml(const QByteArray &bytes)
{
    const QByteArray start = bytes.left(512).trimmed().toLower();
    return startsWithAny(
        start, {"<!doctype html", "<html", "\xef\xbb\xbf<!doctype html", "\xef\xbb\xbf<html"});
}

/// Image, sound and archive formats whose first bytes may pass for text.
bool isKnownBinary(const QByteArray &bytes)
{
    return startsWithAny(bytes,
                         {"\x89PNG",
                          "GIF87a",
                          "GIF89a",
                          "\xff\xd8\xff",
                          "\x1f\x8b",
                          "BZh",
                          "7z\xbc\xaf",
                          "Rar!",
                          "\xfd"
                          "7zXZ",
                          "\x7f"
                          "ELF",
                          "OggS",
                          "fLaC",
                          "ID3",
                          "SQLite format 3",
                          "%!PS",
                          "{\\rtf"});
}

} // namespace

QString toString(FileKind kind)
{
    switch (kind) {
    case FileKind::Text:
        return QStringLiteral("text");
    case FileKind::Code:
        return QStringLiteral("code");
    case FileKind::Markdown:
        return QStringLiteral("markdown");
    case FileKind::Html:
        return QStringLiteral("html");
    case FileKind::Pdf:
        return QStringLiteral("pdf");
    case FileKind::Docx:
        return QStringLiteral("docx");
    case FileKind::Unsupported:
        break;
    }
    return QStringLiteral("unsupported");
}

FileKind fileKindFromString(const QString &word)
{
    for (const FileKind kind : {FileKind::Text,
                                FileKind::Code,
                                FileKind::Markdown,
                                FileKind::Html,
                                FileKind::Pdf,
                                FileKind::Docx}) {
        if (toString(kind) == word)
            return kind;
    }
    return FileKind::Unsupported;
}

DocumentType documentTypeOf(FileKind kind)
{
    switch (kind) {
    case FileKind::Text:
        return DocumentType::Text;
    case FileKind::Code:
        return DocumentType::Code;
    case FileKind::Markdown:
        return DocumentType::Markdown;
    case FileKind::Html:
        return DocumentType::Html;
    case FileKind::Pdf:
        return DocumentType::Pdf;
    case FileKind::Docx:
        return DocumentType::Docx;
    case FileKind::Unsupported:
        break;
    }
    return DocumentType::Unknown;
}

bool isSupportedName(const QString &name)
{
    const QString file = QFileInfo(name).fileName().toLower();
    return kindOfWholeName(file) != FileKind::Unsupported ||
           suffixTable().contains(QFileInfo(file).suffix());
}

QStringList supportedSuffixes()
{
    QStringList suffixes = suffixTable().keys();
    suffixes.sort();
    return suffixes;
}

FileKind kindOfFile(const QString &name, const QByteArray &firstBytes)
{
    static constexpr QByteArrayView kZip("PK\x03\x04");
    static constexpr QByteArrayView kOle("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    // Readers accept a PDF whose header stands anywhere in the first KiB.
    static constexpr qsizetype kPdfHeaderWithin = 1024;

    const FileKind byName = kindOfName(name);
    if (firstBytes.left(kPdfHeaderWithin).contains("%PDF-"))
        return byName == FileKind::Code || byName == FileKind::Markdown ? byName : FileKind::Pdf;
    if (firstBytes.startsWith(kZip) || firstBytes.startsWith(kOle))
        return byName == FileKind::Docx ? FileKind::Docx : FileKind::Unsupported;
    if (byName == FileKind::Unsupported || isKnownBinary(firstBytes))
        return FileKind::Unsupported;
    if (byName == FileKind::Text && looksLikeHtml(firstBytes))
        return FileKind::Html;
    return byName;
}

} // namespace llmemory::extract
