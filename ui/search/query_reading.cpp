#include "ui/search/query_reading.h"

#include "core/search/query_language/query_token.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <optional>

namespace llmemory::ui {

namespace {

constexpr int kMostMistakes = 8;

/// Matches the parser's message, in the user's language, and captures the column. An error has no
/// other field for the place.
QRegularExpression messagePattern()
{
    QString pattern = QRegularExpression::escape(QCoreApplication::translate(
        "llmemory::search", "The query cannot be read at column %1, \"%2\": %3"));
    pattern.replace(QStringLiteral("\\%1"), QStringLiteral("(\\d+)"));
    pattern.replace(QStringLiteral("\\%2"), QStringLiteral(".*"));
    pattern.replace(QStringLiteral("\\%3"), QStringLiteral(".*"));
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern),
                              QRegularExpression::DotMatchesEverythingOption);
}

/// Where the parser stopped, UTF-16.
std::optional<qsizetype> placeOf(const Error &error, const QString &text)
{
    const QRegularExpressionMatch match = messagePattern().match(error.message);
    if (!match.hasMatch())
        return {};
    const auto column = match.capturedView(1).toLongLong(); // from 1, in characters
    const QList<uint> characters = text.toUcs4();
    if (column < 1 || column > characters.size())
        return {};
    qsizetype place = 0;
    for (qsizetype i = 0; i + 1 < column; ++i)
        place += QChar::requiresSurrogates(characters.at(i)) ? 2 : 1;
    return place;
}

} // namespace

QueryReading readWhileTyped(const QString &text, const search::ReadingContext &context)
{
    QueryReading reading{.query = {text, {}}, .mistakes = {}};
    QString rest = text;
    for (int i = 0; i <= kMostMistakes; ++i) {
        const auto parsed = search::parseQuery(rest, context);
        if (parsed) {
            reading.query.parts = parsed->parts;
            break;
        }
        const auto place = placeOf(parsed.error(), rest);
        if (!place)
            break;
        const auto tokens = search::queryTokens(rest);
        const auto token =
            std::find_if(tokens.begin(), tokens.end(), [&](const search::QueryToken &candidate) {
                return *place < candidate.start + candidate.length;
            });
        if (token == tokens.end())
            break;
        reading.mistakes.append({token->start, token->start + token->length});
        // Space in its place keeps the places of all others.
        rest.replace(token->start, token->length, QString(token->length, QLatin1Char(' ')));
    }
    std::sort(reading.mistakes.begin(),
              reading.mistakes.end(),
              [](const TextRange &a, const TextRange &b) { return a.start < b.start; });
    return reading;
}

} // namespace llmemory::ui
