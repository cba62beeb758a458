#include "app/cli/search_command.h"

#include "app/cli/snippet.h"
#include "core/search/search_hit.h"

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

void printCounts(const QString &label, const QList<FacetCount> &counts, Console &console)
{
    if (counts.isEmpty())
        return;
    QStringList parts;
    for (const FacetCount &entry : counts)
        parts += tr("%1 (%2)").arg(printable(entry.value)).arg(entry.count);
    console.print(console.styled(label, Style::Bold) + QLatin1Char(' ') +
                  parts.join(QStringLiteral(", ")));
}

void printFacets(const Facets &facets, Console &console)
{
    console.print({});
    console.print(tr("Passages: %1").arg(facets.passages));
    printCounts(tr("Types:"), facets.types, console);
    printCounts(tr("Languages:"), facets.languages, console);
    printCounts(tr("Tags:"), facets.tags, console);
    printCounts(tr("Years:"), facets.years, console);
    printCounts(tr("Folders:"), facets.folders, console);
}

} // namespace

ExitCode runSearch(const SearchCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto answer = context.await((*memory)->search(command.query));
    if (!answer)
        return context.fail(answer.error());

    Console &console = context.console();
    if (command.json) {
        console.printJson(toJson(*answer));
        return kDone;
    }
    if (!answer->note.isEmpty())
        console.note(printable(answer->note));
    if (!answer->didYouMean.isEmpty())
        console.note(tr("Did you mean: %1").arg(printable(answer->didYouMean)));
    if (answer->hits.isEmpty())
        console.note(tr("Nothing found for \"%1\".").arg(printable(command.query.text)));
    for (const SearchHit &hit : answer->hits) {
        if (&hit != &answer->hits.constFirst())
            console.print({});
        printHit(hit, console);
    }
    if (answer->facets)
        printFacets(*answer->facets, console);
    return kDone;
}

} // namespace llmemory::app
