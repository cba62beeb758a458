#include "core/extract/plain_text_extractor.h"

#include "core/extract/reason.h"
#include "core/extract/text_builder.h"
#include "core/extract/text_decoder.h"

namespace llmemory::extract {

PlainTextExtractor::PlainTextExtractor(DocumentType type) : m_type(type) {}

Extraction PlainTextExtractor::extract(const QByteArray &content,
                                       const ExtractionLimits &limits) const
{
    // No encoding spends more than four bytes on a character, so the rest would be cut anyway; cut
    // at a line's end, lest half a character be left.
    static constexpr qsizetype kMostBytesPerCharacter = 4;
    const qsizetype most = limits.textLength * kMostBytesPerCharacter;
    const qsizetype lineEnd = content.size() > most ? content.lastIndexOf('\n', most) : -1;
    const auto decoded = decodeText(lineEnd > 0 ? content.left(lineEnd) : content.left(most));

    Extraction extraction;
    if (!decoded) {
        extraction.outcome = Outcome::Unsupported;
        extraction.reason = QLatin1String(reason::kBinary);
        return extraction;
    }
    TextBuilder builder(limits, content.size());
    builder.appendVerbatim(decoded->text);
    extraction = builder.finish(m_type);
    if (extraction.outcome == Outcome::Ok && content.size() > most)
        extraction.outcome = Outcome::Truncated;
    extraction.metadata["encoding"] = toJson(decoded->encoding);
    return extraction;
}

} // namespace llmemory::extract
