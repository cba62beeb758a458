#pragma once

#include "core/search/search_hit.h"

#include <optional>

namespace llmemory {

/// Where a question is best answered.
enum class Route {
    Retrieval,     ///< from the stored documents
    WebSearch,     ///< outside: it asks about the world of today
    Unanswerable,  ///< nothing is stored
    Clarification, ///< by asking back: it names nothing to look for
};
/// "retrieval", "web_search", "unanswerable", "clarification".
QString toString(Route route);

/// A search that is only made when the stored documents are the place to look.
struct RoutedQuery
{
    SearchQuery query;
    bool enabled = true; ///< false: always retrieval
    /// How sure another route than retrieval must be to be taken, 0-1.
    double threshold = 0.7;
};

struct RoutedAnswer
{
    Route route = Route::Retrieval;
    double confidence = 0;              ///< 0-1, of the route taken
    QString reason;                     ///< for people: what the decision rests on
    QString message;                    ///< for people: what to do instead; empty with Retrieval
    std::optional<SearchAnswer> answer; ///< with Retrieval only
};

namespace search {

/// What a route is decided by.
struct RoutingFacts
{
    QString query;
    qint64 documents = 0; ///< how many the owner has
    /// Score of the best passage of the text leg for lookedFor(query); nothing where no passage has
    /// any of these words.
    std::optional<double> bestTextRank = {};
};

struct RoutingDecision
{
    Route route = Route::Retrieval;
    double confidence = 0;
    QString reason;
    QString message;
};

/// The words of a query that a document about it would have: all but stop words, pronouns, words of
/// asking and words for "now" ("today", "latest"). Where it has no others, the query itself.
QString lookedFor(const QString &query);

/// Decides by rules that the reason tells, with no model:
/// nothing stored: Unanswerable, 1.0; no telling word: Clarification, 0.9, or 0.6 where passages
/// have its words; one telling word of one or two letters and no passage has it: Clarification,
/// 0.8; a word of the world's affairs ("weather", "news") and no passage has any of the telling
/// words: WebSearch, 0.85 with a word for "now", else 0.6; otherwise Retrieval, 0.9 where passages
/// have telling words, else 0.5. The words are English; questions in other languages go to
/// Retrieval. A route whose confidence is below the threshold gives way to Retrieval. Pure; any
/// thread.
/// @param threshold  0-1.
RoutingDecision decideRoute(const RoutingFacts &facts, double threshold);

} // namespace search
} // namespace llmemory
