#include "core/search/summary.h"

#include "core/language/word_segmenter.h"

#include <algorithm>

namespace llmemory::search {

namespace {

constexpr int kLeastWords = 10;

} // namespace

QString summaryOf(const QString &content, int maxTokens)
{
    if (maxTokens <= 0)
        return {};
    const int most = std::max(kLeastWords, maxTokens / 2);
    const QString text = content.simplified();
    // Segmenting only inserts spaces: the same walk through both tells where words of the text end.
    const QString segmented = language::segmentedWords(text);
    int words = 1;
    qsizetype at = 0;
    for (const QChar c : segmented) {
        if (c == QLatin1Char(' ') && words++ == most)
            return text.left(at) + QLatin1String("...");
        if (at < text.size() && text.at(at) == c)
            ++at;
    }
    return text;
}

} // namespace llmemory::search
