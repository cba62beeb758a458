#include "core/extract/html_extractor.h"

#include "core/extract/html_text.h"
#include "core/extract/reason.h"
#include "core/extract/text_builder.h"
#include "core/extract/text_decoder.h"

#include <QRegularExpression>

#include <algorithm>

namespace llmemory::extract {

namespace {

/// Where browsers look for the page's encoding, with room for what precedes it in saved pages.
constexpr qsizetype kPrescanBytes = 4096;

QByteArray declaredCharset(const QByteArray &content)
{
    static const QRegularExpression pattern(
        QStringLiteral("<meta[^>]*?charset\\s*=\\s*[\"']?\\s*([A-Za-z0-9_:.-]+)|<\\?xml[^>]*?"
                       "encoding=[\"']([A-Za-z0-9_.-]+)"),
        QRegularExpression::CaseInsensitiveOption);
    const auto match = pattern.match(QString::fromLatin1(content.left(kPrescanBytes)));
    return (match.captured(1).isEmpty() ? match.captured(2) : match.captured(1)).toLatin1();
}

QString firstTopHeading(const TextStructure &structure)
{
    const auto found = std::find_if(structure.headings.begin(),
                                    structure.headings.end(),
                                    [](const Heading &heading) { return heading.level == 1; });
    return found == structure.headings.end() ? QString() : found->title;
}

} // namespace

Extraction HtmlExtractor::extract(const QByteArray &content, const ExtractionLimits &limits) const
{
    Extraction extraction;
    const auto decoded = decodeText(content, declaredCharset(content));
    if (!decoded) {
        extraction.outcome = Outcome::Unsupported;
        extraction.reason = QLatin1String(reason::kBinary);
        return extraction;
    }
    TextBuilder builder(limits, content.size());
    const HtmlFacts facts = appendHtml(builder, decoded->text.toUtf8(), limits.markupDepth);
    extraction = builder.finish(DocumentType::Html);
    extraction.title = facts.title.isEmpty() ? firstTopHeading(extraction.structure) : facts.title;
    extraction.metadata = facts.metadata;
    extraction.metadata["encoding"] = toJson(decoded->encoding);
    return extraction;
}

} // namespace llmemory::extract
