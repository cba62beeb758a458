#include "app/cli/measure_reader.h"

#include "app/cli/option_values.h"
#include "core/base/limits.h"
#include "core/chunk/chunk_plan.h"

#include <QCoreApplication>
#include <QUrl>

namespace llmemory::app {

namespace {

constexpr int kMostCount = 100'000'000;
constexpr int kMostBenchQueries = 1'000'000;
constexpr int kMostBenchOwners = 999;
constexpr int kMostClients = 256;
constexpr int kLeastChunkSize = chunk::ChunkPlan::kLeastChild;
constexpr int kMostChunkSize = chunk::ChunkPlan::kMostChild;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

/// The value of --owner-prefix, which must be able to begin a tenant's name.
Result<QString> readOwnerPrefix(const ParsedOptions &options)
{
    const QString option = QStringLiteral("--owner-prefix");
    if (!options.has(option))
        return wrong(option,
                     tr("Option --owner-prefix is missing: how are the tenants to be named?"));
    const auto owner = OwnerId::parse(options.text(option));
    if (!owner)
        return wrongOption(option, owner.error());
    return owner->toString();
}

/// The value of --modes; @p fallback when it was not given. Each mode once.
Result<QList<SearchMode>> readModes(const ParsedOptions &options, const QList<SearchMode> &fallback)
{
    const QString option = QStringLiteral("--modes");
    if (!options.has(option))
        return fallback;
    QList<SearchMode> modes;
    for (const QString &word : options.text(option).split(u',')) {
        const auto mode = searchModeFromString(word.trimmed());
        if (!mode)
            return wrong(option,
                         tr("--modes takes hybrid, vector and text, with commas between them; it "
                            "is \"%1\".")
                             .arg(options.text(option)));
        if (!modes.contains(*mode))
            modes += *mode;
    }
    return modes;
}

/// The value of --seed.
Result<quint64> readSeed(const ParsedOptions &options, quint64 fallback)
{
    const QString option = QStringLiteral("--seed");
    if (!options.has(option))
        return fallback;
    bool isNumber = false;
    const quint64 seed = options.text(option).toULongLong(&isNumber);
    if (!isNumber)
        return wrong(
            option,
            tr("%1 must be a whole number; it is \"%2\".").arg(option, options.text(option)));
    return seed;
}

/// The value of --clients: numbers with commas between them.
Result<QList<int>> readClients(const ParsedOptions &options, const QList<int> &fallback)
{
    const QString option = QStringLiteral("--clients");
    if (!options.has(option))
        return fallback;
    QList<int> clients;
    for (const QString &word : options.text(option).split(u',')) {
        bool isNumber = false;
        const int count = word.trimmed().toInt(&isNumber);
        if (!isNumber || count < 1 || count > kMostClients)
            return wrong(option,
                         tr("%1 takes numbers from 1 to %2, with commas between them; it is "
                            "\"%3\".")
                             .arg(option)
                             .arg(kMostClients)
                             .arg(options.text(option)));
        clients += count;
    }
    return clients;
}

/// What all of these commands have: no arguments, and --owner-prefix; most have --json.
template <typename T>
Result<T> readCommon(const ParsedOptions &options)
{
    if (auto ok = checkCount(options, 0, 0, {}); !ok)
        return ok.error();
    auto prefix = readOwnerPrefix(options);
    if (!prefix)
        return prefix.error();
    T command;
    command.ownerPrefix = std::move(*prefix);
    if constexpr (requires { command.json; })
        command.json = wantsJson(options);
    return command;
}

} // namespace

Result<Command> readEval(const ParsedOptions &options)
{
    auto common = readCommon<EvalCommand>(options);
    if (!common)
        return common.error();
    EvalCommand command = std::move(*common);
    const QString datasetOption = QStringLiteral("--dataset");
    command.datasets = options.texts(datasetOption);
    if (command.datasets.isEmpty() || command.datasets.contains(QString()))
        return wrong(datasetOption, tr("Option --dataset is missing: which folder?"));
    const auto modes = readModes(options, command.modes);
    if (!modes)
        return modes.error();
    command.modes = *modes;
    const auto most = readCount(options, QStringLiteral("--limit"), 0, 1, kMostCount);
    if (!most)
        return most.error();
    command.mostQueries = *most;
    const auto chunkSize =
        readCount(options, QStringLiteral("--chunk-size"), 0, kLeastChunkSize, kMostChunkSize);
    if (!chunkSize)
        return chunkSize.error();
    command.chunkSize = *chunkSize;
    const QString alphaOption = QStringLiteral("--alpha");
    const auto alpha = readReal(options, alphaOption, command.query.alpha);
    if (!alpha)
        return alpha.error();
    if (auto ok = limits::checkShare("alpha", *alpha); !ok)
        return wrongOption(alphaOption, ok.error());
    command.query.alpha = *alpha;
    if (options.has(QStringLiteral("--rerank")))
        command.query.rerank = true;
    if (options.has(QStringLiteral("--expand")))
        command.query.queryExpansion = true;
    const QString drop = QStringLiteral("--drop");
    command.drop = options.has(drop);
    if (command.drop && options.has(QStringLiteral("--keep")))
        return wrong(drop, tr("--keep and --drop exclude each other."));
    return command;
}

Result<Command> readBenchSearch(const ParsedOptions &options)
{
    auto common = readCommon<BenchSearchCommand>(options);
    if (!common)
        return common.error();
    BenchSearchCommand command = std::move(*common);
    const auto seed = readSeed(options, command.size.seed);
    const auto owners =
        readCount(options, QStringLiteral("--owners"), command.size.owners, 1, kMostBenchOwners);
    const auto passages =
        readCount(options, QStringLiteral("--chunks"), int(command.size.passages), 1, kMostCount);
    const auto queries =
        readCount(options, QStringLiteral("--queries"), command.queries, 1, kMostBenchQueries);
    const auto clients = readClients(options, command.clients);
    const auto modes = readModes(options, command.modes);
    if (!seed)
        return seed.error();
    if (!clients)
        return clients.error();
    if (!modes)
        return modes.error();
    for (const auto *count : {&owners, &passages, &queries}) {
        if (!*count)
            return count->error();
    }
    command.size = {.passages = *passages, .owners = *owners, .seed = *seed};
    command.queries = *queries;
    command.clients = *clients;
    command.modes = *modes;
    if (command.size.passages < command.size.owners)
        return wrong(QStringLiteral("--chunks"),
                     tr("--chunks must not be less than --owners: each tenant needs a passage."));
    command.endpoint = options.text(QStringLiteral("--endpoint"));
    command.tokenFile = options.text(QStringLiteral("--token-file"));
    command.pgbench = options.text(QStringLiteral("--pgbench"));
    const QUrl endpoint(command.endpoint, QUrl::StrictMode);
    if (!command.endpoint.isEmpty() &&
        (endpoint.scheme() != QLatin1String("http") || endpoint.host().isEmpty()))
        return wrong(QStringLiteral("--endpoint"),
                     tr("--endpoint takes a URL like http://127.0.0.1:8765; it is \"%1\".")
                         .arg(command.endpoint));
    command.drop = options.has(QStringLiteral("--drop"));
    return command;
}

Result<Command> readBenchRecall(const ParsedOptions &options)
{
    auto common = readCommon<BenchRecallCommand>(options);
    if (!common)
        return common.error();
    BenchRecallCommand command = std::move(*common);
    const auto queries =
        readCount(options, QStringLiteral("--queries"), command.queries, 1, kMostBenchQueries);
    if (!queries)
        return queries.error();
    command.queries = *queries;
    const auto seed = readSeed(options, command.seed);
    if (!seed)
        return seed.error();
    command.seed = *seed;
    return command;
}

Result<Command> readBenchPlans(const ParsedOptions &options)
{
    auto common = readCommon<BenchPlansCommand>(options);
    if (!common)
        return common.error();
    BenchPlansCommand command = std::move(*common);
    const auto seed = readSeed(options, command.seed);
    if (!seed)
        return seed.error();
    command.seed = *seed;
    return command;
}

} // namespace llmemory::app
