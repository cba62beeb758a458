#include "core/settings/setting_table.h"

#include "core/config_fields.h"

#include <QCoreApplication>

namespace llmemory::settings {

namespace {

// Why settings of the reference have no effect.
constexpr const char *kNoTransformers =
    QT_TRANSLATE_NOOP("llmemory::settings",
                      "Local transformer models are not in this version; \"builtin\" needs none.");
constexpr const char *kNoRerankModel =
    QT_TRANSLATE_NOOP("llmemory::settings",
                      "Rerankers with a model are not in this version; \"lexical\" needs none.");
constexpr const char *kNoCache = QT_TRANSLATE_NOOP(
    "llmemory::settings", "Answers are not kept in this version; every search is made anew.");
constexpr const char *kNoMetrics = QT_TRANSLATE_NOOP(
    "llmemory::settings", "This version has no metrics that could be switched off.");
constexpr const char *kNoStatementLog = QT_TRANSLATE_NOOP(
    "llmemory::settings", "Statements are not written to the log in this version.");

/// The names of a variable of the reference: ours and its alias.
QStringList ofReference(const char *name)
{
    return {QLatin1String("LLMEMORY_") + QLatin1String(name),
            QLatin1String("AWORD_") + QLatin1String(name)};
}

QList<Definition> databaseRows()
{
    return {
        {.key = Key::DatabaseUrl,
         .name = QStringLiteral("database_url"),
         .aliases = {QStringLiteral("database.url")},
         .option = QStringLiteral("--database-url"),
         .variables = {QStringLiteral("DATABASE_URL")},
         .type = Type::ConnectionString,
         .meaning = QT_TRANSLATE_NOOP(
             "llmemory::settings",
             "PostgreSQL server to use; empty: the private one in the data directory")},
        {.key = Key::DatabasePassword,
         .name = QStringLiteral("database.password"),
         .variables = {QStringLiteral("LLMEMORY_DB_PASSWORD"), QStringLiteral("DB_PASSWORD")},
         .type = Type::Secret,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "password where the database URL has none")},
        {.key = Key::Schema,
         .name = QStringLiteral("schema"),
         .aliases = {QStringLiteral("database.schema")},
         .option = QStringLiteral("--schema"),
         .variables = {QStringLiteral("LLMEMORY_SCHEMA")},
         .type = Type::Schema,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "database schema that holds the tables")},
        {.key = Key::MinPoolSize,
         .name = QStringLiteral("database.min_pool_size"),
         .variables = {QStringLiteral("LLMEMORY_DB_MIN_POOL_SIZE")},
         .type = Type::Integer,
         .least = 0,
         .most = 64,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "database connections that stay open")},
        {.key = Key::MaxPoolSize,
         .name = QStringLiteral("database.max_pool_size"),
         .aliases = {QStringLiteral("db_max_pool_size")},
         .variables = ofReference("DB_MAX_POOL_SIZE"),
         .type = Type::Integer,
         .least = 2,
         .most = 64,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "database connections of this program at most")},
        {.key = Key::ConnectTimeout,
         .name = QStringLiteral("database.connect_timeout"),
         .variables = {QStringLiteral("LLMEMORY_DB_CONNECT_TIMEOUT")},
         .type = Type::Integer,
         .least = 1,
         .most = 300,
         .unit = "s",
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "for one try to connect")},
        {.key = Key::AcquireTimeout,
         .name = QStringLiteral("database.acquire_timeout"),
         .variables = {QStringLiteral("LLMEMORY_DB_ACQUIRE_TIMEOUT")},
         .type = Type::Integer,
         .least = 1,
         .most = 3600,
         .unit = "s",
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "how long an operation waits for a free connection")},
        {.key = Key::StatementTimeout,
         .name = QStringLiteral("database.statement_timeout"),
         .variables = {QStringLiteral("LLMEMORY_DB_STATEMENT_TIMEOUT")},
         .type = Type::Integer,
         .least = 1,
         .most = 3600,
         .unit = "s",
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "for one statement; migrations have no such limit")},
        {.key = Key::LockTimeout,
         .name = QStringLiteral("database.lock_timeout"),
         .variables = {QStringLiteral("LLMEMORY_DB_LOCK_TIMEOUT")},
         .type = Type::Integer,
         .least = 1,
         .most = 3600,
         .unit = "s",
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "how long a statement waits for a lock")},
        {.key = Key::IdleTimeout,
         .name = QStringLiteral("database.idle_timeout"),
         .variables = {QStringLiteral("LLMEMORY_DB_IDLE_TIMEOUT")},
         .type = Type::Integer,
         .least = 1,
         .most = 86400,
         .unit = "s",
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings",
                               "after which unused connections beyond the smallest pool close")},
        {.key = Key::RunMigrations,
         .name = QStringLiteral("database.run_migrations"),
         .variables = {QStringLiteral("LLMEMORY_RUN_MIGRATIONS")},
         .type = Type::Boolean,
         .meaning = QT_TRANSLATE_NOOP(
             "llmemory::settings",
             "bring the schema up to date at start; false: refuse one that is not")},
    };
}

