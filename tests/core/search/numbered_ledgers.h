#pragma once

#include "core/search/search_hit.h"
#include "tests/core/documents/document_store.h"

namespace llmemory::testing {

/// Thirty documents "Ledger number 0" … of the owner "numbers", each a passage with its vector.
Result<qint64> addNumberedLedgers(DocumentStore &store);
/// A search that finds all of them.
SearchQuery numberedLedgers(int limit);

/// The hits' documents, in their order.
QStringList originsOf(const SearchAnswer &answer);
/// Whether the hits are in the order of their scores.
bool isOrdered(const SearchAnswer &answer);

} // namespace llmemory::testing
