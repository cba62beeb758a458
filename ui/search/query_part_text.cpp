#include "ui/search/query_part_text.h"

#include "ui/common/format.h"

#include <QCoreApplication>
#include <QLocale>

namespace llmemory::ui {

namespace {

using Kind = QueryPart::Kind;
using Comparison = MetadataCondition::Operator;

QString tr(const char *text, const char *comment = nullptr, int n = -1)
{
    return QCoreApplication::translate("llmemory::ui", text, comment, n);
}

// Whole words for each pair: in other languages "not" changes what follows it.
QString labelOf(const QueryPart &part)
{
    const bool isNot = part.sign == QueryPart::Sign::Excluded;
    switch (part.kind) {
    case Kind::Word:
        return isNot ? tr("Without") : tr("Must have");
    case Kind::Phrase:
        return isNot ? tr("Without") : tr("Exactly");
    case Kind::Prefix:
        return isNot ? tr("Nothing that begins with") : tr("Begins with");
    case Kind::Near:
        return isNot ? tr("Not close together") : tr("Close together");
    case Kind::Type:
        return isNot ? tr("Not type") : tr("Type");
    case Kind::Name:
        return isNot ? tr("Not name") : tr("Name");
    case Kind::Path:
        return isNot ? tr("Not path") : tr("Path");
    case Kind::Language:
        return isNot ? tr("Not language") : tr("Language");
    case Kind::Tag:
        return isNot ? tr("Not tag") : tr("Tag");
    case Kind::Page:
        return isNot ? tr("Not page") : tr("Page");
    case Kind::Date:
        return isNot ? tr("Not date") : tr("Date");
    case Kind::Metadata:
        break;
    }
    return isNot ? tr("Not %1").arg(part.condition.key) : part.condition.key;
}

QString rangeText(const QString &from, const QString &to)
{
    if (from.isEmpty())
        return tr("up to %1").arg(to);
    if (to.isEmpty())
        return tr("from %1").arg(from);
    return from == to ? from : tr("%1 – %2", "range").arg(from, to);
}

QString pagesText(const PageRange &pages)
{
    return rangeText(pages.from > 0 ? numberText(pages.from) : QString(),
                     pages.to > 0 ? numberText(pages.to) : QString());
}

/// A day as coarsely as the range allows: whole years are years, whole months are months.
QString datesText(const DateRange &dates)
{
    const QDate &from = dates.from;
    const QDate &to = dates.to;
    QString format = tr("d MMM yyyy", "a day; see QLocale::toString()");
    const bool wholeMonths =
        from.isValid() && to.isValid() && from.day() == 1 && to.day() == to.daysInMonth();
    if (wholeMonths && from.month() == 1 && to.month() == 12)
        format = QStringLiteral("yyyy");
    else if (wholeMonths)
        format = tr("MMMM yyyy", "a month; see QLocale::toString()");
    const QLocale locale;
    return rangeText(from.isValid() ? locale.toString(from, format) : QString(),
                     to.isValid() ? locale.toString(to, format) : QString());
}

QString languageText(const QString &code)
{
    if (code == QLatin1String("unknown"))
        return tr("unknown", "language");
    const QLocale locale(code);
    // These two name a country as well, which nobody asked for.
    if (code == QLatin1String("en"))
        return QStringLiteral("English");
    if (code == QLatin1String("es"))
        return QStringLiteral("español");
    const QString name = locale.language() == QLocale::C ? QString() : locale.nativeLanguageName();
    return name.isEmpty() ? code : name;
}

QString typeText(const QString &word)
{
    const auto type = documentTypeFromString(word);
    return type ? typeName(*type) : word;
}

QString comparisonText(const MetadataCondition &condition)
{
    const auto sign = [&] {
        switch (condition.comparison) {
        case Comparison::NotEqual:
            return QStringLiteral("≠ ");
        case Comparison::Less:
            return QStringLiteral("< ");
        case Comparison::LessOrEqual:
            return QStringLiteral("≤ ");
        case Comparison::Greater:
            return QStringLiteral("> ");
        case Comparison::GreaterOrEqual:
            return QStringLiteral("≥ ");
        case Comparison::Equal:
            break;
        }
        return QStringLiteral("= ");
    };
    return sign() + condition.value;
}

QString valueOf(const QueryPart &part)
{
    switch (part.kind) {
    case Kind::Phrase:
        return QLocale().quoteString(part.value);
    case Kind::Near:
        return tr("%1, %2 (%n word(s) apart at most)", nullptr, part.distance)
            .arg(part.value, part.other);
    case Kind::Type:
        return typeText(part.value);
    case Kind::Language:
        return languageText(part.value);
    case Kind::Page:
        return pagesText(part.pages);
    case Kind::Date:
        return datesText(part.dates);
    case Kind::Metadata:
        return comparisonText(part.condition);
    case Kind::Word:
    case Kind::Prefix:
    case Kind::Name:
    case Kind::Path:
    case Kind::Tag:
        break;
    }
    return part.value;
}

} // namespace

bool isCondition(const QueryPart &part)
{
    return part.kind != Kind::Word || part.sign != QueryPart::Sign::None;
}

QueryPartText textOf(const QueryPart &part)
{
    return {labelOf(part), valueOf(part)};
}

} // namespace llmemory::ui
