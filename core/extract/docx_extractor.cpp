#include "core/extract/docx_extractor.h"

#include "core/extract/docx_styles.h"
#include "core/extract/docx_text.h"
#include "core/extract/ooxml.h"
#include "core/extract/reason.h"
#include "core/extract/text_builder.h"
#include "core/extract/zip_archive.h"

#include <QSet>
#include <QXmlStreamReader>

#include <algorithm>

namespace llmemory::extract {

namespace {

using Relationships = QList<ooxml::Relationship>;

Extraction ended(Outcome outcome, const char *word = "")
{
    Extraction extraction;
    extraction.type = DocumentType::Docx;
    extraction.outcome = outcome;
    extraction.reason = QLatin1String(word);
    return extraction;
}

Extraction ended(ZipArchive::Fault fault)
{
    return ended(fault == ZipArchive::Fault::Bomb ? Outcome::Bomb : Outcome::Damaged);
}

Extraction ended(DocxText::Fault fault)
{
    if (fault == DocxText::Fault::Nesting)
        return ended(Outcome::Bomb, reason::kNesting);
    return ended(Outcome::Damaged, fault == DocxText::Fault::Doctype ? reason::kDoctype : "");
}

/// Word keeps a document with a password as an OLE container with this stream; names in it are
/// UTF-16.
bool isEncrypted(const QByteArray &content)
{
    static const QByteArray name = [] {
        const QString text = QStringLiteral("EncryptedPackage");
        return QByteArray(reinterpret_cast<const char *>(text.utf16()),
                          text.size() * qsizetype(sizeof(char16_t)));
    }();
    return content.contains(name);
}

void readFacts(const QByteArray &xml, Extraction &extraction)
{
    QXmlStreamReader reader(xml);
    while (!reader.atEnd()) {
        const auto token = reader.readNext();
        if (token == QXmlStreamReader::DTD)
            return;
        if (token != QXmlStreamReader::StartElement)
            continue;
        const QString name = reader.name().toString();
        const bool wanted = name == QLatin1String("title") || name == QLatin1String("creator") ||
                            name == QLatin1String("created") || name == QLatin1String("modified") ||
                            name == QLatin1String("subject");
        if (!wanted)
            continue;
        const QString value =
            reader.readElementText(QXmlStreamReader::SkipChildElements).simplified();
        if (name == QLatin1String("title"))
            extraction.title = value;
        else if (!value.isEmpty())
            extraction.metadata[name == QLatin1String("creator") ? "author" : name.toStdString()] =
                toJson(value);
    }
}

/// Reads one document: finds its parts through the package's relationships and writes them in
/// reading order.
class DocxReader
{
public:
    DocxReader(const QByteArray &content, const ExtractionLimits &limits)
        : m_limits(limits), m_zip(content, limits), m_builder(limits, content.size())
    {
    }

    Extraction read()
    {
        if (m_zip.fault() != ZipArchive::Fault::None)
            return ended(m_zip.fault());
        findParts();
        const auto body = m_zip.read(m_bodyName);
        if (!body)
            return ended(m_zip.fault() == ZipArchive::Fault::Bomb ? Outcome::Bomb
                                                                  : Outcome::Damaged);

        const DocxStyles styles(partOf(QLatin1String("styles")));
        DocxText text(m_builder, styles, m_limits.markupDepth);
        // Headers first and footers last, each text once: most documents repeat them per section.
        appendParts(text, QLatin1String("header"));
        keep(text.appendPart(*body));
        appendNotes(text, QStringLiteral("footnote"));
        appendNotes(text, QStringLiteral("endnote"));
        appendParts(text, QLatin1String("footer"));

        if (m_zip.fault() != ZipArchive::Fault::None)
            return ended(m_zip.fault());
        if (m_fault != DocxText::Fault::None)
            return ended(m_fault);
        return finish(text.title());
    }

private:
    static QByteArray folderOf(const QByteArray &name)
    {
        return name.left(name.lastIndexOf('/') + 1);
    }

    void findParts()
    {
        const Relationships package =
            ooxml::relationships(m_zip.read("_rels/.rels").value_or(QByteArray()), "");
        for (const ooxml::Relationship &relationship : package) {
            if (relationship.type == QLatin1String("officeDocument"))
                m_bodyName = relationship.target;
            else if (relationship.type == QLatin1String("core-properties"))
                m_factsName = relationship.target;
        }
        const QByteArray folder = folderOf(m_bodyName);
        const QByteArray relations = folder + "_rels/" + m_bodyName.mid(folder.size()) + ".rels";
        m_parts = ooxml::relationships(m_zip.read(relations).value_or(QByteArray()), folder);
    }

    QByteArray partOf(QLatin1String type)
    {
        const auto found =
            std::find_if(m_parts.begin(), m_parts.end(), [&](const ooxml::Relationship &part) {
                return part.type == type;
            });
        return found == m_parts.end() ? QByteArray()
                                      : m_zip.read(found->target).value_or(QByteArray());
    }

    void keep(DocxText::Fault fault)
    {
        if (m_fault == DocxText::Fault::None)
            m_fault = fault;
    }

    void appendParts(DocxText &text, QLatin1String type)
    {
        QSet<QByteArray> seen;
        for (const ooxml::Relationship &part : std::as_const(m_parts)) {
            if (part.type != type)
                continue;
            const QByteArray xml = m_zip.read(part.target).value_or(QByteArray());
            if (!xml.isEmpty() && !seen.contains(xml))
                keep(text.appendPart(xml));
            seen.insert(xml);
        }
    }

    void appendNotes(DocxText &text, const QString &element)
    {
        const QByteArray xml = partOf(QLatin1String((element + QLatin1Char('s')).toLatin1()));
        if (!xml.isEmpty())
            keep(text.appendNotes(xml, element));
    }

    Extraction finish(const QString &styledTitle)
    {
        Extraction extraction = m_builder.finish(DocumentType::Docx);
        if (const auto facts = m_zip.read(m_factsName))
            readFacts(*facts, extraction);
        if (extraction.title.isEmpty())
            extraction.title = styledTitle.simplified();
        return extraction;
    }

    const ExtractionLimits &m_limits;
    ZipArchive m_zip;
    TextBuilder m_builder;
    QByteArray m_bodyName = QByteArrayLiteral("word/document.xml");
    QByteArray m_factsName = QByteArrayLiteral("docProps/core.xml");
    Relationships m_parts;
    DocxText::Fault m_fault = DocxText::Fault::None;
};

} // namespace

Extraction DocxExtractor::extract(const QByteArray &content, const ExtractionLimits &limits) const
{
    if (content.startsWith("\xd0\xcf\x11\xe0"))
        return isEncrypted(content) ? ended(Outcome::Encrypted) : ended(Outcome::Damaged);
    return DocxReader(content, limits).read();
}

} // namespace llmemory::extract
