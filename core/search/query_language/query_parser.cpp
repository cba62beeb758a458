#include "core/search/query_language/query_parser.h"

#include "core/base/text.h"
#include "core/documents/document_type.h"
#include "core/language/word_segmenter.h"
#include "core/search/query_language/natural_date.h"
#include "core/search/query_language/query_token.h"
#include "core/search/query_language/query_values.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace llmemory::search {

namespace {

using Kind = QueryPart::Kind;
using Sign = QueryPart::Sign;

constexpr int kShownLength = 40;
// A prefix of a single Latin letter is a name rather ("A*", "R*") and would match everything.
constexpr int kLeastPrefix = 2;
constexpr int kMostPrefix = 100;

bool hasLetterOrDigit(const QString &text)
{
    return std::any_of(
        text.begin(), text.end(), [](QChar c) { return c.isLetterOrNumber() || c.isSurrogate(); });
}

QString typeNames()
{
    QStringList names;
    for (const DocumentType type : allDocumentTypes())
        names << toString(type);
    return names.join(QStringLiteral(", "));
}

class Parser
{
public:
    Parser(const QString &text, const ReadingContext &context)
        : m_text(text), m_context(context), m_tokens(queryTokens(text))
    {
        m_words = std::count_if(m_tokens.begin(), m_tokens.end(), isOperand);
    }

    Result<ParsedQuery> run()
    {
        ParsedQuery query{m_text, {}};
        int nears = 0;
        for (qsizetype i = 0; i < m_tokens.size();) {
            const bool isNear = isNearOperator(i) || isNearOperator(i + 1);
            auto part = isNear ? nearPart(i) : partOf(m_tokens.at(i));
            if (!part)
                return part.error();
            query.parts.append(*part);
            if (isNear && ++nears > kMostNear)
                return mistake(part->start,
                               m_text.mid(part->start, part->length),
                               QCoreApplication::translate("llmemory::search",
                                                           "NEAR may be used %1 times in a query.")
                                   .arg(kMostNear));
            i += isNear ? 3 : 1;
        }
        return query;
    }

private:
    static bool isOperand(const QueryToken &token)
    {
        return token.field.isEmpty() && token.comparison.isEmpty() && hasLetterOrDigit(token.value);
    }

    bool isNearOperator(qsizetype index) const
    {
        if (index < 0 || index >= m_tokens.size())
            return false;
        const QueryToken &token = m_tokens.at(index);
        if (!isOperand(token) || token.quoted || token.sign != Sign::None)
            return false;
        static const QRegularExpression counted(QStringLiteral("^near/[0-9]{1,9}\\z"),
                                                QRegularExpression::CaseInsensitiveOption);
        if (token.value == QLatin1String("NEAR") || counted.match(token.value).hasMatch())
            return true;
        if (token.value.compare(QLatin1String("near"), Qt::CaseInsensitive) != 0)
            return false;
        const bool between = index > 0 && index + 1 < m_tokens.size() &&
                             isOperand(m_tokens.at(index - 1)) && isOperand(m_tokens.at(index + 1));
        return m_words == 1 || (m_words == 3 && between);
    }

