#pragma once

#include "app/cli/console.h"
#include "core/search/search_hit.h"

namespace llmemory::app {

/// Prints hits for people, one below the other.
void printHits(const QList<SearchHit> &hits, Console &console);

} // namespace llmemory::app
