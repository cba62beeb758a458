#include "core/search/query_language/parsed_query.h"

namespace llmemory {

QString ParsedQuery::withoutPart(qsizetype index) const
{
    const QueryPart &part = parts.at(index);
    const QString before = text.left(part.start).trimmed();
    const QString after = text.mid(part.start + part.length).trimmed();
    if (before.isEmpty() || after.isEmpty())
        return before + after;
    return before + QLatin1Char(' ') + after;
}

} // namespace llmemory
