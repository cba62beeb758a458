#pragma once

#include "core/extract/extraction.h"
#include "core/extract/extraction_limits.h"

class QPdfDocument;

namespace llmemory::extract {

/// The bookmarks of @p document as headings of @p extraction's text: each at its words on its page,
/// or at the page's start where they are not found. Ascending; bookmarks without a page inside the
/// text are left out.
QList<Heading> outlineOf(QPdfDocument &document,
                         const Extraction &extraction,
                         const ExtractionLimits &limits);

} // namespace llmemory::extract
