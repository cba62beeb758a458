#include "core/textindex/segment_repository.h"

#include "core/db/sql_array.h"

#include <QCoreApplication>

#include <limits>

namespace llmemory::textindex {

using db::Statement;

namespace {

constexpr Statement kReserve{"reserve_numbers",
                             "UPDATE {{tables.owners}} SET last_number = last_number + $2 "
                             "WHERE owner_id = $1 RETURNING last_number"};

// For each segment and term one descent of the key's index, to the last block that begins at or
// before the term; then the blocks themselves, each once. A block's bytes are read by a subquery,
// so that no estimate makes the planner scan the table.
constexpr Statement kLoad{
    "load_terms",
    "WITH segments AS MATERIALIZED (SELECT segment_id, passages, total_length "
    "FROM {{tables.text_segments}} WHERE owner_id = $1), "
    "wanted AS (SELECT DISTINCT s.segment_id, b.first_term FROM segments s "
    "CROSS JOIN unnest($2::text[]) AS t (term) "
    "CROSS JOIN LATERAL (SELECT p.first_term, p.last_term FROM {{tables.text_postings}} p "
    "WHERE p.owner_id = $1 AND p.segment_id = s.segment_id AND p.first_term <= t.term "
    "ORDER BY p.first_term DESC LIMIT 1) b WHERE b.last_term >= t.term) "
    "SELECT coalesce(sum(passages), 0)::bigint, coalesce(sum(total_length), 0)::bigint, "
    "NULL::bytea FROM segments "
    "UNION ALL SELECT NULL, NULL, (SELECT p.entries FROM {{tables.text_postings}} p "
    "WHERE p.owner_id = $1 AND p.segment_id = w.segment_id AND p.first_term = w.first_term) "
    "FROM wanted w",
    db::Plan::Kept};

constexpr Statement kList{"list_segments",
                          "SELECT segment_id, entries, removed FROM {{tables.text_segments}} "
                          "WHERE owner_id = $1 ORDER BY segment_id"};
// Whoever merges them already does so alone.
constexpr Statement kLock{"lock_segments",
                          "SELECT segment_id FROM {{tables.text_segments}} WHERE owner_id = $1 "
                          "AND segment_id = ANY ($2::bigint[]) FOR UPDATE SKIP LOCKED"};
constexpr Statement kDrop{"drop_segments",
                          "DELETE FROM {{tables.text_segments}} "
                          "WHERE owner_id = $1 AND segment_id = ANY ($2::bigint[])"};
constexpr Statement kSum{
    "sum_segments",
    "SELECT coalesce(sum(passages), 0)::bigint, coalesce(sum(total_length), 0)::bigint, "
    "coalesce(sum(entries), 0)::bigint, coalesce(sum(removed), 0)::bigint "
    "FROM {{tables.text_segments}} WHERE owner_id = $1 AND segment_id = ANY ($2::bigint[])"};
constexpr Statement kWrite{"write_segment",
                           "INSERT INTO {{tables.text_segments}} (owner_id, segment_id, passages, "
                           "total_length, entries, removed) VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr Statement kWriteEntries{"write_segment_entries",
                                  "UPDATE {{tables.text_segments}} SET entries = $3, removed = $4 "
                                  "WHERE owner_id = $1 AND segment_id = $2"};
constexpr Statement kWriteBlocks{
    "write_term_blocks",
    "INSERT INTO {{tables.text_postings}} (owner_id, segment_id, first_term, last_term, entries) "
    "SELECT $1, $2::bigint, first_term, last_term, entries "
    "FROM unnest($3::text[], $4::text[], $5::bytea[]) AS blocks (first_term, last_term, entries)"};
constexpr Statement kReadBlocks{
    "read_term_blocks",
    "SELECT first_term, last_term, entries FROM {{tables.text_postings}} "
    "WHERE owner_id = $1 AND segment_id = $2 AND first_term > $3 ORDER BY first_term LIMIT $4"};
constexpr Statement kMergeDue{"set_merge_due",
                              "UPDATE {{tables.owners}} SET text_merge_due = $2 "
                              "WHERE owner_id = $1 AND text_merge_due <> $2"};

/// Postings keep them in 32 bits.
constexpr qint64 kLastNumber = std::numeric_limits<quint32>::max();

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::textindex", text);
}

Result<> done(const Result<qint64> &executed)
{
    return executed ? Result<>() : Result<>(executed.error());
}

} // namespace

Result<qint64> reserveNumbers(db::Session &session, const OwnerId &owner, qint64 count)
{
    auto rows = session.query(kReserve, {owner.toString(), count});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return Error::notFound(tr("There is no owner \"%1\".").arg(owner.toString()));
    const qint64 last = rows->first().bigint(0);
    if (last > kLastNumber)
        return Error{.kind = ErrorKind::Conflict,
                     .message = tr("The owner \"%1\" has had four thousand million passages, which "
                                   "is as many as the text index can tell apart. Move its "
                                   "documents to a new owner.")
                                    .arg(owner.toString()),
                     .field = QStringLiteral("owner_id"),
                     .code = QStringLiteral("text_index_full")};
    return last - count + 1;
}

