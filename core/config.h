#pragma once

#include "core/base/result.h"
#include "core/migrate/migration_module.h"
#include "core/search/fusion_method.h"

#include <QList>
#include <QString>

#include <memory>

namespace llmemory {

namespace embed {
class Embedder;
}
namespace search {
class Reranker;
class TextGenerator;
} // namespace search
namespace settings {
class Settings;
}

/// How well the HNSW index is built and searched: m / ef_construction / ef_search are 8/80/40,
/// 16/200/200 and 32/400/400. The first two count when the index of a large owner is built, the
/// last at each search.
enum class HnswProfile { Fast, Balanced, Accurate };

/// How a Memory is opened and how it works. A value: fill in by hand, or read with
/// fromEnvironment(), or with settings::Settings::load() and configFrom(). Every field has its row,
/// with name, range and meaning, in the table of settings (settings::definitions(),
/// docs/configuration.md), except the objects that only a program can give. validate() checks
/// against it.
struct Config
{
    struct Database
    {
        /// URL or keyword form; empty = the embedded server in dataDirectory. Unused with a shared
        /// pool.
        QString connectionString;
        /// Counts where connectionString has none.
        QString password;
        /// Any legal PostgreSQL name: 1-63 bytes, not beginning with "pg_". Unused with a shared
        /// pool.
        QString schema = QStringLiteral("llmemory");
        int minPoolSize = 1;        ///< connections kept open, 0-64
        int maxPoolSize = 6;        ///< connections at most, 2-64, not below minPoolSize
        int connectTimeoutS = 5;    ///< for one try to connect, 1-300 s
        int acquireTimeoutS = 30;   ///< an operation's wait for a free connection, 1-3,600 s
        int statementTimeoutS = 30; ///< for one statement, 1-3,600 s; not for migrations
        int lockTimeoutS = 5;       ///< for a lock of the database, 1-3,600 s
        int idleTimeoutS = 300;     ///< after which connections above minPoolSize close, 1-86,400 s
        /// false: initialize() refuses a schema that is not up to date instead of changing it. The
        /// table of a model's vectors is no migration: it is made when the model is new.
        bool runMigrations = true;
    };

    struct Chunking
    {
        /// Tokens of a searched passage, 20-2,000; its context is twice as long. 0 = by document
        /// type.
        int chunkSize = 0;
        /// Tokens that a passage repeats of the one before, 0 to half of chunkSize. -1 = by
        /// document type.
        int chunkOverlap = -1;
        /// No passage and no context above this many tokens, 20-4,000; 0 = no limit of its own.
        int maxChunkSize = 0;
        /// Hits carry a summary: the first words of their passage.
        bool summaries = false;
        /// Length of a summary in tokens, 20-1,000; half as many words, as in the reference.
        int summaryMaxTokens = 120;
        /// Name and type of the document are embedded with each passage; the stored text stays as
        /// it is.
        bool contextual = false;
    };

    struct Embedding
    {
        /// "builtin", "openai" or the name of one of `providers`. Unused where `embedder` is set.
        QString provider = QStringLiteral("builtin");
        /// Further models, "name:openai:model:dimension" or "name:model2vec:folder", separated by
        /// commas: see settings::parseEmbeddingProviders().
        QString providers;
        QString openaiApiKey; ///< one line; may be empty, except with api.openai.com
        QString openaiModel = QStringLiteral("text-embedding-3-small");
        /// Base address of the service, http or https, without user and password.
        QString openaiUrl = QStringLiteral("https://api.openai.com/v1");
        int batchSize = 64;     ///< passages embedded together, 1-64
        int intervalS = 5;      ///< how often the queue is looked at without being woken, 1-3,600 s
        bool background = true; ///< initialize() starts the background worker
        /// The program's own model; null = by `provider`.
        std::shared_ptr<const embed::Embedder> embedder;
    };

    struct Search
    {
        HnswProfile hnswProfile = HnswProfile::Balanced;
        FusionMethod fusion = FusionMethod::Weighted; ///< of both legs in hybrid search
        /// Whether a word of the query that no passage has is looked for as a similar one.
        bool typoTolerance = true;
        double bm25K1 = 1.2; ///< 0-10; see textindex::Bm25Parameters. The default is Lucene's
        double bm25B = 0.75; ///< 0-1; as bm25K1
        // What a SearchQuery that leaves it open gets.
        bool queryExpansion = false;
        int maxQueryVariants = 3; ///< the query itself counts, 1-8
        bool rerank = false;
        QString rerankProvider =
            QStringLiteral("lexical"); ///< "lexical"; unused where `reranker` is set
        int rerankTopK = 50;           ///< candidates that are reranked, 1-200
        /// Results after reranking where the query does not say; 0 = its limit, else 1-200.
        int rerankReturnK = 0;
        /// The program's own reranker; null = by rerankProvider.
        std::shared_ptr<const search::Reranker> reranker;
        /// The program's own, which thinks of other wordings for queryExpansion; null = they are
        /// made by rules.
        std::shared_ptr<const search::TextGenerator> generator;
        /// Searches are written down, with the ids of what they found, see docs/search.md.
        bool history = true;
        /// After which they are forgotten, 1-36,500 days; 0 = never.
        int historyDays = 90;
    };

    Database database;
    Chunking chunking;
    Embedding embedding;
    Search search;
    /// Absolute path; used by the embedded server, tokens and logs. Created when missing. Empty =
    /// settings::defaultDataDirectory().
    QString dataDirectory;
    /// The llmemory executable, which is also supervisor and extraction worker: an absolute path;
    /// empty = found by itself.
    QString program;
    /// true: takes over file batches whose program died.
    bool adoptBatches = true;
    /// Migrations of the program's own, applied after ours to the same schema.
    QList<migrate::MigrationModule> migrations;

    /// Every value against its range, and those against each other that belong together. What
    /// `embedder`, `reranker`, `generator` and `migrations` hold is not looked at. Error:
    /// Configuration with field (the setting's name), value and range.
    Result<> validate() const;

    /// What environment variables and configuration file of this process say; warnings go to the
    /// log. Error: as Settings::load() and validate().
    static Result<Config> fromEnvironment();
};

/// The Config that @p settings describe. Error: as Config::validate().
Result<Config> configFrom(const settings::Settings &settings);

} // namespace llmemory
