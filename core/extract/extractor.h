#pragma once

#include "core/extract/extraction.h"
#include "core/extract/extraction_limits.h"

#include <QByteArray>

namespace llmemory::extract {

/// Turns the bytes of one kind of file into text. Runs in the worker process, without event loop or
/// application object. Damage and limits are outcomes; only exhausted memory is an exception
/// (std::bad_alloc).
class Extractor
{
public:
    Extractor() = default;
    Extractor(const Extractor &) = delete;
    Extractor &operator=(const Extractor &) = delete;
    virtual ~Extractor() = default;

    /// @param content  the whole file, not empty
    /// Extraction::reason is a word of reason.h.
    virtual Extraction extract(const QByteArray &content, const ExtractionLimits &limits) const = 0;
};

} // namespace llmemory::extract
