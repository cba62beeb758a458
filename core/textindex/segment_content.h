#pragma once

#include "core/textindex/term_block.h"

#include <QString>

namespace llmemory::textindex {

/// A passage that comes or goes.
struct IndexedChunk
{
    quint32 number = 0;
    QString vector; ///< its tsvector as PostgreSQL writes it
    bool removed = false;
};

/// A segment as it is stored.
struct SegmentContent
{
    qint64 passages = 0;    ///< that come, less those that go
    qint64 totalLength = 0; ///< of theirs, less of those that go
    qint64 entries = 0;     ///< that come or go
    qint64 removed = 0;     ///< that go
    QList<TermBlock> blocks;
};

/// The segment of these passages. What goes must have the vector that it came with. Pure.
SegmentContent segmentOf(const QList<IndexedChunk> &chunks);

} // namespace llmemory::textindex
