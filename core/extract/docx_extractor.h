#pragma once

#include "core/extract/extractor.h"

namespace llmemory::extract {

/// Word documents in Office Open XML, both editions of the standard.
class DocxExtractor final : public Extractor
{
public:
    Extraction extract(const QByteArray &content, const ExtractionLimits &limits) const override;
};

} // namespace llmemory::extract