QList<Definition> chunkingRows()
{
    return {
        {.key = Key::ChunkSize,
         .name = QStringLiteral("chunking.chunk_size"),
         .variables = {QStringLiteral("LLMEMORY_CHUNK_SIZE")},
         .type = Type::Integer,
         .least = 20,
         .most = 2000,
         .special = SpecialNumber{0, QT_TRANSLATE_NOOP("llmemory::settings", "by document type")},
         .meaning = QT_TRANSLATE_NOOP(
             "llmemory::settings", "tokens of a searched passage; its context is twice as long")},
        {.key = Key::ChunkOverlap,
         .name = QStringLiteral("chunking.chunk_overlap"),
         .variables = {QStringLiteral("LLMEMORY_CHUNK_OVERLAP")},
         .type = Type::Integer,
         .least = 0,
         .most = 1000,
         .special = SpecialNumber{-1, QT_TRANSLATE_NOOP("llmemory::settings", "by document type")},
         .meaning = QT_TRANSLATE_NOOP(
             "llmemory::settings",
             "tokens that a passage repeats of the one before; at most half of the size")},
        {.key = Key::MaxChunkSize,
         .name = QStringLiteral("chunking.max_chunk_size"),
         .variables = {QStringLiteral("LLMEMORY_MAX_CHUNK_SIZE")},
         .type = Type::Integer,
         .least = 20,
         .most = 4000,
         .special =
             SpecialNumber{0, QT_TRANSLATE_NOOP("llmemory::settings", "no limit of its own")},
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "tokens that no passage and no context exceeds")},
        {.key = Key::ChunkSummaries,
         .name = QStringLiteral("chunking.summaries"),
         .variables = ofReference("ENABLE_CHUNK_SUMMARIES"),
         .type = Type::Boolean,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "keep a summary with each passage: its first words")},
        {.key = Key::SummaryMaxTokens,
         .name = QStringLiteral("chunking.summary_max_tokens"),
         .variables = {QStringLiteral("LLMEMORY_SUMMARY_MAX_TOKENS")},
         .type = Type::Integer,
         .least = 20,
         .most = 1000,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "length of a summary in tokens; half as many words")},
        {.key = Key::ContextualChunks,
         .name = QStringLiteral("chunking.contextual"),
         .variables = {QStringLiteral("LLMEMORY_CONTEXTUAL_CHUNKS")},
         .type = Type::Boolean,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "embed name and type of the document with each passage")},
    };
}

