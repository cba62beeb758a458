#include "core/textindex/index_builder.h"

#include "core/db/sql_array.h"
#include "core/textindex/segment_repository.h"
#include "core/textindex/text_index.h"

namespace llmemory::textindex {

using db::Statement;

namespace {

constexpr Statement kWork{"owners_with_index_work",
                          "SELECT owner_id, text_indexed, text_merge_due, last_number "
                          "FROM {{tables.owners}} WHERE NOT text_indexed OR text_merge_due "
                          "OR chunk_count >= $1 ORDER BY owner_id"};
// Locked before the owner, as by those who delete them; what they hold already is theirs.
constexpr Statement kChoose{
    "choose_unnumbered",
    "SELECT chunk_id FROM {{tables.document_chunks}} WHERE owner_id = $1 AND chunk_level = 1 "
    "AND chunk_no IS NULL ORDER BY document_id, chunk_index LIMIT $2 FOR UPDATE SKIP LOCKED"};
constexpr Statement kNumber{"number_passages",
                            "UPDATE {{tables.document_chunks}} c SET chunk_no = n.number "
                            "FROM unnest($2::uuid[], $3::bigint[]) AS n (chunk_id, number) "
                            "WHERE c.owner_id = $1 AND c.chunk_id = n.chunk_id "
                            "RETURNING c.chunk_no, c.search_vector::text"};
constexpr Statement kLeft{"count_unnumbered",
                          "SELECT count(*) FROM {{tables.document_chunks}} "
                          "WHERE owner_id = $1 AND chunk_level = 1 AND chunk_no IS NULL"};
constexpr Statement kIndexed{
    "set_text_indexed", "UPDATE {{tables.owners}} SET text_indexed = true WHERE owner_id = $1"};

Result<> number(db::Session &session, const OwnerId &owner, const QStringList &chunks)
{
    const auto first = reserveNumbers(session, owner, chunks.size());
    if (!first)
        return first.error();
    QList<qint64> numbers;
    for (qsizetype i = 0; i < chunks.size(); ++i)
        numbers << *first + i;
    const auto rows = session.query(
        kNumber, {owner.toString(), db::textArray(chunks), db::integerArray(numbers)});
    if (!rows)
        return rows.error();
    QList<IndexedChunk> indexed;
    for (const db::Row &row : *rows)
        indexed.append({quint32(row.bigint(0)), row.text(1), false});
    return changeIndex(session, owner, *first, indexed);
}

} // namespace

Result<QList<IndexWork>> indexWork(db::Session &session)
{
    const auto rows = session.query(kWork, {kPassagesToTidy});
    if (!rows)
        return rows.error();
    QList<IndexWork> work;
    for (const db::Row &row : *rows) {
        if (const auto owner = OwnerId::parse(row.text(0)))
            work.append({*owner, row.boolean(1), row.boolean(2), row.bigint(3)});
    }
    return work;
}

Result<BuildStep> buildIndex(db::Session &session, const OwnerId &owner)
{
    const auto rows = session.query(kChoose, {owner.toString(), kPassagesOfStep});
    if (!rows)
        return rows.error();
    BuildStep step;
    step.added = rows->size();
    if (!rows->isEmpty()) {
        QStringList chunks;
        for (const db::Row &row : *rows)
            chunks << row.text(0);
        if (auto ok = number(session, owner, chunks); !ok)
            return ok.error();
    }
    const auto left = session.queryOne(kLeft, {owner.toString()});
    if (!left)
        return left.error();
    step.left = left->bigint(0);
    if (step.left == 0) {
        if (auto done = session.execute(kIndexed, {owner.toString()}); !done)
            return done.error();
    }
    return step;
}

} // namespace llmemory::textindex
