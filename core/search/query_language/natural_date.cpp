#include "core/search/query_language/natural_date.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace llmemory::search {

namespace {

constexpr int kFirstYear = 1000;
constexpr int kDaysOfWeek = 7;
constexpr int kMonthsOfYear = 12;
constexpr int kMonthsOfQuarter = 3;

using Dates = std::optional<DateRange>;

DateRange day(const QDate &date)
{
    return {date, date};
}

DateRange months(const QDate &first, int count)
{
    return {first, first.addMonths(count).addDays(-1)};
}

DateRange year(int number)
{
    return months(QDate(number, 1, 1), kMonthsOfYear);
}

QDate firstOfMonth(const QDate &date)
{
    return {date.year(), date.month(), 1};
}

QDate firstOfWeek(const QDate &date, const QLocale &locale)
{
    return date.addDays(
        -((date.dayOfWeek() - locale.firstDayOfWeek() + kDaysOfWeek) % kDaysOfWeek));
}

/// In lower case, single spaces.
QString plain(const QString &text)
{
    return text.toLower().simplified();
}

/// Whether a text is the English word or its translation.
bool isWord(const QString &text, const char *word)
{
    return text == QLatin1String(word) ||
           text == plain(QCoreApplication::translate("llmemory::search::dates", word));
}

/// 2024, 2024-05, 2024-05-17, 2024-q2.
Dates readIso(const QString &text)
{
    static const QRegularExpression pattern(
        QStringLiteral("^(\\d{4})(?:-(\\d{1,2})(?:-(\\d{1,2}))?|-?q([1-4]))?\\z"));
    const auto match = pattern.match(text);
    if (!match.hasMatch() || match.captured(1).toInt() < kFirstYear)
        return {};
    const int number = match.captured(1).toInt();
    if (!match.captured(4).isEmpty()) {
        const int quarter = match.captured(4).toInt();
        return months(QDate(number, (quarter - 1) * kMonthsOfQuarter + 1, 1), kMonthsOfQuarter);
    }
    if (match.captured(2).isEmpty())
        return year(number);
    const bool hasDay = !match.captured(3).isEmpty();
    const QDate date(number, match.captured(2).toInt(), hasDay ? match.captured(3).toInt() : 1);
    if (!date.isValid())
        return {};
    return hasDay ? day(date) : months(date, 1);
}

/// The span of one unit that @p date is in.
Dates spanOf(const QString &unit, const QDate &date, const QLocale &locale)
{
    if (unit == QLatin1String("day"))
        return day(date);
    if (unit == QLatin1String("week")) {
        const QDate first = firstOfWeek(date, locale);
        return DateRange{first, first.addDays(kDaysOfWeek - 1)};
    }
    if (unit == QLatin1String("month"))
        return months(firstOfMonth(date), 1);
    if (unit == QLatin1String("year"))
        return year(date.year());
    return {};
}

QDate back(const QDate &date, const QString &unit, int count)
{
    if (unit == QLatin1String("week"))
        return date.addDays(-qint64(count) * kDaysOfWeek);
    if (unit == QLatin1String("month"))
        return date.addMonths(-count);
    if (unit == QLatin1String("year"))
        return date.addYears(-count);
    return date.addDays(-count);
}

/// "this week", "last month", "3 days ago", "last 7 days".
Dates readRelative(const QString &text, const QDate &today, const QLocale &locale)
{
    if (isWord(text, QT_TRANSLATE_NOOP("llmemory::search::dates", "today")))
        return day(today);
    if (isWord(text, QT_TRANSLATE_NOOP("llmemory::search::dates", "yesterday")))
        return day(today.addDays(-1));
    static const struct
    {
        const char *words;
        const char *unit;
        int count;
    } kSpans[] = {
        {QT_TRANSLATE_NOOP("llmemory::search::dates", "this week"), "week", 0},
        {QT_TRANSLATE_NOOP("llmemory::search::dates", "last week"), "week", 1},
        {QT_TRANSLATE_NOOP("llmemory::search::dates", "this month"), "month", 0},
        {QT_TRANSLATE_NOOP("llmemory::search::dates", "last month"), "month", 1},
        {QT_TRANSLATE_NOOP("llmemory::search::dates", "this year"), "year", 0},
        {QT_TRANSLATE_NOOP("llmemory::search::dates", "last year"), "year", 1},
    };
    for (const auto &span : kSpans) {
        if (isWord(text, span.words)) {
            const QString unit = QLatin1String(span.unit);
            return spanOf(unit, back(today, unit, span.count), locale);
        }
    }
    static const QRegularExpression ago(
        QStringLiteral("^(\\d{1,4}|an?) (day|week|month|year)s? ago\\z"));
    if (const auto match = ago.match(text); match.hasMatch()) {
        const int count = std::max(1, match.captured(1).toInt());
        const QDate date =
            match.captured(1) == QLatin1String("0") ? today : back(today, match.captured(2), count);
        return date.year() >= 1 ? Dates(day(date)) : Dates();
    }
    static const QRegularExpression past(
        QStringLiteral("^(?:last|past) (\\d{1,4}) (day|week|month|year)s?\\z"));
    if (const auto match = past.match(text); match.hasMatch()) {
        const QDate first = back(today, match.captured(2), match.captured(1).toInt());
        return first.year() >= 1 ? Dates(DateRange{first, today}) : Dates();
    }
    return {};
}

template <typename Name>
int indexOfName(const QString &text, int count, Name name)
{
    for (int i = 1; i <= count; ++i) {
        for (const QLocale::FormatType format : {QLocale::LongFormat, QLocale::ShortFormat}) {
            QString known = plain(name(i, format));
            if (known.endsWith(QLatin1Char('.')))
                known.chop(1);
            if (!known.isEmpty() && known == text)
                return i;
        }
    }
    return 0;
}

/// From 1; 0 for no month.
int monthOf(QString text, const QLocale &locale)
{
    if (text.endsWith(QLatin1Char('.')))
        text.chop(1);
    for (const QLocale &each : {QLocale::c(), locale}) {
        const int standalone = indexOfName(text, kMonthsOfYear, [&](int i, auto format) {
            return each.standaloneMonthName(i, format);
        });
        const int month =
            standalone > 0 ? standalone : indexOfName(text, kMonthsOfYear, [&](int i, auto format) {
                return each.monthName(i, format);
            });
        if (month > 0)
            return month;
    }
    return 0;
}

/// From 1, Monday; 0 for no day.
int weekdayOf(const QString &text, const QLocale &locale)
{
    for (const QLocale &each : {QLocale::c(), locale}) {
        const int weekday = indexOfName(
            text, kDaysOfWeek, [&](int i, auto format) { return each.dayName(i, format); });
        if (weekday > 0)
            return weekday;
    }
    return 0;
}

/// "may", "may 2024", "17 may 2024", "may 17, 2024", "monday".
Dates readNamed(const QString &text, const QDate &today, const QLocale &locale)
{
    if (const int weekday = weekdayOf(text, locale); weekday > 0)
        return day(today.addDays(-((today.dayOfWeek() - weekday + kDaysOfWeek) % kDaysOfWeek)));
    if (const int month = monthOf(text, locale); month > 0)
        return months(QDate(month > today.month() ? today.year() - 1 : today.year(), month, 1), 1);
    static const QRegularExpression ofYear(QStringLiteral("^(\\D+) (\\d{4})\\z"));
    static const QRegularExpression dayFirst(
        QStringLiteral("^(\\d{1,2})\\.? (\\D+?),? (\\d{4})\\z"));
    static const QRegularExpression monthFirst(QStringLiteral("^(\\D+) (\\d{1,2}),? (\\d{4})\\z"));
    if (const auto match = ofYear.match(text); match.hasMatch()) {
        const QDate date(match.captured(2).toInt(), monthOf(match.captured(1), locale), 1);
        return date.isValid() ? Dates(months(date, 1)) : Dates();
    }
    if (const auto match = dayFirst.match(text); match.hasMatch()) {
        const QDate date(match.captured(3).toInt(),
                         monthOf(match.captured(2), locale),
                         match.captured(1).toInt());
        return date.isValid() ? Dates(day(date)) : Dates();
    }
    if (const auto match = monthFirst.match(text); match.hasMatch()) {
        const QDate date(match.captured(3).toInt(),
                         monthOf(match.captured(1), locale),
                         match.captured(2).toInt());
        return date.isValid() ? Dates(day(date)) : Dates();
    }
    return {};
}

/// As the locale writes dates, with a year of four digits: two would be guesswork.
Dates readLocal(const QString &text, const QLocale &locale)
{
    QString shortFormat = locale.dateFormat(QLocale::ShortFormat);
    if (!shortFormat.contains(QLatin1String("yyyy")))
        shortFormat.replace(QLatin1String("yy"), QLatin1String("yyyy"));
    QString unpadded = shortFormat;
    unpadded.replace(QLatin1String("dd"), QLatin1String("d"))
        .replace(QLatin1String("MM"), QLatin1String("M"));
    for (const QString &format : {shortFormat, unpadded, locale.dateFormat(QLocale::LongFormat)}) {
        const QDate date = locale.toDate(text, format);
        if (date.isValid() && date.year() >= kFirstYear)
            return day(date);
    }
    return {};
}

Dates readOne(const QString &typed, const QDate &today, const QLocale &locale)
{
    const QString text = plain(typed);
    if (const Dates iso = readIso(text))
        return iso;
    if (const Dates local = readLocal(typed.simplified(), locale))
        return local;
    QString spaced = text;
    spaced.replace(QLatin1Char('-'), QLatin1Char(' ')).replace(QLatin1Char('_'), QLatin1Char(' '));
    spaced = spaced.simplified();
    if (const Dates relative = readRelative(spaced, today, locale))
        return relative;
    return readNamed(spaced, today, locale);
}

} // namespace

std::optional<DateRange> readDates(const QString &text, const QDate &today, const QLocale &locale)
{
    const QString separator = QStringLiteral("..");
    const qsizetype at = text.indexOf(separator);
    if (at < 0)
        return readOne(text, today, locale);
    const QString left = text.left(at).trimmed();
    const QString right = text.mid(at + separator.size()).trimmed();
    if (left.isEmpty() && right.isEmpty())
        return {};
    DateRange range;
    if (!left.isEmpty()) {
        const Dates from = readOne(left, today, locale);
        if (!from)
            return {};
        range.from = from->from;
    }
    if (!right.isEmpty()) {
        const Dates to = readOne(right, today, locale);
        if (!to)
            return {};
        range.to = to->to;
    }
    if (range.from.isValid() && range.to.isValid() && range.from > range.to)
        return {};
    return range;
}

} // namespace llmemory::search
