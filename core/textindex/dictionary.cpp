#include "core/textindex/dictionary.h"

#include "core/db/sql_array.h"
#include "core/textindex/segment_repository.h"
#include "core/textindex/term_block.h"

#include <QMap>
#include <QSet>

#include <algorithm>
#include <functional>
#include <vector>

namespace llmemory::textindex {

using db::Statement;

namespace {

// Walks through the terms in order, in each segment: where one is within a block, on to the first
// that is behind it. Hundreds of spellings are within a few blocks of most segments.
constexpr Statement kFind{
    "find_terms",
    "WITH RECURSIVE walk AS (SELECT s.segment_id, 1 AS n, NULL::text COLLATE \"C\" AS first_term, "
    "false AS found FROM {{tables.text_segments}} s WHERE s.owner_id = $1 "
    "UNION ALL SELECT w.segment_id, CASE WHEN b.last_term >= ($2::text[])[w.n] "
    "THEN width_bucket(b.last_term, $2::text[]) ELSE w.n END + 1, b.first_term, "
    "b.last_term >= ($2::text[])[w.n] FROM walk w "
    "LEFT JOIN LATERAL (SELECT p.first_term, p.last_term FROM {{tables.text_postings}} p "
    "WHERE p.owner_id = $1 AND p.segment_id = w.segment_id "
    "AND p.first_term <= ($2::text[])[w.n] ORDER BY p.first_term DESC LIMIT 1) b ON true "
    "WHERE w.n <= cardinality($2::text[])) "
    "SELECT coalesce(sum(passages), 0)::bigint, coalesce(sum(total_length), 0)::bigint, "
    "NULL::bytea FROM {{tables.text_segments}} WHERE owner_id = $1 "
    "UNION ALL SELECT NULL, NULL, (SELECT " LLMEMORY_BLOCK_TERMS " FROM {{tables.text_postings}} p "
    "WHERE p.owner_id = $1 AND p.segment_id = w.segment_id AND p.first_term = w.first_term) "
    "FROM walk w WHERE w.found"};

// Of each segment the block that begins at or before a prefix, and those that begin with it.
constexpr Statement kWithPrefix{
    "terms_with_prefix",
    "WITH segments AS MATERIALIZED (SELECT segment_id FROM {{tables.text_segments}} "
    "WHERE owner_id = $1), "
    "wanted AS (SELECT DISTINCT s.segment_id, b.first_term FROM segments s "
    "CROSS JOIN unnest($2::text[]) AS t (prefix) CROSS JOIN LATERAL ("
    "(SELECT p.first_term, p.last_term FROM {{tables.text_postings}} p "
    "WHERE p.owner_id = $1 AND p.segment_id = s.segment_id AND p.first_term <= t.prefix "
    "ORDER BY p.first_term DESC LIMIT 1) UNION ALL "
    "SELECT p.first_term, p.last_term FROM {{tables.text_postings}} p "
    "WHERE p.owner_id = $1 AND p.segment_id = s.segment_id AND p.first_term > t.prefix "
    "AND p.first_term < t.prefix || chr(1114111)) b WHERE b.last_term >= t.prefix) "
    "SELECT (SELECT " LLMEMORY_BLOCK_TERMS " FROM {{tables.text_postings}} p "
    "WHERE p.owner_id = $1 AND p.segment_id = w.segment_id AND p.first_term = w.first_term) "
    "FROM wanted w"};

/// A term as it is found in one block after the other.
struct Found
{
    qint64 passages = 0;
    std::vector<quint32> added;
    std::vector<quint32> removed;

    void add(const TermEntry &entry)
    {
        passages += entry.passages();
        // Of a list that was cut the end is missing; what comes before it is right.
        visitPostings(entry.list, [this](quint32 chunk, quint32, quint8, bool isRemoved) {
            (isRemoved ? removed : added).push_back(chunk);
        });
    }

    /// The newest ones: they are the least likely to be gone.
    QList<quint32> examples()
    {
        std::sort(added.begin(), added.end(), std::greater<>());
        std::sort(removed.begin(), removed.end(), std::greater<>());
        QList<quint32> examples;
        for (const quint32 chunk : added) {
            const bool isGone =
                std::binary_search(removed.begin(), removed.end(), chunk, std::greater<>());
            if (!isGone && examples.size() < kMostExamples)
                examples << chunk;
        }
        return examples;
    }
};

} // namespace

std::optional<QList<KnownTerm>> knownTerms(const QList<QByteArray> &blocks,
                                           const std::function<bool(QByteArrayView)> &isWanted)
{
    QMap<QByteArray, Found> found;
    for (const QByteArray &block : blocks) {
        VarintReader reader(block);
        while (!reader.atEnd()) {
            TermEntry entry;
            entry.term = reader.bytes(reader.number());
            entry.postings = qint64(reader.number());
            entry.removed = qint64(reader.number());
            const quint64 size = reader.number();
            if (reader.failed())
                return std::nullopt;
            entry.list = reader.upTo(size);
            if (isWanted(entry.term))
                found[entry.term.toByteArray()].add(entry);
        }
    }
    QList<KnownTerm> terms;
    for (auto entry = found.begin(); entry != found.end(); ++entry) {
        if (entry->passages > 0)
            terms.append({entry.key(), entry->passages, entry->examples()});
    }
    return terms;
}

Result<FoundTerms> findTerms(db::Session &session,
                             const OwnerId &owner,
                             const QSet<QByteArray> &terms)
{
    QList<QByteArray> sorted = terms.values();
    std::sort(sorted.begin(), sorted.end());
    QStringList texts;
    for (const QByteArray &term : sorted)
        texts << QString::fromUtf8(term);
    auto rows = session.queryBinary(kFind, {owner.toString(), db::textArray(texts)});
    if (!rows)
        return rows.error();
    FoundTerms found;
    QList<QByteArray> blocks;
    for (const db::Row &row : *rows) {
        if (row.isNull(0))
            blocks.append(row.value(2).toByteArray());
        else
            found.collection = {row.bigint(0), row.bigint(1)};
    }
    auto known = knownTerms(
        blocks, [&terms](QByteArrayView term) { return terms.contains(term.toByteArray()); });
    if (!known)
        return damagedIndex(owner);
    found.terms = std::move(*known);
    return found;
}

Result<QList<KnownTerm>> termsWithPrefixes(db::Session &session,
                                           const OwnerId &owner,
                                           const QStringList &prefixes)
{
    auto rows = session.queryBinary(kWithPrefix, {owner.toString(), db::textArray(prefixes)});
    if (!rows)
        return rows.error();
    QList<QByteArray> blocks;
    for (const db::Row &row : *rows)
        blocks.append(row.value(0).toByteArray());
    QList<QByteArray> beginnings;
    for (const QString &prefix : prefixes)
        beginnings << prefix.toUtf8();
    auto terms = knownTerms(blocks, [&beginnings](QByteArrayView term) {
        return std::any_of(beginnings.begin(), beginnings.end(), [&](const QByteArray &beginning) {
            return term.startsWith(beginning);
        });
    });
    if (!terms)
        return damagedIndex(owner);
    return std::move(*terms);
}

} // namespace llmemory::textindex
