#include "app/cli/command_reader.h"

#include "app/cli/measure_reader.h"
#include "app/cli/option_values.h"
#include "app/cli/search_record_reader.h"
#include "core/base/limits.h"
#include "core/settings/setting_definition.h"

#include <QCoreApplication>
#include <QHash>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

Result<Json> readJson(const ParsedOptions &options, const QString &option, const Json &fallback)
{
    if (!options.has(option))
        return fallback;
    auto value = parseJson(options.text(option).toUtf8(), option);
    if (!value)
        return wrongOption(option, value.error());
    return value;
}

Result<std::optional<DocumentType>> readType(const ParsedOptions &options)
{
    const QString option = QStringLiteral("--type");
    if (!options.has(option))
        return std::optional<DocumentType>();
    const auto type = documentTypeFromString(options.text(option));
    if (!type) {
        QStringList words;
        for (const DocumentType known : allDocumentTypes())
            words += toString(known);
        return wrong(option,
                     tr("%1 must be one of %2; it is \"%3\".")
                         .arg(option, words.join(QStringLiteral(", ")), options.text(option)));
    }
    return type;
}

Result<OwnerId> readOwnerArgument(const ParsedOptions &options)
{
    auto owner = OwnerId::parse(options.positionals().value(0));
    if (!owner)
        return wrong(QStringLiteral("owner_id"), owner.error().message);
    return owner;
}

Result<DocumentId> readDocumentId(const QString &text)
{
    const DocumentId id = DocumentId::fromString(text);
    if (id.isNull())
        return wrong(
            QStringLiteral("document_id"),
            tr("\"%1\" is no document id. \"llmemory documents list\" shows the ids.").arg(text));
    return id;
}

Result<Command> readServe(const ParsedOptions &options)
{
    if (auto ok = checkCount(options, 0, 0, {}); !ok)
        return ok.error();
    const QString tokenFile = QStringLiteral("--token-file");
    ServeCommand command;
    command.tokenFile = options.text(tokenFile);
    command.requireToken = !options.has(QStringLiteral("--no-auth"));
    if (options.has(tokenFile) && command.tokenFile.isEmpty())
        return wrong(tokenFile, tr("%1: the value is empty.").arg(tokenFile));
    if (options.has(tokenFile) && !command.requireToken)
        return wrong(tokenFile, tr("--no-auth and --token-file exclude each other."));
    return command;
}

Result<Command> readIngest(const ParsedOptions &options)
{
    IngestCommand command;
    IngestRequest &request = command.request;
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    request.owner = *owner;
    if (auto ok = checkCount(options, 1, -1, QStringLiteral("PATH")); !ok)
        return ok.error();
    request.paths = options.positionals();
    if (request.paths.contains(QString()))
        return wrong({}, tr("PATH is empty."));

    const QString idOption = QStringLiteral("--id-at-origin");
    if (options.has(idOption)) {
        request.idAtOrigin = options.text(idOption);
        if (auto ok = limits::checkIdAtOrigin(request.idAtOrigin); !ok)
            return wrongOption(idOption, ok.error());
        if (request.paths.size() > 1)
            return wrong(idOption, tr("%1 fits one file only.").arg(idOption));
    }
    const auto type = readType(options);
    if (!type)
        return type.error();
    request.type = *type;

    const QString dateOption = QStringLiteral("--date");
    if (options.has(dateOption)) {
        const auto date = limits::parseDate(dateOption, options.text(dateOption));
        if (!date)
            return date.error();
        request.date = *date;
    }
    const QString metadataOption = QStringLiteral("--metadata");
    auto metadata = readJson(options, metadataOption, Json::object());
    if (!metadata)
        return metadata.error();
    if (auto ok = limits::checkMetadata(*metadata); !ok)
        return wrongOption(metadataOption, ok.error());
    request.metadata = std::move(*metadata);
    request.excludes = options.texts(QStringLiteral("--exclude"));
    command.dryRun = options.has(QStringLiteral("--dry-run"));
    command.json = wantsJson(options);
    return command;
}

