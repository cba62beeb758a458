#pragma once

#include "core/search/query_language/query_part.h"

#include <QString>

namespace llmemory::ui {

/// What a part of a query asks for, in the user's language.
struct QueryPartText
{
    QString label; ///< "Type", "Not page", "Must have"
    QString value; ///< "PDF", "3–5", "harbour"

    friend bool operator==(const QueryPartText &, const QueryPartText &) = default;
};

/// Whether a part is more than one alternative among the words, and so worth showing.
bool isCondition(const QueryPart &part);

/// Label and value of a condition, as the query was understood: dates are days, languages have
/// their own names. GUI thread.
QueryPartText textOf(const QueryPart &part);

} // namespace llmemory::ui
