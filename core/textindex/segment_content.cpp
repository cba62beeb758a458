#include "core/textindex/segment_content.h"

#include "core/textindex/length_norm.h"
#include "core/textindex/lexemes.h"

#include <QHash>

#include <algorithm>

namespace llmemory::textindex {

SegmentContent segmentOf(const QList<IndexedChunk> &chunks)
{
    SegmentContent content;
    QHash<QByteArray, Postings> terms;
    for (const IndexedChunk &chunk : chunks) {
        const QList<LexemeCount> lexemes = lexemesOfVector(chunk.vector);
        qint64 length = 0;
        for (const LexemeCount &lexeme : lexemes)
            length += lexeme.frequency;
        const quint8 norm = lengthNorm(length);
        for (const LexemeCount &lexeme : lexemes)
            terms[termOf(lexeme.lexeme)].push_back(
                {chunk.number, lexeme.frequency, norm, chunk.removed});
        const int sign = chunk.removed ? -1 : 1;
        content.passages += sign;
        content.totalLength += sign * length;
        content.removed += chunk.removed ? 1 : 0;
        ++content.entries;
    }
    QList<QByteArray> sorted = terms.keys();
    std::sort(sorted.begin(), sorted.end());
    TermBlockWriter writer(
        [&content](TermBlock &&block) { content.blocks.append(std::move(block)); });
    for (const QByteArray &term : std::as_const(sorted)) {
        Postings &postings = terms[term];
        settle(postings);
        writer.add(term, postings);
    }
    writer.finish();
    return content;
}

} // namespace llmemory::textindex
