#pragma once

#include "core/extract/extractor.h"

namespace llmemory::extract {

/// Markdown (CommonMark with GitHub's tables): the text without its markup, headings with their
/// places.
class MarkdownExtractor final : public Extractor
{
public:
    Extraction extract(const QByteArray &content, const ExtractionLimits &limits) const override;
};

} // namespace llmemory::extract
