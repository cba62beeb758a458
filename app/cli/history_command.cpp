#include "app/cli/history_command.h"

#include "app/cli/format.h"
#include "app/cli/text_table.h"

#include <QCoreApplication>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

/// "1+ 3* 4-": ranks of the results that somebody opened or judged.
QString feedbackOf(const SearchRecord &search)
{
    QStringList marks;
    for (const SearchedPassage &passage : search.results) {
        QString mark;
        if (passage.chosenAt.isValid())
            mark += u'*';
        if (passage.verdict != Verdict::None)
            mark += passage.verdict == Verdict::Good ? u'+' : u'-';
        if (!mark.isEmpty())
            marks << QString::number(passage.rank) + mark;
    }
    return marks.join(u' ');
}

} // namespace

ExitCode runHistory(const HistoryListCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto history =
        context.await((*memory)->searchHistory(command.owner, command.limit, command.offset));
    if (!history)
        return context.fail(history.error());

    Console &console = context.console();
    if (command.json) {
        for (const SearchRecord &search : history->searches)
            console.printJson(toJson(search));
        return kDone;
    }
    using Align = TextTable::Align;
    TextTable table({tr("TIME"), tr("QUERY"), tr("MODE"), tr("RESULTS"), tr("FEEDBACK")},
                    {Align::Left, Align::Left, Align::Left, Align::Right});
    for (const SearchRecord &search : history->searches)
        table.add({formatTime(search.createdAt),
                   search.text,
                   toString(search.mode),
                   formatCount(search.resultCount),
                   feedbackOf(search)});
    if (table.isEmpty()) {
        console.note(tr("There are no searches of %1.").arg(command.owner.toString()));
        return kDone;
    }
    printTable(table, console);
    if (history->total > history->searches.size())
        console.note(tr("%1 of %2 searches.")
                         .arg(formatCount(history->searches.size()), formatCount(history->total)));
    return kDone;
}

ExitCode runHistory(const HistoryClearCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto count = context.await((*memory)->clearSearchHistory(command.owner));
    if (!count)
        return context.fail(count.error());
    if (command.json)
        context.console().printJson(
            {{"owner_id", toJson(command.owner.toString())}, {"searches_deleted", *count}});
    else
        context.console().print(
            tr("Forgot searches of %1: %2.").arg(command.owner.toString(), formatCount(*count)));
    return kDone;
}

ExitCode runHistory(const HistoryFeedbackCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const SearchFeedback &feedback = command.feedback;
    const auto done = context.await((*memory)->giveFeedback(feedback));
    if (!done)
        return context.fail(done.error());
    if (command.json)
        context.console().printJson({{"search_id", toJson(feedback.search.toString())},
                                     {"chunk_id", toJson(feedback.chunk.toString())},
                                     {"feedback", toJson(toString(feedback.feedback))}});
    else
        context.console().print(tr("Noted: %1.").arg(toString(feedback.feedback)));
    return kDone;
}

} // namespace llmemory::app
