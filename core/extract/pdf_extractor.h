#pragma once

#include "core/extract/extractor.h"

namespace llmemory::extract {

/// PDF through Qt Pdf: the text of every page, where pages begin, the outline as headings.
class PdfExtractor final : public Extractor
{
public:
    Extraction extract(const QByteArray &content, const ExtractionLimits &limits) const override;
};

} // namespace llmemory::extract
