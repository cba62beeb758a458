#include "app/cli/search_record_reader.h"

#include "app/cli/option_values.h"
#include "core/base/limits.h"

#include <QCoreApplication>

#include <limits>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

/// A command of an owner that takes nothing else.
template <typename C>
Result<Command> readOwnerOnly(const ParsedOptions &options)
{
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    if (auto ok = checkCount(options, 0, 0, {}); !ok)
        return ok.error();
    return C{.owner = *owner, .json = wantsJson(options)};
}

/// A page of an owner's list.
template <typename C>
Result<Command> readPage(const ParsedOptions &options)
{
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    if (auto ok = checkCount(options, 0, 0, {}); !ok)
        return ok.error();
    C command{.owner = *owner, .json = wantsJson(options)};
    const auto limit =
        readCount(options, QStringLiteral("--limit"), command.limit, 1, limits::kPageLimit);
    if (!limit)
        return limit.error();
    const auto offset = readCount(
        options, QStringLiteral("--offset"), command.offset, 0, std::numeric_limits<int>::max());
    if (!offset)
        return offset.error();
    command.limit = *limit;
    command.offset = *offset;
    return command;
}

} // namespace

Result<Command> readHistoryList(const ParsedOptions &options)
{
    return readPage<HistoryListCommand>(options);
}

Result<Command> readHistoryClear(const ParsedOptions &options)
{
    return readOwnerOnly<HistoryClearCommand>(options);
}

Result<Command> readHistoryFeedback(const ParsedOptions &options)
{
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    if (auto ok = checkCount(options, 3, 3, QStringLiteral("SEARCH CHUNK chosen|good|bad|none"));
        !ok)
        return ok.error();
    const QStringList &words = options.positionals();
    HistoryFeedbackCommand command{.feedback = {.owner = *owner,
                                                .search = SearchId::fromString(words.at(0)),
                                                .chunk = ChunkId::fromString(words.at(1))},
                                   .json = wantsJson(options)};
    if (command.feedback.search.isNull())
        return wrong(QStringLiteral("search_id"),
                     tr("\"%1\" is no search id. \"llmemory history list --json\" shows the ids.")
                         .arg(words.at(0)));
    if (command.feedback.chunk.isNull())
        return wrong(QStringLiteral("chunk_id"),
                     tr("\"%1\" is no passage's id. \"llmemory history list --json\" shows the "
                        "ids.")
                         .arg(words.at(1)));
    const auto feedback = feedbackFromString(words.at(2));
    if (!feedback)
        return feedback.error();
    command.feedback.feedback = *feedback;
    return command;
}

Result<Command> readNotebookList(const ParsedOptions &options)
{
    return readPage<NotebookListCommand>(options);
}

Result<Command> readNotebookReport(const ParsedOptions &options)
{
    return readOwnerOnly<NotebookReportCommand>(options);
}

Result<Command> readNotebookRemove(const ParsedOptions &options)
{
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    if (auto ok = checkCount(options, 1, 1, QStringLiteral("QUERY_ID")); !ok)
        return ok.error();
    const QString &word = options.positionals().constFirst();
    const auto query = NotebookQueryId::fromString(word);
    if (query.isNull())
        return wrong(
            QStringLiteral("query_id"),
            tr("\"%1\" is no query id. \"llmemory notebook list\" shows the ids.").arg(word));
    return NotebookRemoveCommand{.owner = *owner, .query = query, .json = wantsJson(options)};
}

Result<Command> readSearchesList(const ParsedOptions &options)
{
    return readPage<SearchesListCommand>(options);
}

Result<Command> readSearchesRun(const ParsedOptions &options)
{
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    if (auto ok = checkCount(options, 1, 1, QStringLiteral("NAME")); !ok)
        return ok.error();
    SearchesRunCommand command{.owner = *owner,
                               .search = options.positionals().constFirst(),
                               .limit = {},
                               .json = wantsJson(options)};
    const QString limitOption = QStringLiteral("--limit");
    if (options.has(limitOption)) {
        const auto limit = readCount(options, limitOption, 1, 1, limits::kSearchLimit);
        if (!limit)
            return limit.error();
        command.limit = *limit;
    }
    return command;
}

Result<Command> readSearchesDelete(const ParsedOptions &options)
{
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    if (auto ok = checkCount(options, 1, 1, QStringLiteral("NAME")); !ok)
        return ok.error();
    return SearchesDeleteCommand{
        .owner = *owner, .search = options.positionals().constFirst(), .json = wantsJson(options)};
}

} // namespace llmemory::app
