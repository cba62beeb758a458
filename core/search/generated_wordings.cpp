#include "core/search/generated_wordings.h"

#include <QRegularExpression>
#include <QSet>

namespace llmemory::search {

namespace {

constexpr qsizetype kLongest = 200; // what is longer is no query, but talk about it

} // namespace

QString wordingInstruction(const QString &meaning, int most)
{
    // For a model, so in English whatever the interface speaks.
    return QStringLiteral("Write %1 other ways to search for what this query searches for, in the "
                          "query's language: synonyms, or words that a text with the answer would "
                          "have. One on each line, nothing else.\n\nQuery: %2\n")
        .arg(most)
        .arg(meaning.simplified());
}

QStringList wordingsOf(const QString &answer, const QString &meaning, int most)
{
    static const QRegularExpression bullet(QStringLiteral("^(?:[-*\\x{2022}]|[0-9]{1,2}[.)])\\s+"));
    static const QRegularExpression quotes(
        QStringLiteral("^[\"'\\x{201c}\\x{201e}\\x{00ab}]+|[\"'\\x{201d}\\x{201c}\\x{00bb}]+$"));
    QSet<QString> known{meaning.simplified().toCaseFolded()};
    QStringList wordings;
    for (const QString &line : answer.split(QLatin1Char('\n'))) {
        QString wording = line.simplified();
        wording.remove(bullet).remove(quotes);
        wording = wording.trimmed();
        const QString folded = wording.toCaseFolded();
        if (wording.isEmpty() || wording.size() > kLongest || known.contains(folded))
            continue;
        if (wordings.size() == most)
            break;
        known.insert(folded);
        wordings << wording;
    }
    return wordings;
}

} // namespace llmemory::search
