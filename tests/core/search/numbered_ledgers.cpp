#include "tests/core/search/numbered_ledgers.h"

#include <algorithm>

namespace llmemory::testing {

Result<qint64> addNumberedLedgers(DocumentStore &store)
{
    const OwnerId owner = ownerId(QStringLiteral("numbers"));
    for (int i = 0; i < 30; ++i) {
        const auto added = store.add(
            documentInput(owner, QString::number(i), QStringLiteral("Ledger number %1").arg(i)));
        if (!added)
            return added.error();
    }
    return store.embed(owner);
}

SearchQuery numberedLedgers(int limit)
{
    SearchQuery query;
    query.owner = ownerId(QStringLiteral("numbers"));
    query.text = QStringLiteral("ledger number");
    query.limit = limit;
    return query;
}

QStringList originsOf(const SearchAnswer &answer)
{
    QStringList ids;
    for (const SearchHit &hit : answer.hits)
        ids << hit.idAtOrigin;
    return ids;
}

bool isOrdered(const SearchAnswer &answer)
{
    return std::is_sorted(answer.hits.begin(),
                          answer.hits.end(),
                          [](const SearchHit &a, const SearchHit &b) { return a.score > b.score; });
}

} // namespace llmemory::testing
