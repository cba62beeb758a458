#include "core/textindex/segment_merger.h"

#include "core/textindex/segment_repository.h"

#include <memory>
#include <unordered_set>

namespace llmemory::textindex {

namespace {

/// Blocks that are read, or written, in one statement.
constexpr int kBlocksAtOnce = 256;
constexpr qsizetype kBytesAtOnce = 4 << 20;

/// Goes through the terms of one stored segment.
class SegmentCursor
{
public:
    SegmentCursor(db::Session &session, const OwnerId &owner, qint64 id)
        : m_session(session), m_owner(owner), m_id(id)
    {
    }

    /// Where it stands; nothing at the end.
    const std::optional<TermEntry> &entry() const { return m_entry; }

    /// Goes to the next term, and to the first one when called first.
    Result<> advance()
    {
        for (;;) {
            m_entry = m_reader ? m_reader->next() : std::nullopt;
            if (m_entry)
                return {};
            if (m_reader && m_reader->isDamaged())
                return damagedIndex(m_owner);
            if (m_next == m_blocks.size()) {
                if (auto ok = readMore(); !ok)
                    return ok;
                if (m_blocks.isEmpty())
                    return {};
            }
            m_reader.emplace(m_blocks.at(m_next++).entries);
        }
    }

private:
    Result<> readMore()
    {
        const QByteArray after = m_blocks.isEmpty() ? QByteArray() : m_blocks.last().firstTerm;
        auto blocks = readBlocks(m_session, m_owner, m_id, after, kBlocksAtOnce);
        if (!blocks)
            return blocks.error();
        m_reader.reset();
        m_blocks = std::move(*blocks);
        m_next = 0;
        return {};
    }

    db::Session &m_session;
    const OwnerId &m_owner;
    qint64 m_id;
    QList<TermBlock> m_blocks;
    qsizetype m_next = 0;
    std::optional<TermBlockReader> m_reader;
    std::optional<TermEntry> m_entry;
};

class Merger
{
public:
    Merger(db::Session &session, const OwnerId &owner, qint64 id)
        : m_session(session), m_owner(owner), m_id(id), m_writer([this](TermBlock &&block) {
            m_bytes += block.entries.size();
            m_finished.append(std::move(block));
        })
    {
    }

    Result<> run(const QList<qint64> &ids)
    {
        const auto sum = sumOf(m_session, m_owner, ids);
        if (!sum)
            return sum.error();
        if (auto ok = writeSegment(m_session, m_owner, m_id, *sum); !ok)
            return ok;
        for (const qint64 id : ids) {
            m_cursors.push_back(std::make_unique<SegmentCursor>(m_session, m_owner, id));
            if (auto ok = m_cursors.back()->advance(); !ok)
                return ok;
        }
        for (;;) {
            if (m_session.isCancelled())
                return Error::cancelled();
            const auto more = addNextTerm();
            if (!more)
                return more.error();
            if (!*more)
                break;
            if (m_finished.size() >= kBlocksAtOnce || m_bytes >= kBytesAtOnce) {
                if (auto ok = flush(); !ok)
                    return ok;
            }
        }
        m_writer.finish();
        if (auto ok = flush(); !ok)
            return ok;
        if (auto ok = dropSegments(m_session, m_owner, ids); !ok)
            return ok;
        const qint64 removed = qint64(m_removed.size());
        const qint64 pairs = sum->removed - removed;
        if (m_isEmpty && sum->passages == 0)
            return dropSegments(m_session, m_owner, {m_id});
        return pairs == 0
                   ? Result<>()
                   : writeEntries(m_session, m_owner, m_id, sum->entries - 2 * pairs, removed);
    }

private:
    /// The least term that a cursor stands on, of all cursors that do.
    Result<bool> addNextTerm()
    {
        QByteArrayView least;
        for (const auto &cursor : m_cursors) {
            const auto &entry = cursor->entry();
            if (entry && (least.isEmpty() || entry->term < least))
                least = entry->term;
        }
        if (least.isEmpty())
            return false;
        const QByteArray term = least.toByteArray();
        Postings postings;
        for (const auto &cursor : m_cursors) {
            const auto &entry = cursor->entry();
            if (!entry || entry->term != term)
                continue;
            const auto list = decodePostings(entry->list);
            if (!list)
                return damagedIndex(m_owner);
            postings.insert(postings.end(), list->begin(), list->end());
            if (auto ok = cursor->advance(); !ok)
                return ok.error();
        }
        settle(postings);
        for (const Posting &posting : postings) {
            if (posting.removed)
                m_removed.insert(posting.chunk);
        }
        m_isEmpty = m_isEmpty && postings.empty();
        m_writer.add(term, postings);
        return true;
    }

    Result<> flush()
    {
        auto ok = writeBlocks(m_session, m_owner, m_id, m_finished);
        m_finished.clear();
        m_bytes = 0;
        return ok;
    }

    db::Session &m_session;
    const OwnerId &m_owner;
    qint64 m_id;
    std::vector<std::unique_ptr<SegmentCursor>> m_cursors;
    TermBlockWriter m_writer;
    QList<TermBlock> m_finished;
    qsizetype m_bytes = 0;
    bool m_isEmpty = true;
    std::unordered_set<quint32> m_removed; ///< passages that are still taken back
};

} // namespace

Result<bool> mergeSegments(db::Session &session,
                           const OwnerId &owner,
                           const QList<SegmentInfo> &segments,
                           qint64 id)
{
    QList<qint64> ids;
    for (const SegmentInfo &segment : segments)
        ids << segment.id;
    const auto locked = lockSegments(session, owner, ids);
    if (!locked)
        return locked.error();
    if (*locked != ids.size())
        return false;
    auto merged = Merger(session, owner, id).run(ids);
    return merged ? Result<bool>(true) : Result<bool>(merged.error());
}

} // namespace llmemory::textindex
