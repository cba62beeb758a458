#include "app/cli/documents_command.h"

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

void printPage(const DocumentPage &page, Console &console)
{
    using Align = TextTable::Align;
    TextTable table(
        {tr("DOCUMENT"), tr("NAME"), tr("TYPE"), tr("PAGES"), tr("PASSAGES"), tr("ADDED")},
        {Align::Left, Align::Left, Align::Left, Align::Right, Align::Right});
    for (const Document &document : page.documents) {
        table.add({document.id.toString(),
                   document.name,
                   toString(document.type),
                   document.pageCount > 0 ? formatCount(document.pageCount) : QStringLiteral("-"),
                   formatCount(document.chunkCount),
                   formatTime(document.createdAt)});
    }
    if (!table.isEmpty())
        printTable(table, console);
    const qint64 last = page.offset + page.documents.size();
    if (page.total == 0)
        console.note(tr("No documents."));
    else if (page.documents.size() < page.total)
        console.note(
            tr("Documents %1 to %2 of %3; --offset and --limit show others.")
                .arg(formatCount(page.offset + 1), formatCount(last), formatCount(page.total)));
}

void printDocument(const DocumentDetails &details, Console &console)
{
    const Document &document = details.document;
    TextTable table({QString(), QString()});
    table.add({tr("Document"), document.id.toString()});
    table.add({tr("Name"), document.name});
    table.add({tr("Origin"), document.idAtOrigin});
    table.add({tr("Type"), toString(document.type)});
    table.add({tr("Language"), document.language});
    table.add({tr("Date"), formatTime(document.date)});
    if (document.pageCount > 0)
        table.add({tr("Pages"), formatCount(document.pageCount)});
    table.add({tr("Characters"), formatCount(document.characters)});
    table.add({tr("Passages"), formatCount(document.chunkCount)});
    table.add({tr("Waiting for meaning"), formatCount(document.embeddingsPending)});
    table.add({tr("Added"), formatTime(document.createdAt)});
    table.add({tr("Changed"), formatTime(document.updatedAt)});
    if (!document.metadata.empty())
        table.add({tr("Metadata"), QString::fromUtf8(toUtf8(document.metadata))});
    printTable(table, console);
    if (details.content.isEmpty())
        return;
    console.print({});
    for (const QString &line : details.content.split(u'\n'))
        console.print(printable(line));
}

} // namespace

ExitCode runDocuments(const DocumentsListCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto page = context.await((*memory)->listDocuments(command.query));
    if (!page)
        return context.fail(page.error());
    if (command.json)
        context.console().printJson(toJson(*page));
    else
        printPage(*page, context.console());
    return kDone;
}

ExitCode runDocuments(const DocumentsShowCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto details = context.await(
        (*memory)->document(command.owner, command.document, {.content = command.withContent}));
    if (!details)
        return context.fail(details.error());
    if (!command.json) {
        printDocument(*details, context.console());
        return kDone;
    }
    Json value = toJson(details->document);
    if (command.withContent)
        value["content"] = toJson(details->content);
    context.console().printJson(value);
    return kDone;
}

ExitCode runDocuments(const DocumentsDeleteCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto deleted = context.await((*memory)->deleteDocuments(
        command.owner, {.ids = command.documents, .metadataFilter = {}}));
    if (!deleted)
        return context.fail(deleted.error());
    const qint64 count = deleted->size();
    Console &console = context.console();
    if (command.json)
        console.printJson({{"documents_deleted", count}});
    else
        console.print(tr("Documents deleted: %1.").arg(formatCount(count)));
    const qint64 missing = command.documents.size() - count;
    if (missing == 0)
        return kDone;
    console.error(tr("Documents that this tenant does not have: %1.").arg(formatCount(missing)));
    return kFailed;
}

} // namespace llmemory::app
