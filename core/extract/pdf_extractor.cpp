#include "core/extract/pdf_extractor.h"

#include "core/extract/pdf_outline.h"
#include "core/extract/pdf_string.h"
#include "core/extract/reason.h"
#include "core/extract/text_builder.h"

#include <QBuffer>
#include <QDateTime>
#include <QPdfDocument>
#include <QPdfSelection>
#include <QRegularExpression>

#include <algorithm>

namespace llmemory::extract {

namespace {

using Field = QPdfDocument::MetaDataField;

Extraction ended(Outcome outcome)
{
    Extraction extraction;
    extraction.type = DocumentType::Pdf;
    extraction.outcome = outcome;
    return extraction;
}

Outcome outcomeOf(QPdfDocument::Error error)
{
    const bool locked = error == QPdfDocument::Error::IncorrectPassword ||
                        error == QPdfDocument::Error::UnsupportedSecurityScheme;
    return locked ? Outcome::Encrypted : Outcome::Damaged;
}

/// What pdfium gives for a page, as text to read: words that were split at a line's end are joined
/// again.
QString readable(QString text)
{
    text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
    // pdfium marks a hyphen that it takes for a break of a word.
    for (const QChar mark : {QChar(0x02), QChar(0xfffe)}) {
        text.remove(QString(mark) + QLatin1Char('\n'));
        text.replace(mark, QLatin1Char('-'));
    }
    static const QRegularExpression lineEndSpaces(QStringLiteral("[ \\t]+\\n"));
    text.replace(lineEndSpaces, QStringLiteral("\n"));
    const auto first =
        std::find_if_not(text.begin(), text.end(), [](QChar c) { return c == u'\n' || c == u' '; });
    text.remove(0, first - text.begin());
    while (!text.isEmpty() && text.back().isSpace())
        text.chop(1);
    return text;
}

void readFacts(const QPdfDocument &document, Extraction &extraction)
{
    const auto text = [&](Field field) {
        return pdfString(document.metaData(field).toString()).simplified();
    };
    extraction.title = text(Field::Title);
    if (const QString author = text(Field::Author); !author.isEmpty())
        extraction.metadata["author"] = toJson(author);
    if (const QString subject = text(Field::Subject); !subject.isEmpty())
        extraction.metadata["subject"] = toJson(subject);
    if (const QDateTime created = document.metaData(Field::CreationDate).toDateTime();
        created.isValid())
        extraction.metadata["created"] = toJson(created.toUTC().toString(Qt::ISODate));
}

} // namespace

Extraction PdfExtractor::extract(const QByteArray &content, const ExtractionLimits &limits) const
{
    QBuffer buffer;
    buffer.setData(content);
    buffer.open(QIODevice::ReadOnly);
    QPdfDocument document;
    document.load(&buffer);
    if (document.status() != QPdfDocument::Status::Ready)
        return ended(outcomeOf(document.error()));

    TextBuilder builder(limits, content.size());
    const int pages = std::min(document.pageCount(), limits.pdfPages);
    for (int page = 0; page < pages && !builder.isFull(); ++page) {
        builder.beginPage();
        builder.appendVerbatim(readable(document.getAllText(page).text()));
    }
    Extraction extraction = builder.finish(DocumentType::Pdf);
    if (document.pageCount() == 0)
        return ended(Outcome::Damaged);
    if (extraction.outcome == Outcome::Empty)
        extraction.reason = QLatin1String(reason::kScan);
    if (extraction.outcome == Outcome::Ok && document.pageCount() > pages) {
        extraction.outcome = Outcome::Truncated;
        extraction.reason = QLatin1String(reason::kPages);
    }
    readFacts(document, extraction);
    extraction.metadata["pages"] = document.pageCount();
    if (extraction.hasText())
        extraction.structure.headings = outlineOf(document, extraction, limits);
    return extraction;
}

} // namespace llmemory::extract
