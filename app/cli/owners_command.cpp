#include "app/cli/owners_command.h"

#include "app/cli/format.h"
#include "app/cli/text_table.h"
#include "core/documents/document_json.h"

#include <QCoreApplication>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

/// Asks for the id of the tenant that is to go. Error: Cancelled when it was not typed.
Result<> confirm(const OwnerId &owner, qint64 documentCount, CommandContext &context)
{
    context.console().note(tr("This deletes %1 for good, documents: %2.")
                               .arg(owner.toString(), formatCount(documentCount)));
    const auto typed = context.ask(tr("Type the id to confirm: "));
    if (typed == owner.toString())
        return {};
    Error error = Error::cancelled();
    if (!context.interrupts().isInterrupted()) {
        error.kind = ErrorKind::Conflict;
        error.message = tr("Not confirmed. Nothing was deleted.");
    }
    return error;
}

void printOwner(const Owner &owner, bool json, Console &console)
{
    if (json)
        console.printJson(toJson(owner));
    else if (owner.displayName == owner.id.toString())
        console.print(owner.id.toString());
    else
        console.print(owner.id.toString() + QLatin1String("  ") + printable(owner.displayName));
}

} // namespace

ExitCode runOwners(const OwnersListCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto owners = context.await((*memory)->listOwners());
    if (!owners)
        return context.fail(owners.error());

    Console &console = context.console();
    if (command.json) {
        for (const Owner &owner : *owners)
            console.printJson(toJson(owner));
        return kDone;
    }
    using Align = TextTable::Align;
    TextTable table({tr("OWNER"), tr("NAME"), tr("DOCUMENTS"), tr("PASSAGES"), tr("CREATED")},
                    {Align::Left, Align::Left, Align::Right, Align::Right});
    for (const Owner &owner : *owners) {
        table.add({owner.id.toString(),
                   owner.displayName,
                   formatCount(owner.documentCount),
                   formatCount(owner.chunkCount),
                   formatTime(owner.createdAt)});
    }
    if (table.isEmpty())
        console.note(
            tr("There are no tenants yet. \"llmemory ingest --owner O PATH\" makes the first."));
    else
        printTable(table, console);
    return kDone;
}

ExitCode runOwners(const OwnersAddCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto owner = context.await((*memory)->addOwner(command.owner, command.displayName));
    if (!owner)
        return context.fail(owner.error());
    printOwner(*owner, command.json, context.console());
    return kDone;
}

ExitCode runOwners(const OwnersShowCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto owner = context.await((*memory)->owner(command.owner));
    if (!owner)
        return context.fail(owner.error());
    const auto figures = context.await((*memory)->statistics(command.owner));
    if (!figures)
        return context.fail(figures.error());

    Console &console = context.console();
    if (command.json) {
        Json value = toJson(*owner);
        value["statistics"] = toJson(*figures);
        console.printJson(value);
        return kDone;
    }
    TextTable table({QString(), QString()});
    table.add({tr("Owner"), owner->id.toString()});
    table.add({tr("Name"), owner->displayName});
    table.add({tr("Created"), formatTime(owner->createdAt)});
    table.add({tr("Documents"), formatCount(figures->documentCount)});
    for (auto type = figures->documentsByType.cbegin(); type != figures->documentsByType.cend();
         ++type)
        table.add({QLatin1String("  ") + type.key(), formatCount(type.value())});
    table.add({tr("Passages"), formatCount(figures->chunkCount)});
    table.add({tr("Text"), formatBytes(figures->totalSizeBytes)});
    table.add({tr("Waiting for meaning"), formatCount(figures->embeddingsPending)});
    table.add({tr("Failed for meaning"), formatCount(figures->embeddingsFailed)});
    printTable(table, console);
    return kDone;
}

ExitCode runOwners(const OwnersRenameCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto owner = context.await((*memory)->renameOwner(command.owner, command.displayName));
    if (!owner)
        return context.fail(owner.error());
    printOwner(*owner, command.json, context.console());
    return kDone;
}

ExitCode runOwners(const OwnersDeleteCommand &command, CommandContext &context)
{
    Console &console = context.console();
    if (!command.confirmed && !console.inputIsTerminal()) {
        console.error(tr("Deleting a tenant needs --yes where nobody can be asked."));
        return kWrongUsage;
    }
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto owner = context.await((*memory)->owner(command.owner));
    if (!owner)
        return context.fail(owner.error());
    if (!command.confirmed) {
        if (auto ok = confirm(command.owner, owner->documentCount, context); !ok)
            return context.fail(ok.error());
    }
    const auto count = context.await((*memory)->deleteOwner(command.owner));
    if (!count)
        return context.fail(count.error());
    if (command.json)
        console.printJson(
            {{"owner_id", toJson(command.owner.toString())}, {"documents_deleted", *count}});
    else
        console.print(
            tr("Deleted %1, documents: %2.").arg(command.owner.toString(), formatCount(*count)));
    return kDone;
}

} // namespace llmemory::app
