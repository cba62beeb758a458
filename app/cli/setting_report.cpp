#include "app/cli/setting_report.h"

#include "app/cli/text_table.h"
#include "core/settings/setting_value.h"

#include <QCoreApplication>

#include <algorithm>

namespace llmemory::app {

namespace {

constexpr int kNameWidth = 30;
constexpr int kValueWidth = 24;
constexpr int kIndent = 4;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

bool isShown(const settings::Settings &settings, const settings::Definition &row)
{
    return row.hasEffect() || settings.source(row.key) != settings::Source::Default;
}

QString originText(const settings::Settings &settings, settings::Key key)
{
    const QString origin = settings.origin(key);
    return origin.isEmpty() ? toString(settings.source(key)) : origin;
}

/// @p text and the spaces to @p width, two at least.
QString padded(const QString &text, int width)
{
    return text + QString(std::max(2, width - displayWidth(text)), u' ');
}

/// What the setting is and may be, side by side where that fits.
QStringList explanation(const settings::Definition &row, int width)
{
    if (!row.hasEffect())
        return wrapped(tr("Without effect. %1").arg(settings::whyWithoutEffect(row)), width);
    const QString meaning = settings::describe(row);
    const QString allowed = settings::allowedValues(row);
    const QString both = tr("%1 — %2").arg(meaning, allowed);
    return displayWidth(both) <= width ? QStringList{both}
                                       : wrapped(meaning, width) + wrapped(allowed, width);
}

Json textArray(const QStringList &texts)
{
    Json array = Json::array();
    for (const QString &text : texts)
        array.push_back(toJson(text));
    return array;
}

void printSetting(const settings::Settings &settings,
                  const settings::Definition &row,
                  Console &console)
{
    const QString value = printable(settings.shown(row.key));
    const QString origin = printable(originText(settings, row.key));
    const bool isDefault = settings.source(row.key) == settings::Source::Default;
    console.print(console.styled(padded(row.name, kNameWidth), Style::Bold) +
                  padded(value.isEmpty() ? QStringLiteral("-") : value, kValueWidth) +
                  (isDefault ? console.styled(origin, Style::Dim) : origin));
    const QStringList lines = explanation(row, console.width() - kIndent);
    for (const QString &line : lines)
        console.print(QString(kIndent, u' ') + console.styled(line, Style::Dim));
}

} // namespace

QList<Json> settingsAsJson(const settings::Settings &settings)
{
    QList<Json> rows;
    for (const settings::Definition &row : settings::definitions()) {
        if (!isShown(settings, row))
            continue;
        Json object{{"name", toJson(row.name)},
                    {"value", toJson(settings.shown(row.key))},
                    {"source", toJson(toString(settings.source(row.key)))},
                    {"origin", toJson(settings.origin(row.key))},
                    {"default", toJson(row.defaultValue)},
                    {"allowed", toJson(settings::allowedValues(row))},
                    {"meaning", toJson(settings::describe(row))},
                    {"option", toJson(row.option)},
                    {"variables", textArray(row.variables)},
                    {"aliases", textArray(row.aliases)}};
        if (!row.hasEffect())
            object["without_effect"] = toJson(settings::whyWithoutEffect(row));
        rows += object;
    }
    return rows;
}

void printSettings(const settings::Settings &settings, Console &console)
{
    console.print(console.styled(padded(tr("SETTING"), kNameWidth) +
                                     padded(tr("VALUE"), kValueWidth) + tr("FROM"),
                                 Style::Bold));
    auto group = settings::definitions().constFirst().group;
    for (const settings::Definition &row : settings::definitions()) {
        if (!isShown(settings, row))
            continue;
        if (row.group != group)
            console.print({});
        group = row.group;
        printSetting(settings, row, console);
    }
}

QStringList wrapped(const QString &text, int width)
{
    QStringList lines{QString()};
    for (const QString &word : text.split(u' ', Qt::SkipEmptyParts)) {
        QString &line = lines.last();
        if (line.isEmpty())
            line = word;
        else if (displayWidth(line) + 1 + displayWidth(word) <= width)
            line += u' ' + word;
        else
            lines += word;
    }
    return lines;
}

} // namespace llmemory::app