/// @param first  argument that the query begins with
Result<SearchCommand> readSearchFrom(const ParsedOptions &options, int first)
{
    SearchCommand command;
    SearchQuery &query = command.query;
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    query.owner = *owner;
    if (auto ok = checkCount(options, first + 1, -1, QStringLiteral("QUERY")); !ok)
        return ok.error();
    query.text = options.positionals().mid(first).join(u' ');

    const QString modeOption = QStringLiteral("--mode");
    if (options.has(modeOption)) {
        const auto mode = searchModeFromString(options.text(modeOption));
        if (!mode)
            return wrong(modeOption,
                         tr("--mode must be hybrid, vector or text; it is \"%1\".")
                             .arg(options.text(modeOption)));
        query.mode = *mode;
    }
    const auto limit = readInteger(options, QStringLiteral("--limit"), query.limit);
    if (!limit)
        return limit.error();
    query.limit = *limit;
    const auto alpha = readReal(options, QStringLiteral("--alpha"), query.alpha);
    if (!alpha)
        return alpha.error();
    query.alpha = *alpha;
    auto filter = readJson(options, QStringLiteral("--filter"), Json());
    if (!filter)
        return filter.error();
    query.metadataFilter = std::move(*filter);
    query.groupByDocument = options.has(QStringLiteral("--by-document"));
    const auto diversity = readReal(options, QStringLiteral("--diversity"), query.diversity);
    if (!diversity)
        return diversity.error();
    query.diversity = *diversity;
    if (options.has(QStringLiteral("--min-score"))) {
        const auto least = readReal(options, QStringLiteral("--min-score"), 0);
        if (!least)
            return least.error();
        query.minScore = *least;
    }
    query.explain = options.has(QStringLiteral("--explain"));
    query.facets = options.has(QStringLiteral("--facets"));
    query.remember = !options.has(QStringLiteral("--no-history"));
    command.json = wantsJson(options);
    if (auto ok = query.validate(); !ok)
        return ok.error();
    return command;
}

Result<Command> readSimilar(const ParsedOptions &options)
{
    if (auto ok = checkCount(options, 0, 0, {}); !ok)
        return ok.error();
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    SimilarCommand command;
    command.owner = *owner;
    command.json = wantsJson(options);
    const QString document = QStringLiteral("--document");
    const QString chunk = QStringLiteral("--chunk");
    if (options.has(document) == options.has(chunk))
        return wrong(document, tr("Say what others shall be like: --document ID or --chunk ID."));
    if (options.has(document)) {
        const auto id = readDocumentId(options.text(document));
        if (!id)
            return id.error();
        command.document = *id;
    } else {
        command.chunk = ChunkId::fromString(options.text(chunk));
        if (command.chunk.isNull())
            return wrong(chunk,
                         tr("\"%1\" is no passage id. \"llmemory search --json\" shows the ids, as "
                            "chunk_id.")
                             .arg(options.text(chunk)));
    }
    const QString sameDocument = QStringLiteral("--same-document");
    command.sameDocument = options.has(sameDocument);
    if (command.sameDocument && options.has(document))
        return wrong(sameDocument, tr("--same-document goes with --chunk only."));
    const auto limit = readInteger(options, QStringLiteral("--limit"), command.limit);
    if (!limit)
        return limit.error();
    command.limit = *limit;
    if (auto ok = limits::checkLimit(command.limit); !ok)
        return ok.error();
    return command;
}

Result<Command> readSearch(const ParsedOptions &options)
{
    auto command = readSearchFrom(options, 0);
    return command ? Result<Command>(std::move(*command)) : Result<Command>(command.error());
}

Result<Command> readSearchesSave(const ParsedOptions &options)
{
    const auto search = readSearchFrom(options, 1);
    if (!search)
        return search.error();
    return SearchesSaveCommand{.name = options.positionals().constFirst(),
                               .query = search->query,
                               .replace = options.has(QStringLiteral("--replace")),
                               .json = search->json};
}

Result<Command> readOwnersAdd(const ParsedOptions &options)
{
    if (auto ok = checkCount(options, 1, 2, QStringLiteral("OWNER")); !ok)
        return ok.error();
    const auto owner = readOwnerArgument(options);
    if (!owner)
        return owner.error();
    return OwnersAddCommand{
        .owner = *owner, .displayName = options.positionals().value(1), .json = wantsJson(options)};
}

Result<Command> readOwnersShow(const ParsedOptions &options)
{
    if (auto ok = checkCount(options, 1, 1, QStringLiteral("OWNER")); !ok)
        return ok.error();
    const auto owner = readOwnerArgument(options);
    if (!owner)
        return owner.error();
    return OwnersShowCommand{.owner = *owner, .json = wantsJson(options)};
}

