#pragma once

#include "core/extract/extraction.h"
#include "core/extract/extraction_limits.h"

#include <QString>

namespace llmemory::extract::reason {

// Words an extractor leaves in Extraction::reason to say more than the outcome does. The worker
// knows neither the file's name nor the user's language, and what it says is not to be shown
// unseen: the caller makes the sentence.
inline constexpr char kScan[] = "scan";           ///< Empty: pages without any text
inline constexpr char kNesting[] = "nesting";     ///< Bomb: elements nested too deep
inline constexpr char kPages[] = "pages";         ///< Truncated: too many pages
inline constexpr char kDoctype[] = "doctype";     ///< Damaged: a DOCTYPE where none may be
inline constexpr char kProcessor[] = "processor"; ///< Timeout: of processor time, not of the clock
inline constexpr char kBinary[] = "binary";       ///< Unsupported: not text

/// The translated sentence for people: what happened to which file, and what to do. Empty for Ok.
/// @param fileName  shown as it is; the last component of the path
/// @param word      one of the words above; anything else gives the general sentence of the outcome
QString sentence(Outcome outcome,
                 const QString &fileName,
                 const QString &word,
                 const ExtractionLimits &limits);

} // namespace llmemory::extract::reason