    /// At the word before the operator, or at the operator where there is none.
    Result<QueryPart> nearPart(qsizetype i) const
    {
        const bool hasLeft = !isNearOperator(i) && isOperand(m_tokens.at(i));
        const QueryToken &near = m_tokens.at(isNearOperator(i) ? i : i + 1);
        const bool hasRight = hasLeft && i + 2 < m_tokens.size() && isOperand(m_tokens.at(i + 2)) &&
                              m_tokens.at(i + 2).sign == Sign::None && !isNearOperator(i + 2);
        if (!hasLeft || !hasRight || isNearOperator(i + 3))
            return mistake(near.start,
                           near.value,
                           QCoreApplication::translate(
                               "llmemory::search",
                               "NEAR stands between two words or phrases: harbour NEAR/5 "
                               "\"port fees\". Put it in quotes to search for the word."));
        const qsizetype slash = near.value.indexOf(QLatin1Char('/'));
        const int distance = slash < 0 ? kNearDistance : near.value.mid(slash + 1).toInt();
        if (distance < 1 || distance > kMostNearDistance)
            return mistake(near.start,
                           near.value,
                           QCoreApplication::translate("llmemory::search",
                                                       "NEAR takes a number of words from 1 to %1.")
                               .arg(kMostNearDistance));
        const QueryToken &right = m_tokens.at(i + 2);
        if (m_tokens.at(i).value.size() > kMostNearLength || right.value.size() > kMostNearLength)
            return mistake(near.start,
                           near.value,
                           QCoreApplication::translate(
                               "llmemory::search", "The words beside NEAR may have %1 characters.")
                               .arg(kMostNearLength));
        QueryPart part = emptyPart(m_tokens.at(i), Kind::Near);
        part.length = right.start + right.length - part.start;
        part.other = right.value;
        part.distance = distance;
        return part;
    }

    Result<QueryPart> partOf(const QueryToken &token) const
    {
        if (!token.field.isEmpty())
            return fieldPart(token);
        if (!token.comparison.isEmpty())
            return metadataPart(token);
        QueryPart part = emptyPart(token, token.quoted ? Kind::Phrase : Kind::Word);
        if (!hasLetterOrDigit(part.value)) {
            part.kind = Kind::Word;
            part.sign = Sign::None;
        } else if (isPrefix(token)) {
            part.kind = Kind::Prefix;
            part.value.chop(1);
        }
        return part;
    }

    static bool isPrefix(const QueryToken &token)
    {
        if (token.quoted || !token.value.endsWith(QLatin1Char('*')))
            return false;
        const QString body = token.value.chopped(1);
        const bool isWord = std::all_of(body.begin(), body.end(), [](QChar c) {
            return c.isLetterOrNumber() || c.isMark() || c.isSurrogate() ||
                   QStringView(u"_-./'\u2019").contains(c);
        });
        const bool isLong = body.size() >= kLeastPrefix || language::needsSegmentation(body);
        const bool begins =
            !body.isEmpty() && (body.front().isLetterOrNumber() || body.front().isSurrogate());
        return isWord && isLong && begins && body.size() <= kMostPrefix;
    }

    Result<QueryPart> metadataPart(const QueryToken &token) const
    {
        QueryPart part = emptyPart(token, Kind::Metadata);
        part.condition = readCondition(token.comparison + token.value);
        if (part.value.isEmpty())
            return mistake(token.start,
                           token.comparison,
                           QCoreApplication::translate("llmemory::search",
                                                       "A value must follow the sign: year=2024."));
        if (!isComparable(part.condition))
            return mistake(token.valueStart,
                           token.value,
                           QCoreApplication::translate(
                               "llmemory::search",
                               "A number or a date such as 2024-05-17 must follow %1 here; put the "
                               "whole in quotes to search for it as text.")
                               .arg(token.comparison));
        return part;
    }

    Result<QueryPart> fieldPart(const QueryToken &token) const
    {
        const QString value = token.value.trimmed();
        if (value.isEmpty())
            return mistake(
                token.start,
                token.field + QLatin1Char(':'),
                QCoreApplication::translate(
                    "llmemory::search",
                    "A value must follow %1: without a space, as in %2. Put it in quotes "
                    "to search for the word.")
                    .arg(token.field, exampleOf(token.field)));
        if (token.field == QLatin1String("name"))
            return emptyPart(token, Kind::Name);
        if (token.field == QLatin1String("path"))
            return emptyPart(token, Kind::Path);
        if (token.field == QLatin1String("tag"))
            return emptyPart(token, Kind::Tag);
        if (token.field == QLatin1String("type"))
            return typePart(token);
        if (token.field == QLatin1String("lang"))
            return languagePart(token);
        if (token.field == QLatin1String("page"))
            return pagePart(token);
        return datePart(token);
    }

