#include "core/extract/plain_text_extractor.h"

#include "core/extract/reason.h"
#include "core/extract/text_builder.h"
#include "core/extract/text_decoder.h"

namespace llmemory::extract {

namespace {

/// At a line's end, else before an ASCII character, lest half a character spoil the guess of the
/// encoding.
QByteArray cutAtCharacter(const QByteArray &content, qsizetype most)
{
    qsizetype cut = content.lastIndexOf('\n', most);
    if (cut <= 0) {
        cut = most;
        while (cut > 0 && uchar(content[cut]) >= 0x80)
            --cut;
    }
    return content.left(cut);
}

} // namespace

PlainTextExtractor::PlainTextExtractor(DocumentType type) : m_type(type) {}

Extraction PlainTextExtractor::extract(const QByteArray &content,
                                       const ExtractionLimits &limits) const
{
    // No encoding spends more than four bytes on a character: what is beyond would be cut anyway.
    static constexpr qsizetype kMostBytesPerCharacter = 4;
    const qsizetype most = limits.textLength * kMostBytesPerCharacter;
    const auto decoded =
        decodeText(content.size() > most ? cutAtCharacter(content, most) : content);

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
