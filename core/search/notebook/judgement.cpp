#include "core/search/notebook/judgement.h"

#include <QSet>

#include <algorithm>

namespace llmemory {

Json toJson(const NotebookQuery &query)
{
    Json judgements = Json::array();
    for (const Judgement &judgement : query.judgements)
        judgements.push_back({{"document_id", toJson(judgement.document.toString())},
                              {"document_name", toJson(judgement.documentName)},
                              {"char_start", judgement.charStart},
                              {"char_end", judgement.charEnd},
                              {"grade", judgement.grade}});
    return {{"query_id", toJson(query.id.toString())},
            {"owner_id", toJson(query.owner.toString())},
            {"query", toJson(query.text)},
            {"options", query.options},
            {"created_at", toJson(query.createdAt.toUTC().toString(Qt::ISODateWithMs))},
            {"judgements", std::move(judgements)}};
}

namespace search {

namespace {

qint64 sharedLength(qint64 startA, qint64 endA, qint64 startB, qint64 endB)
{
    return std::max<qint64>(0, std::min(endA, endB) - std::max(startA, startB));
}

} // namespace

bool isSameStretch(qint64 startA, qint64 endA, qint64 startB, qint64 endB)
{
    const qint64 shared = sharedLength(startA, endA, startB, endB);
    return shared > 0 && 2 * shared >= std::min(endA - startA, endB - startB);
}

QList<qsizetype> judgementsOf(const QList<SearchHit> &hits, const QList<Judgement> &judgements)
{
    QList<qsizetype> found;
    QSet<qsizetype> used;
    for (const SearchHit &hit : hits) {
        const qint64 start = hit.locator.charStart;
        const qint64 end = hit.locator.charEnd;
        qsizetype best = -1;
        qint64 most = 0;
        for (qsizetype i = 0; i < judgements.size(); ++i) {
            const Judgement &judgement = judgements.at(i);
            if (judgement.document != hit.document || used.contains(i) ||
                !isSameStretch(start, end, judgement.charStart, judgement.charEnd))
                continue;
            const qint64 shared = sharedLength(start, end, judgement.charStart, judgement.charEnd);
            if (shared > most) {
                best = i;
                most = shared;
            }
        }
        if (best >= 0)
            used.insert(best);
        found << best;
    }
    return found;
}

} // namespace search
} // namespace llmemory
