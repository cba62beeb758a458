#include "app/cli/hit_list.h"

#include "app/cli/snippet.h"

#include <QCoreApplication>

#include <algorithm>

namespace llmemory::app {

namespace {

constexpr int kMostColumns = 100; // longer lines read badly
constexpr int kIndent = 4;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

QString placeOf(const Locator &locator)
{
    QStringList parts;
    if (locator.page > 0)
        parts += tr("p. %1").arg(locator.page);
    else if (locator.lineEnd > locator.lineStart)
        parts += tr("lines %1-%2").arg(locator.lineStart).arg(locator.lineEnd);
    else
        parts += tr("line %1").arg(locator.lineStart);
    if (!locator.headingPath.isEmpty())
        parts += locator.headingPath.join(QStringLiteral(" › "));
    return parts.join(QStringLiteral(" · "));
}

QString indented(const QString &text)
{
    return QString(kIndent, u' ') + text;
}

void printHit(const SearchHit &hit, Console &console)
{
    const QString number = QStringLiteral("%1. ").arg(hit.rank).leftJustified(kIndent);
    console.print(number + console.styled(printable(hit.documentName), Style::Bold) +
                  QStringLiteral(" · ") + printable(placeOf(hit.locator)));
    const int width = std::min(console.width(), kMostColumns) - kIndent;
    const auto mark = [&](const QString &text) { return console.styled(text, Style::Highlight); };
    for (const QString &line : wrapped(snippetOf(hit.content, hit.highlights), width, mark))
        console.print(indented(line));
    const QString origin =
        tr("%1 · score %2").arg(printable(hit.idAtOrigin)).arg(hit.score, 0, 'g', 3);
    console.print(indented(console.styled(origin, Style::Dim)));
    if (!hit.explain.empty()) {
        const QString explanation = QString::fromUtf8(toUtf8(hit.explain));
        console.print(indented(console.styled(printable(explanation), Style::Dim)));
    }
}

} // namespace

void printHits(const QList<SearchHit> &hits, Console &console)
{
    for (const SearchHit &hit : hits) {
        if (&hit != &hits.constFirst())
            console.print({});
        printHit(hit, console);
    }
}

} // namespace llmemory::app
