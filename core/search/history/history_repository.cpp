#include "core/search/history/history_repository.h"

#include "core/base/text.h"
#include "core/db/sql_array.h"

#include <QCoreApplication>

namespace llmemory::search {

using db::Session;
using db::Statement;

namespace {

// The locks hold off whoever deletes the owner or a document, so that no reference can fail.
constexpr Statement kInsert{
    "insert_searches",
    "WITH present AS MATERIALIZED (SELECT owner_id FROM {{tables.owners}} WHERE owner_id = $1 FOR "
    "KEY SHARE) "
    "INSERT INTO {{tables.search_history}} (owner_id, search_id, query_text, search_type, request, "
    "result_count, took_ms, created_at) "
    "SELECT $1, s.search_id, s.query_text, s.search_type, s.request, s.result_count, s.took_ms, "
    "s.created_at FROM present, jsonb_to_recordset($2::jsonb) AS s (search_id uuid, query_text "
    "text, search_type text, request jsonb, result_count integer, took_ms jsonb, created_at "
    "timestamptz) ON CONFLICT DO NOTHING"};
constexpr Statement kInsertResults{
    "insert_search_results",
    "INSERT INTO {{tables.search_results}} (owner_id, search_id, chunk_id, document_id, rank, "
    "score) "
    "SELECT d.owner_id, r.search_id, r.chunk_id, r.document_id, r.rank, r.score "
    "FROM jsonb_to_recordset($2::jsonb) AS r (search_id uuid, chunk_id uuid, document_id uuid, "
    "rank integer, score double precision) "
    "JOIN {{tables.documents}} d ON d.owner_id = $1 AND d.document_id = r.document_id "
    "ORDER BY d.document_id FOR KEY SHARE OF d ON CONFLICT DO NOTHING"};
constexpr Statement kCount{"count_searches",
                           "SELECT count(*) FROM {{tables.search_history}} WHERE owner_id = $1"};
constexpr Statement kList{
    "list_searches",
    "SELECT search_id, query_text, search_type, request, result_count, took_ms, created_at "
    "FROM {{tables.search_history}} WHERE owner_id = $1 "
    "ORDER BY created_at DESC, search_id DESC LIMIT $2 OFFSET $3"};
constexpr Statement kListResults{
    "list_search_results",
    "SELECT r.search_id, r.rank, r.chunk_id, r.document_id, d.document_name, r.score, r.chosen_at, "
    "r.verdict FROM {{tables.search_results}} r "
    "JOIN {{tables.documents}} d ON d.owner_id = $1 AND d.document_id = r.document_id "
    "WHERE r.owner_id = $1 AND r.search_id = ANY ($2::uuid[]) ORDER BY r.search_id, r.rank"};
constexpr Statement kDelete{"delete_searches",
                            "DELETE FROM {{tables.search_history}} WHERE owner_id = $1"};
constexpr Statement kDeleteReplaced{
    "delete_replaced_searches",
    "DELETE FROM {{tables.search_history}} h WHERE h.owner_id = $1 AND h.search_id = ANY "
    "($2::uuid[]) AND NOT EXISTS (SELECT FROM {{tables.search_results}} r WHERE r.owner_id = $1 "
    "AND r.search_id = h.search_id AND (r.chosen_at IS NOT NULL OR r.verdict IS NOT NULL))"};
constexpr Statement kDeleteOld{
    "delete_old_searches",
    "DELETE FROM {{tables.search_history}} WHERE owner_id = $1 AND search_id IN ("
    "SELECT search_id FROM {{tables.search_history}} WHERE owner_id = $1 AND created_at < "
    "$2::timestamptz ORDER BY created_at LIMIT $3)"};
constexpr Statement kChoose{
    "choose_search_result",
    "UPDATE {{tables.search_results}} SET chosen_at = coalesce(chosen_at, now()) "
    "WHERE owner_id = $1 AND search_id = $2::uuid AND chunk_id = $3::uuid"};
constexpr Statement kJudge{"judge_search_result",
                           "UPDATE {{tables.search_results}} SET verdict = $4::smallint "
                           "WHERE owner_id = $1 AND search_id = $2::uuid AND chunk_id = $3::uuid"};
constexpr Statement kFind{
    "find_search",
    "SELECT 1 FROM {{tables.search_history}} WHERE owner_id = $1 AND search_id = $2::uuid"};

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::search", text);
}

Json searchToJson(const SearchRecord &search)
{
    return {{"search_id", toJson(search.id.toString())},
            {"query_text", toJson(search.text)},
            {"search_type", toJson(toString(search.mode))},
            {"request", search.options},
            {"result_count", search.resultCount},
            {"took_ms", toJson(search.tookMs)},
            {"created_at", toJson(search.createdAt.toUTC().toString(Qt::ISODateWithMs))}};
}

Json resultToJson(const SearchId &search, const SearchedPassage &passage)
{
    return {{"search_id", toJson(search.toString())},
            {"chunk_id", toJson(passage.chunk.toString())},
            {"document_id", toJson(passage.document.toString())},
            {"rank", passage.rank},
            {"score", passage.score}};
}

/// For a jsonb parameter.
QString parameter(const Json &json)
{
    return QString::fromUtf8(toUtf8(scrubbed(json)));
}

/// Of a jsonb column.
Json column(const db::Row &row, int number)
{
    return Json::parse(row.text(number).toStdString(), nullptr, false);
}

SearchTimings timingsFrom(const Json &json)
{
    const auto milliseconds = [&](const char *name) { return json.value(name, 0.0); };
    if (!json.is_object())
        return {};
    return {.total = milliseconds("total"),
            .embedding = milliseconds("embedding"),
            .text = milliseconds("text"),
            .vector = milliseconds("vector"),
            .fusion = milliseconds("fusion"),
            .rerank = milliseconds("rerank")};
}

SearchRecord searchFrom(const OwnerId &owner, const db::Row &row)
{
    return {.id = SearchId::fromString(row.text(0)),
            .owner = owner,
            .text = row.text(1),
            .mode = searchModeFromString(row.text(2)).value_or(SearchMode::Hybrid),
            .options = column(row, 3),
            .resultCount = row.integer(4),
            .tookMs = timingsFrom(column(row, 5)),
            .createdAt = row.time(6),
            .replaces = {},
            .results = {}};
}

SearchedPassage passageFrom(const db::Row &row)
{
    SearchedPassage passage{.rank = row.integer(1),
                            .chunk = ChunkId::fromString(row.text(2)),
                            .document = DocumentId::fromString(row.text(3)),
                            .documentName = row.text(4),
                            .score = row.real(5),
                            .chosenAt = row.time(6)};
    if (!row.isNull(7))
        passage.verdict = row.integer(7) > 0 ? Verdict::Good : Verdict::Bad;
    return passage;
}

QVariant verdictValue(Feedback feedback)
{
    if (feedback == Feedback::None)
        return {};
    return feedback == Feedback::Good ? 1 : -1;
}

} // namespace