QList<Definition> embeddingRows()
{
    return {
        {.key = Key::EmbeddingProvider,
         .name = QStringLiteral("embedding.provider"),
         .variables = ofReference("EMBEDDING_PROVIDER"),
         .type = Type::Text,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "builtin, openai, or a name from embedding.providers")},
        {.key = Key::EmbeddingProviders,
         .name = QStringLiteral("embedding.providers"),
         .variables = ofReference("EMBEDDING_PROVIDERS"),
         .type = Type::Providers,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "further models: of OpenAI-compatible services, and static "
                                      "ones")},
        {.key = Key::OpenAiApiKey,
         .name = QStringLiteral("embedding.openai_api_key"),
         .variables = ofReference("OPENAI_API_KEY") << QStringLiteral("OPENAI_API_KEY"),
         .type = Type::Secret,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "key of the service; many services of your own need none")},
        {.key = Key::OpenAiModel,
         .name = QStringLiteral("embedding.openai_model"),
         .variables = ofReference("OPENAI_MODEL"),
         .type = Type::Text,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "model of the provider openai")},
        {.key = Key::OpenAiUrl,
         .name = QStringLiteral("embedding.openai_url"),
         .variables = {QStringLiteral("LLMEMORY_OPENAI_URL")},
         .type = Type::Url,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "base address of the OpenAI-compatible service")},
        {.key = Key::EmbeddingBatchSize,
         .name = QStringLiteral("embedding.batch_size"),
         .variables = {QStringLiteral("LLMEMORY_EMBEDDING_BATCH_SIZE")},
         .type = Type::Integer,
         .least = 1,
         .most = 64,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "passages that are embedded together")},
        {.key = Key::EmbeddingInterval,
         .name = QStringLiteral("embedding.interval"),
         .variables = {QStringLiteral("LLMEMORY_EMBEDDING_INTERVAL")},
         .type = Type::Integer,
         .least = 1,
         .most = 3600,
         .unit = "s",
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "how often the queue is looked at without being woken")},
        {.key = Key::EmbeddingBackground,
         .name = QStringLiteral("embedding.background"),
         .variables = {QStringLiteral("LLMEMORY_EMBEDDING_BACKGROUND")},
         .type = Type::Boolean,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings",
                               "work on the queue in the background; single commands never do")},
    };
}

QList<Definition> searchRows()
{
    return {
        {.key = Key::HnswProfile,
         .name = QStringLiteral("search.hnsw_profile"),
         .variables = ofReference("HNSW_PROFILE"),
         .type = Type::Choice,
         .choices = hnswProfileWords(),
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "how well the vector index is built and searched")},
        {.key = Key::FusionMethod,
         .name = QStringLiteral("search.fusion"),
         .variables = {QStringLiteral("LLMEMORY_SEARCH_FUSION")},
         .type = Type::Choice,
         .choices = fusionMethodWords(),
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "how found by words and found by meaning become one list: "
                                      "by their scores, or by their ranks as the Python llmemory")},
        {.key = Key::TypoTolerance,
         .name = QStringLiteral("search.typo_tolerance"),
         .variables = {QStringLiteral("LLMEMORY_SEARCH_TYPO_TOLERANCE")},
         .type = Type::Boolean,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "look for a similar word where nothing has one of the "
                                      "query's, and suggest it")},
        {.key = Key::Bm25K1,
         .name = QStringLiteral("search.bm25_k1"),
         .variables = {QStringLiteral("LLMEMORY_SEARCH_BM25_K1")},
         .type = Type::Decimal,
         .least = 0,
         .most = 10,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "how much a word counts that a passage has several times; 0 "
                                      "= as one that it has once")},
        {.key = Key::Bm25B,
         .name = QStringLiteral("search.bm25_b"),
         .variables = {QStringLiteral("LLMEMORY_SEARCH_BM25_B")},
         .type = Type::Decimal,
         .least = 0,
         .most = 1,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "how much a passage's length counts against it; 0 = not at "
                                      "all, 1 = in full")},
        {.key = Key::QueryExpansion,
         .name = QStringLiteral("search.query_expansion"),
         .variables = ofReference("ENABLE_QUERY_EXPANSION"),
         .type = Type::Boolean,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "search for variants of the query as well")},
        {.key = Key::MaxQueryVariants,
         .name = QStringLiteral("search.max_query_variants"),
         .variables = {QStringLiteral("LLMEMORY_MAX_QUERY_VARIANTS")},
         .type = Type::Integer,
         .least = 1,
         .most = 8,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "variants of a query; the query itself counts")},
        {.key = Key::Rerank,
         .name = QStringLiteral("search.rerank"),
         .variables = ofReference("ENABLE_RERANK"),
         .type = Type::Boolean,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "put the best results in order a second time")},
        {.key = Key::RerankProvider,
         .name = QStringLiteral("search.rerank_provider"),
         .variables = ofReference("RERANK_PROVIDER"),
         .type = Type::Choice,
         .choices = {QStringLiteral("lexical")},
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "what reranks"),
         .hint = QT_TRANSLATE_NOOP(
             "llmemory::settings",
             "Rerankers that need a transformer model or a service are not in this version.")},
        {.key = Key::RerankTopK,
         .name = QStringLiteral("search.rerank_top_k"),
         .variables = ofReference("RERANK_TOP_K"),
         .type = Type::Integer,
         .least = 1,
         .most = 200,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "candidates that are reranked")},
        {.key = Key::RerankReturnK,
         .name = QStringLiteral("search.rerank_return_k"),
         .variables = ofReference("RERANK_RETURN_K"),
         .type = Type::Integer,
         .least = 1,
         .most = 200,
         .special = SpecialNumber{0, QT_TRANSLATE_NOOP("llmemory::settings", "the query's limit")},
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "results after reranking where the query does not say")},
        {.key = Key::SearchHistory,
         .name = QStringLiteral("search.history"),
         .variables = {QStringLiteral("LLMEMORY_SEARCH_HISTORY")},
         .type = Type::Boolean,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "write searches down, with the ids of what they found")},
        {.key = Key::SearchHistoryDays,
         .name = QStringLiteral("search.history_days"),
         .variables = {QStringLiteral("LLMEMORY_SEARCH_HISTORY_DAYS")},
         .type = Type::Integer,
         .least = 1,
         .most = 36500,
         .special = SpecialNumber{0, QT_TRANSLATE_NOOP("llmemory::settings", "for ever")},
         .unit = "days",
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "how long written searches are kept")},
    };
}