Result<Command> readOwnersRename(const ParsedOptions &options)
{
    const QString missing =
        options.positionals().isEmpty() ? QStringLiteral("OWNER") : QStringLiteral("NAME");
    if (auto ok = checkCount(options, 2, 2, missing); !ok)
        return ok.error();
    const auto owner = readOwnerArgument(options);
    if (!owner)
        return owner.error();
    return OwnersRenameCommand{
        .owner = *owner, .displayName = options.positionals().at(1), .json = wantsJson(options)};
}

Result<Command> readOwnersDelete(const ParsedOptions &options)
{
    if (auto ok = checkCount(options, 1, 1, QStringLiteral("OWNER")); !ok)
        return ok.error();
    const auto owner = readOwnerArgument(options);
    if (!owner)
        return owner.error();
    return OwnersDeleteCommand{.owner = *owner,
                               .confirmed = options.has(QStringLiteral("--yes")),
                               .json = wantsJson(options)};
}

Result<> readOrder(const ParsedOptions &options, DocumentListQuery &query)
{
    const QString byOption = QStringLiteral("--order-by");
    static const QHash<QString, DocumentOrder> orders{
        {QStringLiteral("created_at"), DocumentOrder::CreatedAt},
        {QStringLiteral("updated_at"), DocumentOrder::UpdatedAt},
        {QStringLiteral("document_name"), DocumentOrder::Name}};
    if (options.has(byOption)) {
        const QString word = options.text(byOption);
        if (!orders.contains(word))
            return wrong(
                byOption,
                tr("--order-by must be created_at, updated_at or document_name; it is \"%1\".")
                    .arg(word));
        query.order = orders.value(word);
    }
    const QString wayOption = QStringLiteral("--order");
    if (options.has(wayOption)) {
        const QString word = options.text(wayOption);
        if (word != QLatin1String("asc") && word != QLatin1String("desc"))
            return wrong(wayOption, tr("--order must be asc or desc; it is \"%1\".").arg(word));
        query.descending = word == QLatin1String("desc");
    }
    return {};
}

Result<Command> readDocumentsList(const ParsedOptions &options)
{
    DocumentsListCommand command;
    DocumentListQuery &query = command.query;
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    query.owner = *owner;
    if (auto ok = checkCount(options, 0, 0, {}); !ok)
        return ok.error();
    const auto type = readType(options);
    if (!type)
        return type.error();
    query.type = *type;
    const QString filterOption = QStringLiteral("--filter");
    auto filter = readJson(options, filterOption, Json());
    if (!filter)
        return filter.error();
    if (auto ok = limits::checkMetadataFilter(*filter); !ok)
        return wrongOption(filterOption, ok.error());
    query.metadataFilter = std::move(*filter);
    query.nameContains = options.text(QStringLiteral("--name"));
    if (auto ok = readOrder(options, query); !ok)
        return ok.error();

    const auto limit = readInteger(options, QStringLiteral("--limit"), query.limit);
    if (!limit)
        return limit.error();
    if (auto ok = limits::checkLimit(*limit, limits::kPageLimit); !ok)
        return ok.error();
    query.limit = *limit;
    const auto offset = readInteger(options, QStringLiteral("--offset"), query.offset);
    if (!offset)
        return offset.error();
    if (*offset < 0)
        return wrong(QStringLiteral("--offset"), tr("--offset must not be negative."));
    query.offset = *offset;
    command.json = wantsJson(options);
    return command;
}

Result<Command> readDocumentsShow(const ParsedOptions &options)
{
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    if (auto ok = checkCount(options, 1, 1, QStringLiteral("DOCUMENT")); !ok)
        return ok.error();
    const auto id = readDocumentId(options.positionals().constFirst());
    if (!id)
        return id.error();
    return DocumentsShowCommand{.owner = *owner,
                                .document = *id,
                                .withContent = options.has(QStringLiteral("--content")),
                                .json = wantsJson(options)};
}

