#include "core/config_fields.h"

#include <QLocale>

namespace llmemory {

namespace {

template <typename... Functions>
struct Overloaded : Functions...
{
    using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

} // namespace

ConfigField configField(Config &config, settings::Key key)
{
    using settings::Key;
    switch (key) {
    case Key::DatabaseUrl:
        return &config.database.connectionString;
    case Key::DatabasePassword:
        return &config.database.password;
    case Key::Schema:
        return &config.database.schema;
    case Key::MinPoolSize:
        return &config.database.minPoolSize;
    case Key::MaxPoolSize:
        return &config.database.maxPoolSize;
    case Key::ConnectTimeout:
        return &config.database.connectTimeoutS;
    case Key::AcquireTimeout:
        return &config.database.acquireTimeoutS;
    case Key::StatementTimeout:
        return &config.database.statementTimeoutS;
    case Key::LockTimeout:
        return &config.database.lockTimeoutS;
    case Key::IdleTimeout:
        return &config.database.idleTimeoutS;
    case Key::RunMigrations:
        return &config.database.runMigrations;
    case Key::ChunkSize:
        return &config.chunking.chunkSize;
    case Key::ChunkOverlap:
        return &config.chunking.chunkOverlap;
    case Key::MaxChunkSize:
        return &config.chunking.maxChunkSize;
    case Key::ChunkSummaries:
        return &config.chunking.summaries;
    case Key::SummaryMaxTokens:
        return &config.chunking.summaryMaxTokens;
    case Key::ContextualChunks:
        return &config.chunking.contextual;
    case Key::EmbeddingProvider:
        return &config.embedding.provider;
    case Key::EmbeddingProviders:
        return &config.embedding.providers;
    case Key::OpenAiApiKey:
        return &config.embedding.openaiApiKey;
    case Key::OpenAiModel:
        return &config.embedding.openaiModel;
    case Key::OpenAiUrl:
        return &config.embedding.openaiUrl;
    case Key::EmbeddingBatchSize:
        return &config.embedding.batchSize;
    case Key::EmbeddingInterval:
        return &config.embedding.intervalS;
    case Key::EmbeddingBackground:
        return &config.embedding.background;
    case Key::HnswProfile:
        return &config.search.hnswProfile;
    case Key::FusionMethod:
        return &config.search.fusion;
    case Key::TypoTolerance:
        return &config.search.typoTolerance;
    case Key::Bm25K1:
        return &config.search.bm25K1;
    case Key::Bm25B:
        return &config.search.bm25B;
    case Key::QueryExpansion:
        return &config.search.queryExpansion;
    case Key::MaxQueryVariants:
        return &config.search.maxQueryVariants;
    case Key::Rerank:
        return &config.search.rerank;
    case Key::RerankProvider:
        return &config.search.rerankProvider;
    case Key::RerankTopK:
        return &config.search.rerankTopK;
    case Key::RerankReturnK:
        return &config.search.rerankReturnK;
    case Key::SearchHistory:
        return &config.search.history;
    case Key::SearchHistoryDays:
        return &config.search.historyDays;
    case Key::DataDirectory:
        return &config.dataDirectory;
    case Key::Program:
        return &config.program;
    case Key::AdoptBatches:
        return &config.adoptBatches;
    case Key::ConfigFile:
    case Key::LogLevel:
    case Key::ListenAddress:
    case Key::Port:
    case Key::AllowedHosts:
    case Key::AllowedOrigins:
    case Key::LocalModel:
    case Key::LocalDevice:
    case Key::LocalCacheDirectory:
    case Key::SearchCacheTtl:
    case Key::DisableMetrics:
    case Key::RerankModel:
    case Key::RerankDevice:
    case Key::RerankBatchSize:
    case Key::DatabaseDebug:
    case Key::MigrationDebug:
        break;
    }
    return {};
}

QString fieldText(const ConfigField &field)
{
    return std::visit(
        Overloaded{
            [](std::monostate) { return QString(); },
            [](const QString *text) { return *text; },
            [](const int *number) { return QString::number(*number); },
            [](const double *number) {
                return QString::number(*number, 'g', QLocale::FloatingPointShortest);
            },
            [](const bool *flag) {
                return *flag ? QStringLiteral("true") : QStringLiteral("false");
            },
            [](const HnswProfile *profile) { return hnswProfileWords().value(int(*profile)); },
            [](const FusionMethod *method) { return fusionMethodWords().value(int(*method)); }},
        field);
}

void setField(const ConfigField &field, const QString &text)
{
    std::visit(Overloaded{[](std::monostate) {},
                          [&](QString *field) { *field = text; },
                          [&](int *field) { *field = text.toInt(); },
                          [&](double *field) { *field = text.toDouble(); },
                          [&](bool *field) { *field = text == QLatin1String("true"); },
                          [&](HnswProfile *field) {
                              *field = static_cast<HnswProfile>(hnswProfileWords().indexOf(text));
                          },
                          [&](FusionMethod *field) {
                              *field = static_cast<FusionMethod>(fusionMethodWords().indexOf(text));
                          }},
               field);
}

QStringList hnswProfileWords()
{
    return {QStringLiteral("fast"), QStringLiteral("balanced"), QStringLiteral("accurate")};
}

QStringList fusionMethodWords()
{
    return {QStringLiteral("weighted"), QStringLiteral("rrf")};
}

} // namespace llmemory
