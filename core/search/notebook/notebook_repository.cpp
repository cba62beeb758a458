#include "core/search/notebook/notebook_repository.h"

#include "core/base/text.h"
#include "core/db/sql_array.h"

#include <QCoreApplication>

namespace llmemory::search {

using db::Session;
using db::Statement;

namespace {

// The lock holds off whoever deletes the document, so that no reference to it can fail.
constexpr Statement kJudged{
    "judged_stretch",
    "SELECT r.document_id, coalesce(c.char_start, 0), coalesce(c.char_end, d.char_count), "
    "h.query_text, h.request FROM {{tables.search_results}} r "
    "JOIN {{tables.search_history}} h ON h.owner_id = $1 AND h.search_id = r.search_id "
    "JOIN {{tables.documents}} d ON d.owner_id = $1 AND d.document_id = r.document_id "
    "LEFT JOIN {{tables.document_chunks}} c ON c.owner_id = $1 AND c.chunk_id = r.chunk_id "
    "WHERE r.owner_id = $1 AND r.search_id = $2::uuid AND r.chunk_id = $3::uuid "
    "FOR KEY SHARE OF d"};
// The text may be too long for an index.
constexpr Statement kAddQuery{
    "add_notebook_query",
    "INSERT INTO {{tables.notebook_queries}} AS q (owner_id, query_id, query_text, query_hash, "
    "request) VALUES ($1, $2::uuid, $3, $4, $5::jsonb) ON CONFLICT (owner_id, query_hash) "
    "DO UPDATE SET query_text = q.query_text RETURNING query_id"};
constexpr Statement kFindQuery{
    "find_notebook_query",
    "SELECT query_id FROM {{tables.notebook_queries}} WHERE owner_id = $1 AND query_hash = $2 FOR "
    "UPDATE"};
constexpr Statement kForget{
    "forget_judgements",
    "DELETE FROM {{tables.notebook_judgements}} WHERE owner_id = $1 AND query_id = $2::uuid AND "
    "document_id = $3::uuid "
    "AND least(char_end, $5::bigint) > greatest(char_start, $4::bigint) "
    "AND 2 * (least(char_end, $5::bigint) - greatest(char_start, $4::bigint)) >= "
    "least(char_end - char_start, $5::bigint - $4::bigint)"};
constexpr Statement kJudge{
    "add_judgement",
    "INSERT INTO {{tables.notebook_judgements}} (owner_id, query_id, document_id, char_start, "
    "char_end, grade) VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6) ON CONFLICT DO NOTHING"};
constexpr Statement kRemoveEmpty{
    "remove_empty_notebook_query",
    "DELETE FROM {{tables.notebook_queries}} q WHERE q.owner_id = $1 AND q.query_id = $2::uuid AND "
    "NOT EXISTS (SELECT 1 FROM {{tables.notebook_judgements}} j WHERE j.owner_id = $1 AND "
    "j.query_id = q.query_id)"};
constexpr Statement kCount{"count_notebook_queries",
                           "SELECT count(*) FROM {{tables.notebook_queries}} WHERE owner_id = $1"};
constexpr Statement kList{
    "list_notebook_queries",
    "SELECT query_id, query_text, request, created_at FROM {{tables.notebook_queries}} "
    "WHERE owner_id = $1 ORDER BY created_at DESC, query_id DESC LIMIT $2 OFFSET $3"};
constexpr Statement kListJudgements{
    "list_judgements",
    "SELECT j.query_id, j.document_id, d.document_name, j.char_start, j.char_end, j.grade "
    "FROM {{tables.notebook_judgements}} j "
    "JOIN {{tables.documents}} d ON d.owner_id = $1 AND d.document_id = j.document_id "
    "WHERE j.owner_id = $1 AND j.query_id = ANY ($2::uuid[]) "
    "ORDER BY j.query_id, j.document_id, j.char_start, j.char_end"};
constexpr Statement kRemove{
    "remove_notebook_query",
    "DELETE FROM {{tables.notebook_queries}} WHERE owner_id = $1 AND query_id = $2::uuid"};

Result<> done(const Result<qint64> &changed)
{
    return changed ? Result<>() : Result<>(changed.error());
}

/// The test query of this text; null where there is none and none is to be made.
Result<NotebookQueryId> queryOf(Session &session,
                                const OwnerId &owner,
                                const db::Row &judged,
                                bool make)
{
    const QString text = judged.text(3);
    const QString hash = sha256Hex(QStringView(text).trimmed());
    const auto rows = make ? session.query(kAddQuery,
                                           {owner.toString(),
                                            NotebookQueryId::create().toString(),
                                            text,
                                            hash,
                                            judged.text(4)})
                           : session.query(kFindQuery, {owner.toString(), hash});
    if (!rows)
        return rows.error();
    return rows->isEmpty() ? NotebookQueryId() : NotebookQueryId::fromString(rows->first().text(0));
}

} // namespace

Result<> recordVerdict(Session &session, const SearchFeedback &feedback)
{
    if (feedback.feedback == Feedback::Chosen)
        return {};
    const QString owner = feedback.owner.toString();
    const auto judged =
        session.query(kJudged, {owner, feedback.search.toString(), feedback.chunk.toString()});
    if (!judged)
        return judged.error();
    if (judged->isEmpty())
        return {};
    const db::Row &row = judged->first();
    const bool isVerdict = feedback.feedback != Feedback::None;
    const auto query = queryOf(session, feedback.owner, row, isVerdict);
    if (!query)
        return query.error();
    if (query->isNull())
        return {};
    const QVariantList stretch{owner, query->toString(), row.text(0), row.bigint(1), row.bigint(2)};
    if (auto ok = done(session.execute(kForget, stretch)); !ok)
        return ok;
    if (!isVerdict)
        return done(session.execute(kRemoveEmpty, {owner, query->toString()}));
    const int grade = feedback.feedback == Feedback::Good ? 1 : 0;
    return done(session.execute(kJudge, QVariantList(stretch) << grade));
}

Result<NotebookPage> listNotebook(Session &session, const OwnerId &owner, int limit, int offset)
{
    const auto total = session.queryOne(kCount, {owner.toString()});
    if (!total)
        return total.error();
    NotebookPage page{{}, total->bigint(0)};
    const auto rows = session.query(kList, {owner.toString(), limit, offset});
    if (!rows)
        return rows.error();
    QStringList ids;
    QHash<QString, qsizetype> places;
    for (const db::Row &row : *rows) {
        places.insert(row.text(0), page.queries.size());
        ids << row.text(0);
        page.queries.append({.id = NotebookQueryId::fromString(row.text(0)),
                             .owner = owner,
                             .text = row.text(1),
                             .options = Json::parse(row.text(2).toStdString(), nullptr, false),
                             .createdAt = row.time(3),
                             .judgements = {}});
    }
    if (ids.isEmpty())
        return page;
    const auto judgements = session.query(kListJudgements, {owner.toString(), db::textArray(ids)});
    if (!judgements)
        return judgements.error();
    for (const db::Row &row : *judgements)
        page.queries[places.value(row.text(0))].judgements.append(
            {.document = DocumentId::fromString(row.text(1)),
             .documentName = row.text(2),
             .charStart = row.bigint(3),
             .charEnd = row.bigint(4),
             .grade = row.integer(5)});
    return page;
}

Result<> removeFromNotebook(Session &session, const OwnerId &owner, const NotebookQueryId &query)
{
    const auto removed = session.execute(kRemove, {owner.toString(), query.toString()});
    if (!removed)
        return removed.error();
    if (*removed > 0)
        return {};
    return Error::notFound(
        QCoreApplication::translate("llmemory::search", "There is no query %1 in the notebook.")
            .arg(query.toString()));
}

} // namespace llmemory::search
