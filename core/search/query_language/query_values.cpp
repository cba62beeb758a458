#include "core/search/query_language/query_values.h"

#include "core/base/limits.h"
#include "core/search/query_language/natural_date.h"

#include <QLocale>
#include <QRegularExpression>

#include <array>

namespace llmemory::search {

namespace {

using Operator = MetadataCondition::Operator;

struct OperatorSign
{
    const char *text;
    Operator comparison;
};

// The longer ones first.
constexpr std::array kOperators{OperatorSign{"!=", Operator::NotEqual},
                                OperatorSign{">=", Operator::GreaterOrEqual},
                                OperatorSign{"<=", Operator::LessOrEqual},
                                OperatorSign{"=", Operator::Equal},
                                OperatorSign{"<", Operator::Less},
                                OperatorSign{">", Operator::Greater}};

const OperatorSign *operatorAt(QStringView text)
{
    for (const OperatorSign &sign : kOperators) {
        if (text.startsWith(QLatin1String(sign.text)))
            return &sign;
    }
    return nullptr;
}

bool isLatinLetter(QChar c)
{
    return (c >= QLatin1Char('a') && c <= QLatin1Char('z')) ||
           (c >= QLatin1Char('A') && c <= QLatin1Char('Z'));
}

bool isKeyCharacter(QChar c)
{
    return isLatinLetter(c) || (c >= QLatin1Char('0') && c <= QLatin1Char('9')) ||
           c == QLatin1Char('_') || c == QLatin1Char('.') || c == QLatin1Char('-');
}

/// From 1; 0 for no number, -1 for a bad one.
int page(const QString &text)
{
    if (text.isEmpty())
        return 0;
    static const QRegularExpression digits(QStringLiteral("^[0-9]{1,9}\\z"));
    return digits.match(text).hasMatch() && text.toInt() > 0 ? text.toInt() : -1;
}

} // namespace

std::optional<PageRange> readPages(const QString &text)
{
    const bool dotted = text.contains(QLatin1String(".."));
    const QString separator = dotted ? QStringLiteral("..") : QStringLiteral("-");
    const qsizetype at = text.indexOf(separator);
    if (at < 0) {
        const int one = page(text);
        return one > 0 ? std::optional(PageRange{one, one}) : std::nullopt;
    }
    const PageRange range{page(text.left(at)), page(text.mid(at + separator.size()))};
    const bool bothOpen = range.from == 0 && range.to == 0;
    const bool backwards = range.to > 0 && range.from > range.to;
    if (range.from < 0 || range.to < 0 || bothOpen || backwards)
        return std::nullopt;
    return range;
}

std::optional<QString> readLanguage(const QString &text)
{
    const QString wanted = text.simplified().toLower();
    if (wanted == QLatin1String("zh-hant"))
        return QStringLiteral("zh-Hant");
    if (wanted == QLatin1String("unknown"))
        return wanted;
    static const QRegularExpression code(QStringLiteral("^[a-z]{2,3}\\z"));
    if (code.match(wanted).hasMatch()) {
        const QLocale::Language language = QLocale::codeToLanguage(wanted);
        if (language != QLocale::AnyLanguage && language != QLocale::C)
            return QLocale::languageToCode(language);
    }
    for (int i = QLocale::C + 1; i <= QLocale::LastLanguage; ++i) {
        const auto language = static_cast<QLocale::Language>(i);
        const QString known = QLocale::languageToCode(language);
        if (known.isEmpty())
            continue;
        if (QLocale::languageToString(language).toLower() == wanted)
            return known;
        const QLocale locale(language);
        if (locale.language() == language && locale.nativeLanguageName().toLower() == wanted)
            return known;
    }
    return std::nullopt;
}

qsizetype operatorPlace(QStringView text)
{
    if (text.isEmpty() || !(isLatinLetter(text.front()) || text.front() == QLatin1Char('_')))
        return -1;
    qsizetype end = 0;
    while (end < text.size() && isKeyCharacter(text.at(end)))
        ++end;
    const QChar last = text.at(end - 1);
    if (end > limits::kMetadataKeyLength || last == QLatin1Char('-') || last == QLatin1Char('.'))
        return -1;
    return operatorAt(text.mid(end)) ? end : -1;
}

MetadataCondition readCondition(const QString &text)
{
    const qsizetype at = operatorPlace(text);
    if (at < 0)
        return {};
    const OperatorSign *sign = operatorAt(QStringView(text).mid(at));
    return {text.left(at), sign->comparison, text.mid(at + qsizetype(qstrlen(sign->text)))};
}

bool isComparable(const MetadataCondition &condition)
{
    const bool isOrder =
        condition.comparison != Operator::Equal && condition.comparison != Operator::NotEqual;
    return !condition.value.isEmpty() &&
           (!isOrder || isNumber(condition.value) || isoDays(condition.value));
}

bool isNumber(const QString &value)
{
    static const QRegularExpression pattern(
        QStringLiteral("^[+-]?[0-9]{1,30}(?:\\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?\\z"));
    return pattern.match(value).hasMatch();
}

std::optional<DateRange> isoDays(const QString &value)
{
    static const QRegularExpression pattern(QStringLiteral("^[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\\z"));
    if (!pattern.match(value).hasMatch())
        return std::nullopt;
    return readDates(value, QDate());
}

} // namespace llmemory::search
