#include "core/documents/name_words.h"

#include "core/language/word_segmenter.h"

#include <QRegularExpression>

namespace llmemory::documents {

QString nameWords(const QString &name)
{
    static const QRegularExpression extension(
        QStringLiteral("(?<=[^\\s.])\\.[A-Za-z][A-Za-z0-9]{0,4}$"));
    static const QRegularExpression signs(QStringLiteral("[^\\p{L}\\p{M}\\p{N}'’]+"));
    // Between a small and a capital letter, and before a year or a date.
    static const QRegularExpression borders(
        QStringLiteral("(?<=\\p{Ll})(?=\\p{Lu})|(?<=\\p{L})(?=\\d{4})"));
    const QString whole = name.simplified();
    QString words = whole;
    words.remove(extension)
        .replace(signs, QStringLiteral(" "))
        .replace(borders, QStringLiteral(" "));
    words = words.simplified();
    return language::segmentedWords(words == whole || words.isEmpty() ? whole
                                                                      : whole + u' ' + words);
}

} // namespace llmemory::documents