Result<StoredTerms> loadTerms(db::Session &session,
                              const OwnerId &owner,
                              const QList<QByteArray> &terms)
{
    QStringList texts;
    for (const QByteArray &term : terms)
        texts << QString::fromUtf8(term);
    auto rows = session.queryBinary(kLoad, {owner.toString(), db::textArray(texts)});
    if (!rows)
        return rows.error();
    StoredTerms stored;
    for (const db::Row &row : *rows) {
        if (row.isNull(0))
            stored.blocks.append(row.value(2).toByteArray());
        else
            stored.collection = {row.bigint(0), row.bigint(1)};
    }
    return stored;
}

Result<LoadedTerms> loadLists(db::Session &session,
                              const OwnerId &owner,
                              const QList<AskedTerm> &terms)
{
    QList<QByteArray> names;
    for (const AskedTerm &term : terms)
        names << term.term;
    auto stored = loadTerms(session, owner, names);
    if (!stored)
        return stored.error();
    LoadedTerms loaded{std::move(*stored), {}};
    auto lists = listsOf(terms, loaded.stored.blocks);
    if (!lists)
        return damagedIndex(owner);
    loaded.lists = std::move(*lists);
    return loaded;
}

Result<QList<SegmentInfo>> listSegments(db::Session &session, const OwnerId &owner)
{
    auto rows = session.query(kList, {owner.toString()});
    if (!rows)
        return rows.error();
    QList<SegmentInfo> segments;
    for (const db::Row &row : *rows)
        segments.append({row.bigint(0), row.bigint(1), row.bigint(2)});
    return segments;
}

Result<qint64> lockSegments(db::Session &session, const OwnerId &owner, const QList<qint64> &ids)
{
    auto rows = session.query(kLock, {owner.toString(), db::integerArray(ids)});
    if (!rows)
        return rows.error();
    return rows->size();
}

Result<> dropSegments(db::Session &session, const OwnerId &owner, const QList<qint64> &ids)
{
    return done(session.execute(kDrop, {owner.toString(), db::integerArray(ids)}));
}

Result<SegmentContent> sumOf(db::Session &session, const OwnerId &owner, const QList<qint64> &ids)
{
    auto row = session.queryOne(kSum, {owner.toString(), db::integerArray(ids)});
    if (!row)
        return row.error();
    return SegmentContent{row->bigint(0), row->bigint(1), row->bigint(2), row->bigint(3), {}};
}

Result<> writeSegment(db::Session &session,
                      const OwnerId &owner,
                      qint64 id,
                      const SegmentContent &content)
{
    return done(session.execute(kWrite,
                                {owner.toString(),
                                 id,
                                 content.passages,
                                 content.totalLength,
                                 content.entries,
                                 content.removed}));
}

Result<> writeBlocks(db::Session &session,
                     const OwnerId &owner,
                     qint64 id,
                     const QList<TermBlock> &blocks)
{
    if (blocks.isEmpty())
        return {};
    QStringList first;
    QStringList last;
    QList<QByteArray> entries;
    for (const TermBlock &block : blocks) {
        first << QString::fromUtf8(block.firstTerm);
        last << QString::fromUtf8(block.lastTerm);
        entries << block.entries;
    }
    return done(session.execute(kWriteBlocks,
                                {owner.toString(),
                                 id,
                                 db::textArray(first),
                                 db::textArray(last),
                                 db::byteArrays(entries)}));
}

Result<> writeEntries(
    db::Session &session, const OwnerId &owner, qint64 id, qint64 entries, qint64 removed)
{
    return done(session.execute(kWriteEntries, {owner.toString(), id, entries, removed}));
}

Result<QList<TermBlock>> readBlocks(
    db::Session &session, const OwnerId &owner, qint64 id, const QByteArray &after, int most)
{
    auto rows =
        session.queryBinary(kReadBlocks, {owner.toString(), id, QString::fromUtf8(after), most});
    if (!rows)
        return rows.error();
    QList<TermBlock> blocks;
    for (const db::Row &row : *rows)
        blocks.append({row.text(0).toUtf8(), row.text(1).toUtf8(), row.value(2).toByteArray()});
    return blocks;
}

Result<> setMergeDue(db::Session &session, const OwnerId &owner, bool due)
{
    return done(session.execute(kMergeDue, {owner.toString(), due}));
}

Error damagedIndex(const OwnerId &owner)
{
    return Error{.kind = ErrorKind::Database,
                 .message =
                     tr("The text index of the owner \"%1\" is damaged. Restore a backup, or "
                        "add its documents anew.")
                         .arg(owner.toString()),
                 .code = QStringLiteral("text_index_damaged")};
}

} // namespace llmemory::textindex
