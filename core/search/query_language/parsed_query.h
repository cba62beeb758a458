#pragma once

#include "core/search/query_language/query_part.h"

#include <QList>

namespace llmemory {

/// A query in the language of docs/search.md, taken apart.
struct ParsedQuery
{
    QString text; ///< as typed
    /// In the order of the text, disjoint; between them is only white space.
    QList<QueryPart> parts;

    /// The text without one part, and without the space that was around it. Pure.
    /// @param index  of parts.
    QString withoutPart(qsizetype index) const;

    friend bool operator==(const ParsedQuery &, const ParsedQuery &) = default;
};

} // namespace llmemory
