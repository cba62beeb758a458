#include "index_check.h"

#include "core/textindex/lexemes.h"
#include "core/textindex/posting.h"
#include "core/textindex/term_block.h"

#include <QSet>

#include <cmath>

namespace llmemory::testing {

using db::Statement;

namespace {

constexpr Statement kVectors{"all_vectors",
                             "SELECT chunk_no, search_vector::text FROM {{tables.document_chunks}} "
                             "WHERE owner_id = $1 AND chunk_level = 1"};
constexpr Statement kBlocks{"all_blocks",
                            "SELECT entries FROM {{tables.text_postings}} WHERE owner_id = $1"};
constexpr Statement kSums{"sums_of_index",
                          "SELECT coalesce(sum(passages), 0)::bigint, coalesce(sum(total_length), "
                          "0)::bigint FROM {{tables.text_segments}} WHERE owner_id = $1"};

} // namespace

TextIndexContent indexOfPassages(DocumentStore &store, const OwnerId &owner)
{
    TextIndexContent index;
    const auto rows =
        store.as(owner, [&](db::Session &s) { return s.query(kVectors, {owner.toString()}); });
    if (!rows)
        return {{"failed", {}}};
    for (const db::Row &row : *rows) {
        for (const textindex::LexemeCount &lexeme : textindex::lexemesOfVector(row.text(1)))
            index[lexeme.lexeme].insert(row.bigint(0), lexeme.frequency);
    }
    return index;
}

TextIndexContent storedIndex(DocumentStore &store, const OwnerId &owner)
{
    const auto rows =
        store.as(owner, [&](db::Session &s) { return s.queryBinary(kBlocks, {owner.toString()}); });
    if (!rows)
        return {{"failed", {}}};
    QMap<QByteArray, textindex::Postings> lists;
    for (const db::Row &row : *rows) {
        const QByteArray bytes = row.value(0).toByteArray();
        textindex::TermBlockReader reader(bytes);
        while (const auto entry = reader.next()) {
            const auto list = textindex::decodePostings(entry->list);
            textindex::Postings &all = lists[entry->term.toByteArray()];
            all.insert(all.end(), list->begin(), list->end());
        }
    }
    TextIndexContent index;
    for (auto entry = lists.begin(); entry != lists.end(); ++entry) {
        textindex::settle(*entry);
        for (const textindex::Posting &posting : *entry)
            index[entry.key()].insert(posting.chunk, posting.removed ? 0 : posting.frequency);
    }
    return index;
}

QString randomText(QRandomGenerator &random, int words)
{
    QString text;
    for (int i = 0; i < words; ++i)
        text += QStringLiteral("word%1 ").arg(int(std::pow(300.0, random.generateDouble())));
    return text;
}

QString indexFault(DocumentStore &store, const OwnerId &owner)
{
    const TextIndexContent wanted = indexOfPassages(store, owner);
    if (storedIndex(store, owner) != wanted)
        return QStringLiteral("postings and passages differ");
    const auto sums =
        store.as(owner, [&](db::Session &s) { return s.queryOne(kSums, {owner.toString()}); });
    if (!sums)
        return sums.error().message;
    qint64 length = 0;
    QSet<qint64> passages;
    for (const auto &term : wanted) {
        for (auto entry = term.cbegin(); entry != term.cend(); ++entry) {
            length += entry.value();
            passages.insert(entry.key());
        }
    }
    if (sums->bigint(0) != passages.size() || sums->bigint(1) != length)
        return QStringLiteral("%1 passages of %2 words instead of %3 of %4")
            .arg(sums->bigint(0))
            .arg(sums->bigint(1))
            .arg(passages.size())
            .arg(length);
    return {};
}

} // namespace llmemory::testing
