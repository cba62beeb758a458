#pragma once

#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/eval/metrics.h"
#include "core/search/notebook/judgement.h"
#include "core/search/search_query.h"

#include <QDateTime>
#include <QList>

#include <optional>

namespace llmemory {

/// A report on a relevance notebook.
using NotebookReportId = UuidId<struct NotebookReportTag>;

/// How well the test queries of a notebook were answered, and how the program was set then.
struct NotebookReport
{
    struct Mode
    {
        SearchMode mode = SearchMode::Hybrid;
        double ndcgAt10 = 0; ///< mean over the queries, as eval::ndcg()
        double mrrAt10 = 0;  ///< mean over the queries, as eval::reciprocalRank()
    };
    struct ChangedSetting
    {
        QString name;
        Json before; ///< null where the older report did not have it
        Json after;  ///< null where this report does not
    };

    NotebookReportId id;
    OwnerId owner;
    QDateTime createdAt; ///< UTC
    qint64 queries = 0;  ///< that were searched: those with a judgement that says good
    /// Stands for the queries and judgements: reports with the same one are about the same.
    QString judgements;
    Json settings = Json::object(); ///< what could make a difference: model, sizes, weights, counts
    QList<Mode> modes;              ///< text, vector, hybrid
};

/// A report beside the one before.
struct NotebookComparison
{
    NotebookReport report;
    std::optional<NotebookReport> previous; ///< nothing: this is the first
};

/// What is different in @p after. In the order of the names. Pure.
QList<NotebookReport::ChangedSetting> changedSettings(const Json &before, const Json &after);

/// What of a report is kept as its `figures`. Pure.
Json figuresToJson(const NotebookReport &report);
/// Puts those into a report; what is missing stays. Pure.
void setFigures(NotebookReport &report, const Json &figures);

/// The answer of `POST /v1/notebook/report`: `{"report_id", "owner_id", "created_at", "queries",
/// "settings", "modes": {"text": {"ndcg_at_10", "mrr_at_10"}, …}, "previous": {…} or null,
/// "differences": {"text": {…}, …} or null, "changed_settings": [{"name", "before", "after"}],
/// "same_judgements"}`. Pure.
Json toJson(const NotebookComparison &comparison);

namespace eval {

/// nDCG and reciprocal rank of hits, best first, by the judgements of their query. The best
/// possible ranking has a hit for each judgement. Pure.
Scores scoresOf(const QList<SearchHit> &hits, const QList<Judgement> &judgements);

/// Whether a query can tell a good ranking from a bad one. Pure.
bool hasRelevant(const QList<Judgement> &judgements);

/// See NotebookReport::judgements. Pure; the order of queries does not matter.
QString fingerprint(const QList<NotebookQuery> &queries);

} // namespace eval
} // namespace llmemory
