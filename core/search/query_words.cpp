#include "core/search/query_words.h"

#include "core/language/word_segmenter.h"

#include <QSet>

namespace llmemory::search {

QStringList foldedWords(const QString &text)
{
    const QString folded =
        language::segmentedWords(text).normalized(QString::NormalizationForm_KC).toCaseFolded();
    QStringList words;
    QString word;
    for (const QChar c : folded) {
        if (c.isLetterOrNumber() || c.isMark() || c.isSurrogate()) {
            word += c;
        } else if (!word.isEmpty()) {
            words << word;
            word.clear();
        }
    }
    if (!word.isEmpty())
        words << word;
    return words;
}

bool isStopWord(const QString &word)
{
    static const QSet<QString> words = [] {
        const QStringList list =
            QStringLiteral(
                "a an and are as at be by for from has in is it of on or that the to was "
                "were will with")
                .split(QLatin1Char(' '));
        return QSet<QString>(list.begin(), list.end());
    }();
    return words.contains(word);
}

} // namespace llmemory::search
