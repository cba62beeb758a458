#pragma once

#include "core/extract/extractor.h"

namespace llmemory::extract {

/// Text, tables and source code in any encoding; lines and spaces stay as they are.
class PlainTextExtractor final : public Extractor
{
public:
    /// @param type  given to what is read: Text or Code
    explicit PlainTextExtractor(DocumentType type);
    Extraction extract(const QByteArray &content, const ExtractionLimits &limits) const override;

private:
    DocumentType m_type;
};

} // namespace llmemory::extract
