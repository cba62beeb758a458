#pragma once

#include "core/extract/extractor.h"

namespace llmemory::extract {

/// Web pages; the encoding from the mark, the page's own word or its bytes.
class HtmlExtractor final : public Extractor
{
public:
    Extraction extract(const QByteArray &content, const ExtractionLimits &limits) const override;
};

} // namespace llmemory::extract
