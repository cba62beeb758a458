#pragma once

#include "core/search/query_language/query_parser.h"
#include "ui/search/snippet.h"

namespace llmemory::ui {

/// A query as it can be shown while it is typed.
struct QueryReading
{
    /// The whole text; its parts are those that can be read.
    ParsedQuery query;
    /// What cannot be read, UTF-16, ascending, disjoint; empty for a correct query.
    QList<TextRange> mistakes;

    friend bool operator==(const QueryReading &, const QueryReading &) = default;
};

/// Reads @p text in the query language, and goes on behind a mistake as if it were not there. After
/// a few mistakes it gives up: no parts then. Pure; any thread.
QueryReading readWhileTyped(const QString &text, const search::ReadingContext &context = {});

} // namespace llmemory::ui
