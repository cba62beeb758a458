#include "core/textindex/term_block.h"

#include <QCryptographicHash>

#include <algorithm>

namespace llmemory::textindex {

namespace {

/// A block is full with this: rows of it stay below two kilobytes, from where on PostgreSQL would
/// store the bytes out of line.
constexpr qsizetype kBlockBytes = 1000;
constexpr qsizetype kLongestTerm = 200;

} // namespace

TermBlockWriter::TermBlockWriter(std::function<void(TermBlock &&)> finished)
    : m_finished(std::move(finished))
{
}

void TermBlockWriter::add(QByteArrayView term, const Postings &postings)
{
    if (postings.empty())
        return;
    const QByteArray list = encodePostings(postings);
    const qsizetype size = m_block.entries.size();
    if (size > 0 && size + term.size() + list.size() > kBlockBytes)
        finish();
    QByteArray &out = m_block.entries;
    putVarint(out, quint64(term.size()));
    out.append(term);
    putVarint(out, quint64(postings.size()));
    putVarint(out,
              quint64(std::count_if(postings.begin(), postings.end(), [](const Posting &posting) {
                  return posting.removed;
              })));
    putVarint(out, quint64(list.size()));
    out.append(list);
    m_block.lastTerm = term.toByteArray();
    if (size == 0 || m_block.firstTerm.isEmpty())
        m_block.firstTerm = m_block.lastTerm;
}

void TermBlockWriter::finish()
{
    if (!m_block.entries.isEmpty())
        m_finished(std::move(m_block));
    m_block = {};
}

std::optional<TermEntry> TermBlockReader::next()
{
    if (m_reader.atEnd())
        return std::nullopt;
    TermEntry entry;
    entry.term = m_reader.bytes(m_reader.number());
    entry.postings = qint64(m_reader.number());
    entry.removed = qint64(m_reader.number());
    entry.list = m_reader.bytes(m_reader.number());
    return m_reader.failed() ? std::nullopt : std::optional(entry);
}

QByteArray termOf(const QByteArray &lexeme)
{
    if (lexeme.size() <= kLongestTerm)
        return lexeme;
    const QByteArray hash = QCryptographicHash::hash(lexeme, QCryptographicHash::Sha1).toHex();
    qsizetype cut = kLongestTerm - hash.size();
    constexpr uchar kContinuation = 0x80;
    while (cut > 0 && (uchar(lexeme.at(cut)) & 0xc0U) == kContinuation)
        --cut;
    return lexeme.left(cut) + hash;
}

} // namespace llmemory::textindex
