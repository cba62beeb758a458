#include "core/textindex/dictionary.h"

#include "core/db/sql_array.h"
#include "core/textindex/segment_repository.h"
#include "core/textindex/term_block.h"

#include <QMap>
#include <QSet>

#include <algorithm>

namespace llmemory::textindex {

using db::Statement;

namespace {

// As load_terms, but of long lists only the beginning.
constexpr Statement kFind{
    "find_terms",
    "WITH segments AS MATERIALIZED (SELECT segment_id, passages, total_length "
    "FROM {{tables.text_segments}} WHERE owner_id = $1), "
    "wanted AS (SELECT DISTINCT s.segment_id, b.first_term FROM segments s "
    "CROSS JOIN unnest($2::text[]) AS t (term) "
    "CROSS JOIN LATERAL (SELECT p.first_term, p.last_term FROM {{tables.text_postings}} p "
    "WHERE p.owner_id = $1 AND p.segment_id = s.segment_id AND p.first_term <= t.term "
    "ORDER BY p.first_term DESC LIMIT 1) b WHERE b.last_term >= t.term) "
    "SELECT coalesce(sum(passages), 0)::bigint, coalesce(sum(total_length), 0)::bigint, "
    "NULL::bytea FROM segments "
    "UNION ALL SELECT NULL, NULL, (SELECT " LLMEMORY_BLOCK_TERMS " FROM {{tables.text_postings}} p "
    "WHERE p.owner_id = $1 AND p.segment_id = w.segment_id AND p.first_term = w.first_term) "
    "FROM wanted w"};

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

void addExamples(QByteArrayView list, QList<quint32> &examples)
{
    // Of a list that was cut the last posting is missing; those before it are right.
    visitPostings(list, [&examples](quint32 chunk, quint32, quint8, bool removed) {
        if (!removed && examples.size() < kMostExamples && !examples.contains(chunk))
            examples << chunk;
    });
}

} // namespace

std::optional<QList<KnownTerm>> knownTerms(const QList<QByteArray> &blocks,
                                           const std::function<bool(QByteArrayView)> &isWanted)
{
    QMap<QByteArray, KnownTerm> found;
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
            if (!isWanted(entry.term))
                continue;
            KnownTerm &known = found[entry.term.toByteArray()];
            known.passages += entry.passages();
            addExamples(entry.list, known.examples);
        }
    }
    QList<KnownTerm> terms;
    for (auto entry = found.begin(); entry != found.end(); ++entry) {
        entry->term = entry.key();
        if (entry->passages > 0)
            terms.append(std::move(*entry));
    }
    return terms;
}

Result<FoundTerms> findTerms(db::Session &session,
                             const OwnerId &owner,
                             const QList<AskedTerm> &terms)
{
    QStringList texts;
    QSet<QByteArray> asked;
    for (const AskedTerm &term : terms) {
        texts << QString::fromUtf8(term.term);
        asked.insert(term.term);
    }
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
        blocks, [&asked](QByteArrayView term) { return asked.contains(term.toByteArray()); });
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
