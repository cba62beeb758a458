#include "app/cli/search_command.h"

#include "app/cli/hit_list.h"

#include <QCoreApplication>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
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
    printAnswer(*answer, command.json, context.console());
    return kDone;
}

void printAnswer(const SearchAnswer &answer, bool json, Console &console)
{
    if (json) {
        console.printJson(toJson(answer));
        return;
    }
    if (!answer.note.isEmpty())
        console.note(printable(answer.note));
    if (!answer.didYouMean.isEmpty())
        console.note(tr("Did you mean: %1").arg(printable(answer.didYouMean)));
    if (answer.hits.isEmpty())
        console.note(tr("Nothing found for \"%1\".").arg(printable(answer.query.text)));
    printHits(answer.hits, console);
    if (answer.facets)
        printFacets(*answer.facets, console);
}

} // namespace llmemory::app
