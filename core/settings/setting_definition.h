#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace llmemory::settings {

/// Everything that can be set; each has one row in definitions().
enum class Key {
    DatabaseUrl,
    DatabasePassword,
    Schema,
    MinPoolSize,
    MaxPoolSize,
    ConnectTimeout,
    AcquireTimeout,
    StatementTimeout,
    LockTimeout,
    IdleTimeout,
    RunMigrations,
    ChunkSize,
    ChunkOverlap,
    MaxChunkSize,
    ChunkSummaries,
    SummaryMaxTokens,
    ContextualChunks,
    EmbeddingProvider,
    EmbeddingProviders,
    OpenAiApiKey,
    OpenAiModel,
    OpenAiUrl,
    EmbeddingBatchSize,
    EmbeddingInterval,
    EmbeddingBackground,
    HnswProfile,
    FusionMethod,
    TypoTolerance,
    Bm25K1,
    Bm25B,
    QueryExpansion,
    MaxQueryVariants,
    Rerank,
    RerankProvider,
    RerankTopK,
    RerankReturnK,
    SearchHistory,
    SearchHistoryDays,
    DataDirectory,
    ConfigFile,
    LogLevel,
    Program,
    AdoptBatches,
    ListenAddress,
    Port,
    AllowedHosts,
    AllowedOrigins,
    // Of the reference, without effect here: see Definition::withoutEffect.
    LocalModel,
    LocalDevice,
    LocalCacheDirectory,
    SearchCacheTtl,
    DisableMetrics,
    RerankModel,
    RerankDevice,
    RerankBatchSize,
    DatabaseDebug,
    MigrationDebug,
};

/// What belongs together when people read the table.
enum class Group { Database, Chunking, Embedding, Search, Program, Endpoint, WithoutEffect };

/// What a value must look like.
enum class Type {
    ConnectionString, ///< any text, empty allowed; shown with its password masked
    Secret,           ///< one line, empty allowed; never shown; also from a file, see variables
    Schema,           ///< what db::SqlNames takes
    Directory,        ///< made absolute
    File,             ///< made absolute
    Choice,           ///< one of Definition::choices, case-insensitive
    Boolean,          ///< 1, true, yes, on or 0, false, no, off; kept as "true" or "false"
    Integer,          ///< Definition::least to Definition::most, or the special value
    Decimal,          ///< Definition::least to Definition::most, without an exponent
    Url,              ///< http or https, without user and password
    Providers,        ///< what parseEmbeddingProviders() takes
    Text,             ///< not empty
    List,             ///< texts without commas, separated by commas; may be empty
    Anything,         ///< not looked at
};

/// A number outside of the range with a meaning of its own.
struct SpecialNumber
{
    int value = 0;
    /// For people; untranslated.
    const char *meaning = "";
};

/// One row of the table of settings.
struct Definition
{
    Key key;
    /// Name in the configuration file and in `config show`: "port", "chunking.chunk_size".
    QString name;
    /// Further names that the configuration file may use.
    QStringList aliases = {};
    /// Command-line option, "--port"; empty where there is none.
    QString option = {};
    /// Environment variables, the first that is set and not empty counts. With Type::Secret each
    /// has a twin with `_FILE` behind its name, which names a file that holds the value.
    QStringList variables;
    Type type = Type::Text;
    /// Empty for paths, whose default depends on the user's environment.
    QString defaultValue = {};
    int least = 0;                             ///< only with Integer and Decimal
    int most = 0;                              ///< only with Integer and Decimal
    std::optional<SpecialNumber> special = {}; ///< only with Integer
    const char *unit = "";                     ///< of an Integer: "s", or empty
    QStringList choices = {};                  ///< only with Choice
    /// false for the place of the configuration file itself.
    bool inFile = true;
    /// For people: what it is; untranslated, see describe().
    const char *meaning = "";
    /// For people: what a refusal says besides; untranslated; may be empty.
    const char *hint = "";
    /// For people: why this version takes the setting and does nothing with it; untranslated;
    /// empty for all that work.
    const char *withoutEffect = "";
    Group group = Group::Program;

    bool hasEffect() const { return *withoutEffect == '\0'; }
};

/// The table, in the order in which people should read it. Any thread.
const QList<Definition> &definitions();
/// The row of @p key.
const Definition &definition(Key key);
/// The row with this name or alias; null when there is none.
const Definition *findDefinition(const QString &name);
/// The meaning of a setting in the language of the program.
QString describe(const Definition &definition);
/// The same for Definition::withoutEffect.
QString whyWithoutEffect(const Definition &definition);

} // namespace llmemory::settings
