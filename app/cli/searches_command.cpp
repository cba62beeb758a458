#include "app/cli/searches_command.h"

#include "app/cli/format.h"
#include "app/cli/search_command.h"
#include "app/cli/text_table.h"
#include "core/search/search_request.h"

#include <QCoreApplication>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

/// @param word  name or id
Result<SavedSearch> find(Memory &memory,
                         const OwnerId &owner,
                         const QString &word,
                         CommandContext &context)
{
    const auto id = SavedSearchId::fromString(word);
    return context.await(id.isNull() ? memory.savedSearch(owner, word)
                                     : memory.savedSearch(owner, id));
}

Result<SavedSearch> save(Memory &memory,
                         const SearchesSaveCommand &command,
                         CommandContext &context)
{
    const SavedSearchInput input{.owner = command.query.owner,
                                 .name = command.name,
                                 .request = search::searchRequestToJson(command.query)};
    if (command.replace) {
        const auto old = context.await(memory.savedSearch(input.owner, input.name));
        if (old)
            return context.await(memory.replaceSavedSearch(old->id, input));
        if (old.error().kind != ErrorKind::NotFound)
            return old;
    }
    return context.await(memory.saveSearch(input));
}

} // namespace

ExitCode runSearches(const SearchesListCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto saved =
        context.await((*memory)->savedSearches(command.owner, command.limit, command.offset));
    if (!saved)
        return context.fail(saved.error());

    Console &console = context.console();
    if (command.json) {
        for (const SavedSearch &search : saved->searches)
            console.printJson(toJson(search));
        return kDone;
    }
    TextTable table({tr("NAME"), tr("QUERY"), tr("CHANGED")});
    for (const SavedSearch &search : saved->searches)
        table.add({search.name,
                   toQString(search.request.value("query", Json())),
                   formatTime(search.updatedAt)});
    if (table.isEmpty()) {
        console.note(tr("There are no saved searches of %1.").arg(command.owner.toString()));
        return kDone;
    }
    printTable(table, console);
    if (saved->total > saved->searches.size())
        console.note(tr("%1 of %2 searches.")
                         .arg(formatCount(saved->searches.size()), formatCount(saved->total)));
    return kDone;
}

ExitCode runSearches(const SearchesSaveCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto saved = save(**memory, command, context);
    if (!saved)
        return context.fail(saved.error());
    if (command.json)
        context.console().printJson(toJson(*saved));
    else
        context.console().print(tr("Saved: %1.").arg(printable(saved->name)));
    return kDone;
}

ExitCode runSearches(const SearchesRunCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto saved = find(**memory, command.owner, command.search, context);
    if (!saved)
        return context.fail(saved.error());
    const auto answer = context.await((*memory)->runSavedSearch(
        {.owner = command.owner, .search = saved->id, .limit = command.limit}));
    if (!answer)
        return context.fail(answer.error());
    printAnswer(*answer, command.json, context.console());
    return kDone;
}

ExitCode runSearches(const SearchesDeleteCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto saved = find(**memory, command.owner, command.search, context);
    if (!saved)
        return context.fail(saved.error());
    const auto done = context.await((*memory)->deleteSavedSearch(command.owner, saved->id));
    if (!done)
        return context.fail(done.error());
    if (command.json)
        context.console().printJson({{"owner_id", toJson(command.owner.toString())},
                                     {"saved_id", toJson(saved->id.toString())}});
    else
        context.console().print(tr("Forgot the search \"%1\".").arg(printable(saved->name)));
    return kDone;
}

} // namespace llmemory::app