Result<Command> readDocumentsDelete(const ParsedOptions &options)
{
    const auto owner = readOwner(options);
    if (!owner)
        return owner.error();
    if (auto ok = checkCount(options, 1, -1, QStringLiteral("DOCUMENT")); !ok)
        return ok.error();
    DocumentsDeleteCommand command{.owner = *owner, .documents = {}, .json = wantsJson(options)};
    for (const QString &text : options.positionals()) {
        const auto id = readDocumentId(text);
        if (!id)
            return id.error();
        if (!command.documents.contains(*id))
            command.documents += *id;
    }
    return command;
}

Result<Command> readConfigSet(const ParsedOptions &options)
{
    const bool unset = options.has(QStringLiteral("--unset"));
    const int count = unset ? 1 : 2;
    const bool hasKey = !options.positionals().isEmpty();
    const QString missing = hasKey ? QStringLiteral("VALUE") : QStringLiteral("KEY");
    if (auto ok = checkCount(options, count, count, missing); !ok)
        return ok.error();
    const QString name = options.positionals().constFirst();
    const settings::Definition *definition = settings::findDefinition(name);
    if (!definition)
        return wrong(
            name, tr("There is no setting \"%1\". \"llmemory config show\" lists them.").arg(name));
    if (!definition->inFile)
        return wrong(name, tr("The configuration file cannot hold the setting \"%1\".").arg(name));
    ConfigSetCommand command{.name = definition->name, .value = {}};
    if (!unset)
        command.value = options.positionals().at(1);
    return command;
}

template <MigrateCommand::Action action>
Result<Command> readMigrate(const ParsedOptions &options)
{
    if (auto ok = checkCount(options, 0, 0, {}); !ok)
        return ok.error();
    return MigrateCommand{.action = action, .json = wantsJson(options)};
}

template <typename C>
Result<Command> readPlain(const ParsedOptions &options)
{
    if (auto ok = checkCount(options, 0, 0, {}); !ok)
        return ok.error();
    return C{.json = wantsJson(options)};
}

} // namespace

Result<Command> readCommand(const QString &name, const ParsedOptions &options)
{
    using Reader = Result<Command> (*)(const ParsedOptions &);
    static const QHash<QString, Reader> readers{
        {QStringLiteral("serve"), readServe},
        {QStringLiteral("ingest"), readIngest},
        {QStringLiteral("search"), readSearch},
        {QStringLiteral("similar"), readSimilar},
        {QStringLiteral("history list"), readHistoryList},
        {QStringLiteral("history clear"), readHistoryClear},
        {QStringLiteral("history feedback"), readHistoryFeedback},
        {QStringLiteral("notebook list"), readNotebookList},
        {QStringLiteral("notebook report"), readNotebookReport},
        {QStringLiteral("notebook remove"), readNotebookRemove},
        {QStringLiteral("searches list"), readSearchesList},
        {QStringLiteral("searches save"), readSearchesSave},
        {QStringLiteral("searches run"), readSearchesRun},
        {QStringLiteral("searches delete"), readSearchesDelete},
        {QStringLiteral("owners list"), readPlain<OwnersListCommand>},
        {QStringLiteral("owners add"), readOwnersAdd},
        {QStringLiteral("owners show"), readOwnersShow},
        {QStringLiteral("owners rename"), readOwnersRename},
        {QStringLiteral("owners delete"), readOwnersDelete},
        {QStringLiteral("documents list"), readDocumentsList},
        {QStringLiteral("documents show"), readDocumentsShow},
        {QStringLiteral("documents delete"), readDocumentsDelete},
        {QStringLiteral("migrate status"), readMigrate<MigrateCommand::Action::Status>},
        {QStringLiteral("migrate plan"), readMigrate<MigrateCommand::Action::Plan>},
        {QStringLiteral("migrate apply"), readMigrate<MigrateCommand::Action::Apply>},
        {QStringLiteral("config show"), readPlain<ConfigShowCommand>},
        {QStringLiteral("config set"), readConfigSet},
        {QStringLiteral("eval"), readEval},
        {QStringLiteral("bench search"), readBenchSearch},
        {QStringLiteral("bench recall"), readBenchRecall},
        {QStringLiteral("bench plans"), readBenchPlans},
        {QStringLiteral("doctor"), readPlain<DoctorCommand>},
    };
    const Reader reader = readers.value(name, nullptr);
    if (!reader)
        return Error::internal(QLatin1String("no reader for command ") + name);
    return reader(options);
}

} // namespace llmemory::app
