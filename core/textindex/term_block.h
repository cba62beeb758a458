#pragma once

#include "core/textindex/posting.h"

#include <QList>

#include <functional>

namespace llmemory::textindex {

/// Terms of a segment that follow each other, as they are stored in one row. A row for each term
/// would cost fifty times as many rows as blocks of about a kilobyte do.
struct TermBlock
{
    QByteArray firstTerm; ///< UTF-8
    QByteArray lastTerm;
    QByteArray entries;
};

/// One term of a block; the views are into the block's bytes.
struct TermEntry
{
    QByteArrayView term;
    qint64 postings = 0; ///< how many, those that take back included
    qint64 removed = 0;  ///< how many of them take back
    QByteArrayView list; ///< see visitPostings()

    /// Passages that hold the term, by these postings alone.
    qint64 passages() const { return postings - 2 * removed; }
};

/// Fills blocks with terms. A value that lives as long as the segment is being written.
class TermBlockWriter
{
public:
    /// @param finished  gets each block as soon as it is full.
    explicit TermBlockWriter(std::function<void(TermBlock &&)> finished);

    /// Terms come in the order of their bytes, each once, none empty; a term without postings is
    /// left out.
    void add(QByteArrayView term, const Postings &postings);
    /// Gives the last block away.
    void finish();

private:
    std::function<void(TermBlock &&)> m_finished;
    TermBlock m_block;
};

/// Goes through the terms of a block; its bytes must live as long.
class TermBlockReader
{
public:
    explicit TermBlockReader(QByteArrayView entries) : m_reader(entries) {}

    /// The next term; nothing at the end, or where the block is damaged.
    std::optional<TermEntry> next();
    bool isDamaged() const { return m_reader.failed(); }

private:
    VarintReader m_reader;
};

/// A lexeme as terms are stored: what is longer than 200 bytes is cut and made distinct by a hash,
/// since PostgreSQL takes no more in an index. Pure.
QByteArray termOf(const QByteArray &lexeme);

} // namespace llmemory::textindex