    Result<QueryPart> typePart(const QueryToken &token) const
    {
        QueryPart part = emptyPart(token, Kind::Type);
        part.value = part.value.toLower();
        if (!documentTypeFromString(part.value))
            return mistake(token.valueStart,
                           token.value,
                           QCoreApplication::translate(
                               "llmemory::search", "There is no such document type; use one of %1.")
                               .arg(typeNames()));
        return part;
    }

    Result<QueryPart> languagePart(const QueryToken &token) const
    {
        QueryPart part = emptyPart(token, Kind::Language);
        const auto code = readLanguage(part.value);
        if (!code)
            return mistake(token.valueStart,
                           token.value,
                           QCoreApplication::translate(
                               "llmemory::search",
                               "A language was expected: a code such as en or de, or its name."));
        part.value = *code;
        return part;
    }

    Result<QueryPart> pagePart(const QueryToken &token) const
    {
        QueryPart part = emptyPart(token, Kind::Page);
        const auto pages = readPages(part.value);
        if (!pages)
            return mistake(token.valueStart,
                           token.value,
                           QCoreApplication::translate(
                               "llmemory::search",
                               "A page or a range of pages was expected: 3, 3-5, 3.. or ..5."));
        part.pages = *pages;
        return part;
    }

    Result<QueryPart> datePart(const QueryToken &token) const
    {
        QueryPart part = emptyPart(token, Kind::Date);
        const auto days = readDates(part.value, m_context.today, m_context.locale);
        const bool isRange = part.value.contains(QLatin1String(".."));
        const bool isDate = token.field == QLatin1String("date");
        if (!days || (isRange && !isDate))
            return mistake(
                token.valueStart,
                token.value,
                isDate
                    ? QCoreApplication::translate(
                          "llmemory::search",
                          "A date or a range was expected: 2024, 2024-05, 2024-05-17, "
                          "2023..2024, yesterday, \"last week\" or \"3 days ago\".")
                    : QCoreApplication::translate("llmemory::search",
                                                  "A date was expected: 2024, 2024-05, 2024-05-17, "
                                                  "yesterday, \"last week\" or \"3 days ago\"."));
        part.dates = *days;
        if (token.field == QLatin1String("before"))
            part.dates = {{}, days->from.addDays(-1)};
        else if (token.field == QLatin1String("after"))
            part.dates = {days->to.addDays(1), {}};
        return part;
    }

    static QString exampleOf(const QString &field)
    {
        if (field == QLatin1String("type"))
            return QStringLiteral("type:pdf");
        if (field == QLatin1String("lang"))
            return QStringLiteral("lang:en");
        if (field == QLatin1String("page"))
            return QStringLiteral("page:3-5");
        if (field == QLatin1String("name"))
            return QStringLiteral("name:report");
        if (field == QLatin1String("path"))
            return QStringLiteral("path:reports/2024");
        if (field == QLatin1String("tag"))
            return QStringLiteral("tag:invoice");
        return field + QStringLiteral(":2024-05");
    }

    static QueryPart emptyPart(const QueryToken &token, Kind kind)
    {
        QueryPart part;
        part.kind = kind;
        part.sign = token.sign;
        part.start = token.start;
        part.length = token.length;
        part.value =
            kind == Kind::Word || kind == Kind::Prefix ? token.value : token.value.trimmed();
        return part;
    }

    Error mistake(qsizetype at, const QString &typed, const QString &expected) const
    {
        const auto column = m_text.left(at).toUcs4().size() + 1;
        Error error = Error::validation(
            QStringLiteral("query"),
            QCoreApplication::translate("llmemory::search",
                                        "The query cannot be read at column %1, \"%2\": %3")
                .arg(column)
                .arg(elided(withoutLoneSurrogates(typed), kShownLength), expected));
        error.code = QStringLiteral("query_syntax");
        return error;
    }

    const QString &m_text;
    const ReadingContext &m_context;
    const QList<QueryToken> m_tokens;
    qsizetype m_words = 0;
};

} // namespace

Result<ParsedQuery> parseQuery(const QString &text, const ReadingContext &context)
{
    return Parser(text, context).run();
}

} // namespace llmemory::search