QList<Definition> programRows()
{
    return {
        {.key = Key::DataDirectory,
         .name = QStringLiteral("data_dir"),
         .option = QStringLiteral("--data-dir"),
         .variables = {QStringLiteral("LLMEMORY_DATA_DIR")},
         .type = Type::Directory,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings",
                               "directory of the private database, the access token and the logs")},
        {.key = Key::ConfigFile,
         .name = QStringLiteral("config"),
         .option = QStringLiteral("--config"),
         .variables = {QStringLiteral("LLMEMORY_CONFIG")},
         .type = Type::File,
         .inFile = false,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "configuration file (JSON)")},
        {.key = Key::LogLevel,
         .name = QStringLiteral("log_level"),
         .option = QStringLiteral("--log-level"),
         .variables = ofReference("LOG_LEVEL"),
         .type = Type::Choice,
         .defaultValue = QStringLiteral("warning"),
         .choices = {QStringLiteral("trace"),
                     QStringLiteral("debug"),
                     QStringLiteral("info"),
                     QStringLiteral("warning"),
                     QStringLiteral("error"),
                     QStringLiteral("critical"),
                     QStringLiteral("off")},
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "least important messages that are logged")},
        {.key = Key::Program,
         .name = QStringLiteral("program"),
         .variables = {QStringLiteral("LLMEMORY_PROGRAM")},
         .type = Type::File,
         .meaning = QT_TRANSLATE_NOOP(
             "llmemory::settings",
             "the llmemory executable that a program uses; empty: found by itself")},
        {.key = Key::AdoptBatches,
         .name = QStringLiteral("adopt_batches"),
         .variables = {QStringLiteral("LLMEMORY_ADOPT_BATCHES")},
         .type = Type::Boolean,
         .meaning = QT_TRANSLATE_NOOP(
             "llmemory::settings",
             "take over file batches whose program died; single commands never do")},
    };
}

QList<Definition> endpointRows()
{
    return {
        {.key = Key::ListenAddress,
         .name = QStringLiteral("listen"),
         .option = QStringLiteral("--listen"),
         .variables = {QStringLiteral("LLMEMORY_LISTEN")},
         .type = Type::Text,
         .defaultValue = QStringLiteral("127.0.0.1"),
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "address of the HTTP endpoint")},
        {.key = Key::Port,
         .name = QStringLiteral("port"),
         .option = QStringLiteral("--port"),
         .variables = {QStringLiteral("LLMEMORY_PORT")},
         .type = Type::Integer,
         .defaultValue = QStringLiteral("8765"),
         .least = 0,
         .most = 65535,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "port of the HTTP endpoint; 0: a free one")},
        {.key = Key::AllowedHosts,
         .name = QStringLiteral("allowed_hosts"),
         .variables = {QStringLiteral("LLMEMORY_ALLOWED_HOSTS")},
         .type = Type::List,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings",
                                      "further names under which the HTTP endpoint is called")},
        {.key = Key::AllowedOrigins,
         .name = QStringLiteral("allowed_origins"),
         .variables = {QStringLiteral("LLMEMORY_ALLOWED_ORIGINS")},
         .type = Type::List,
         .meaning = QT_TRANSLATE_NOOP(
             "llmemory::settings", "web pages that may call the HTTP endpoint, as https://host")},
    };
}

