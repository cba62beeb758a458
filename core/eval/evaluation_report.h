#pragma once

#include "core/base/json.h"
#include "core/eval/latency.h"
#include "core/eval/metrics.h"
#include "core/search/search_hit.h"

#include <QList>

namespace llmemory::eval {

/// How a collection was searched in one mode.
struct ModeFigures
{
    SearchMode mode = SearchMode::Hybrid;
    Scores scores; ///< means over the queries
    Latency latency;
    double queriesPerSecond = 0; ///< one query after the other
};

/// What evaluating a collection came to.
struct EvaluationReport
{
    QString dataset;
    OwnerId owner;
    qint64 documents = 0; ///< of the collection, stored
    qint64 passages = 0;
    qint64 documentsLeftOut = 0; ///< broken or empty
    qint64 queries = 0;          ///< that were searched
    QString model;               ///< id of the embedding model
    Json settings = Json::object();
    QList<ModeFigures> modes; ///< as asked for
};

/// The documents of the hits, best passage first, each once. Pure.
QStringList rankedDocuments(const QList<SearchHit> &hits);

/// `{"dataset", "owner_id", "documents", "passages", "documents_left_out", "queries", "model",
/// "settings", "modes": {"text": {"ndcg_at_10", "recall_at_100", "mrr_at_10", "latency_ms",
/// "queries_per_second"}, …}}`. Pure.
Json toJson(const EvaluationReport &report);

} // namespace llmemory::eval