Result<> insertSearches(Session &session, const OwnerId &owner, const QList<SearchRecord> &searches)
{
    Json rows = Json::array();
    Json results = Json::array();
    QStringList replaced;
    for (const SearchRecord &search : searches) {
        if (!search.replaces.isNull())
            replaced << search.replaces.toString();
        rows.push_back(searchToJson(search));
        for (const SearchedPassage &passage : search.results)
            results.push_back(resultToJson(search.id, passage));
    }
    const auto written = session.execute(kInsert, {owner.toString(), parameter(rows)});
    if (!written)
        return written.error();
    if (*written > 0 && !results.empty()) {
        const auto stored = session.execute(kInsertResults, {owner.toString(), parameter(results)});
        if (!stored)
            return stored.error();
    }
    if (replaced.isEmpty())
        return {};
    const auto gone = session.execute(kDeleteReplaced, {owner.toString(), db::textArray(replaced)});
    return gone ? Result<>() : Result<>(gone.error());
}

Result<SearchHistoryPage> listSearches(Session &session,
                                       const OwnerId &owner,
                                       int limit,
                                       int offset)
{
    const auto total = session.queryOne(kCount, {owner.toString()});
    if (!total)
        return total.error();
    SearchHistoryPage page{{}, total->bigint(0)};
    const auto rows = session.query(kList, {owner.toString(), limit, offset});
    if (!rows)
        return rows.error();
    QStringList ids;
    QHash<QString, qsizetype> places;
    for (const db::Row &row : *rows) {
        page.searches.append(searchFrom(owner, row));
        ids << page.searches.constLast().id.toString();
        places.insert(ids.constLast(), page.searches.size() - 1);
    }
    if (ids.isEmpty())
        return page;
    const auto results = session.query(kListResults, {owner.toString(), db::textArray(ids)});
    if (!results)
        return results.error();
    for (const db::Row &row : *results)
        page.searches[places.value(row.text(0))].results.append(passageFrom(row));
    return page;
}

Result<qint64> deleteSearches(Session &session, const OwnerId &owner)
{
    return session.execute(kDelete, {owner.toString()});
}

Result<qint64> deleteSearchesBefore(Session &session,
                                    const OwnerId &owner,
                                    const QDateTime &before,
                                    int most)
{
    return session.execute(kDeleteOld, {owner.toString(), before, most});
}

Result<> storeFeedback(Session &session, const SearchFeedback &feedback)
{
    QVariantList values{
        feedback.owner.toString(), feedback.search.toString(), feedback.chunk.toString()};
    const bool isChoice = feedback.feedback == Feedback::Chosen;
    if (!isChoice)
        values << verdictValue(feedback.feedback);
    const auto changed = session.execute(isChoice ? kChoose : kJudge, values);
    if (!changed)
        return changed.error();
    if (*changed > 0)
        return {};
    const auto found = session.query(kFind, values.mid(0, 2));
    if (!found)
        return found.error();
    if (found->isEmpty())
        return Error::notFound(
            tr("There is no search %1 in the history. It may have been forgotten, "
               "or the history is switched off.")
                .arg(feedback.search.toString()));
    return Error::notFound(tr("The passage %1 is none of the first %2 results of this search.")
                               .arg(feedback.chunk.toString())
                               .arg(SearchRecord::kMostResults));
}

} // namespace llmemory::search
