#include "app/cli/notebook_command.h"

#include "app/cli/format.h"
#include "app/cli/text_table.h"

#include <QCoreApplication>

#include <algorithm>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

QString figure(double value)
{
    return QString::number(value, 'f', 4);
}

/// "0.5120 (+0.0310)"
QString figure(double value, const std::optional<double> &before)
{
    if (!before)
        return figure(value);
    const double change = value - *before;
    return figure(value) + QLatin1String(" (") + (change < 0 ? u'-' : u'+') + figure(qAbs(change)) +
           u')';
}

const NotebookReport::Mode *sameMode(const NotebookComparison &comparison, SearchMode mode)
{
    if (!comparison.previous)
        return nullptr;
    const auto &modes = comparison.previous->modes;
    const auto found =
        std::find_if(modes.begin(), modes.end(), [mode](const NotebookReport::Mode &other) {
            return other.mode == mode;
        });
    return found == modes.end() ? nullptr : &*found;
}

void printReport(const NotebookComparison &comparison, Console &console)
{
    const NotebookReport &report = comparison.report;
    using Align = TextTable::Align;
    TextTable table({tr("MODE"), QStringLiteral("nDCG@10"), QStringLiteral("MRR@10")},
                    {Align::Left, Align::Right, Align::Right});
    for (const NotebookReport::Mode &mode : report.modes) {
        const NotebookReport::Mode *before = sameMode(comparison, mode.mode);
        const auto then = [before](double NotebookReport::Mode::*member) {
            return before ? std::optional(before->*member) : std::nullopt;
        };
        table.add({toString(mode.mode),
                   figure(mode.ndcgAt10, then(&NotebookReport::Mode::ndcgAt10)),
                   figure(mode.mrrAt10, then(&NotebookReport::Mode::mrrAt10))});
    }
    printTable(table, console);
    console.print(tr("Queries: %1").arg(formatCount(report.queries)));
    if (!comparison.previous)
        return;
    const NotebookReport &previous = *comparison.previous;
    console.print(tr("Compared with %1, queries: %2")
                      .arg(formatTime(previous.createdAt), formatCount(previous.queries)));
    for (const auto &change : changedSettings(previous.settings, report.settings))
        console.print(tr("%1: %2, before %3")
                          .arg(printable(change.name),
                               printable(QString::fromUtf8(toUtf8(change.after))),
                               printable(QString::fromUtf8(toUtf8(change.before)))));
    if (previous.judgements != report.judgements)
        console.note(tr("The judgements are not those of the report before, so the differences "
                        "are not of the settings alone."));
}

} // namespace

ExitCode runNotebook(const NotebookListCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto notebook =
        context.await((*memory)->notebook(command.owner, command.limit, command.offset));
    if (!notebook)
        return context.fail(notebook.error());

    Console &console = context.console();
    if (command.json) {
        for (const NotebookQuery &query : notebook->queries)
            console.printJson(toJson(query));
        return kDone;
    }
    using Align = TextTable::Align;
    TextTable table({tr("ID"), tr("QUERY"), tr("GOOD"), tr("BAD")},
                    {Align::Left, Align::Left, Align::Right, Align::Right});
    for (const NotebookQuery &query : notebook->queries) {
        const auto good =
            std::count_if(query.judgements.begin(),
                          query.judgements.end(),
                          [](const Judgement &judgement) { return judgement.grade > 0; });
        table.add({query.id.toString(),
                   query.text,
                   formatCount(good),
                   formatCount(query.judgements.size() - good)});
    }
    if (table.isEmpty()) {
        console.note(tr("Nothing in the notebook of %1. \"llmemory history feedback\" judges "
                        "results.")
                         .arg(command.owner.toString()));
        return kDone;
    }
    printTable(table, console);
    if (notebook->total > notebook->queries.size())
        console.note(tr("%1 of %2 queries.")
                         .arg(formatCount(notebook->queries.size()), formatCount(notebook->total)));
    return kDone;
}

ExitCode runNotebook(const NotebookReportCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto comparison = context.await((*memory)->notebookReport(command.owner));
    if (!comparison)
        return context.fail(comparison.error());
    if (command.json)
        context.console().printJson(toJson(*comparison));
    else
        printReport(*comparison, context.console());
    return kDone;
}

ExitCode runNotebook(const NotebookRemoveCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto done = context.await((*memory)->removeFromNotebook(command.owner, command.query));
    if (!done)
        return context.fail(done.error());
    if (command.json)
        context.console().printJson({{"owner_id", toJson(command.owner.toString())},
                                     {"query_id", toJson(command.query.toString())}});
    else
        context.console().print(tr("Took %1 out.").arg(command.query.toString()));
    return kDone;
}

} // namespace llmemory::app