QList<Definition> rowsWithoutEffect()
{
    return {
        {.key = Key::LocalModel,
         .name = QStringLiteral("embedding.local_model"),
         .variables = ofReference("LOCAL_MODEL"),
         .type = Type::Anything,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "local transformer model"),
         .withoutEffect = kNoTransformers},
        {.key = Key::LocalDevice,
         .name = QStringLiteral("embedding.local_device"),
         .variables = ofReference("LOCAL_DEVICE"),
         .type = Type::Anything,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "device of the local transformer model"),
         .withoutEffect = kNoTransformers},
        {.key = Key::LocalCacheDirectory,
         .name = QStringLiteral("embedding.local_cache_dir"),
         .variables = ofReference("LOCAL_CACHE_DIR") << QStringLiteral("TRANSFORMERS_CACHE"),
         .type = Type::Anything,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "directory of local transformer models"),
         .withoutEffect = kNoTransformers},
        {.key = Key::SearchCacheTtl,
         .name = QStringLiteral("search.cache_ttl"),
         .variables = ofReference("SEARCH_CACHE_TTL"),
         .type = Type::Anything,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "how long answers are kept"),
         .withoutEffect = kNoCache},
        {.key = Key::DisableMetrics,
         .name = QStringLiteral("disable_metrics"),
         .variables = ofReference("DISABLE_METRICS"),
         .type = Type::Anything,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "no metrics"),
         .withoutEffect = kNoMetrics},
        {.key = Key::RerankModel,
         .name = QStringLiteral("search.rerank_model"),
         .variables = ofReference("RERANK_MODEL"),
         .type = Type::Anything,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "model of the reranker"),
         .withoutEffect = kNoRerankModel},
        {.key = Key::RerankDevice,
         .name = QStringLiteral("search.rerank_device"),
         .variables = ofReference("RERANK_DEVICE"),
         .type = Type::Anything,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "device of the reranker"),
         .withoutEffect = kNoRerankModel},
        {.key = Key::RerankBatchSize,
         .name = QStringLiteral("search.rerank_batch_size"),
         .variables = ofReference("RERANK_BATCH_SIZE"),
         .type = Type::Anything,
         .meaning =
             QT_TRANSLATE_NOOP("llmemory::settings", "candidates that the model reranks together"),
         .withoutEffect = kNoRerankModel},
        {.key = Key::DatabaseDebug,
         .name = QStringLiteral("database.debug"),
         .variables = {QStringLiteral("DB_DEBUG")},
         .type = Type::Anything,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "log the statements"),
         .withoutEffect = kNoStatementLog},
        {.key = Key::MigrationDebug,
         .name = QStringLiteral("database.migration_debug"),
         .variables = {QStringLiteral("MIGRATION_DEBUG")},
         .type = Type::Anything,
         .meaning = QT_TRANSLATE_NOOP("llmemory::settings", "log the migrations"),
         .withoutEffect = kNoStatementLog},
    };
}

} // namespace

QList<Definition> makeTable()
{
    QList<Definition> table;
    const auto add = [&table](Group group, QList<Definition> rows) {
        for (Definition &row : rows) {
            row.group = group;
            table += row;
        }
    };
    add(Group::Database, databaseRows());
    add(Group::Chunking, chunkingRows());
    add(Group::Embedding, embeddingRows());
    add(Group::Search, searchRows());
    add(Group::Program, programRows());
    add(Group::Endpoint, endpointRows());
    add(Group::WithoutEffect, rowsWithoutEffect());

    Config defaults;
    for (Definition &row : table) {
        const ConfigField field = configField(defaults, row.key);
        if (!std::holds_alternative<std::monostate>(field))
            row.defaultValue = fieldText(field);
    }
    return table;
}

} // namespace llmemory::settings
