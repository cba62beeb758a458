#pragma once

#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/search/search_hit.h"

#include <QDateTime>
#include <QList>

namespace llmemory {

/// A search that is written down; SearchAnswer::searchId.
using SearchId = UuidId<struct SearchTag>;

/// What an owner thinks of a result.
enum class Verdict { None, Good, Bad };

/// What an owner says about a result: that it was opened, or a verdict, which replaces the one
/// before. None takes the verdict back; that the result was opened stays.
enum class Feedback { Chosen, Good, Bad, None };
/// "chosen", "good", "bad", "none".
QString toString(Feedback feedback);
/// Error: Validation with field "feedback".
Result<Feedback> feedbackFromString(const QString &word);

/// A passage that a search found, as far as it is kept.
struct SearchedPassage
{
    int rank = 0;  ///< from 1, the offset of the search included
    ChunkId chunk; ///< which may be gone: a document that is read again has others
    DocumentId document;
    QString documentName; ///< as it is now; empty in records that were not read from the database
    double score = 0;
    QDateTime chosenAt = {}; ///< when it was opened first, UTC; invalid = never
    Verdict verdict = Verdict::None;
};

/// A search of an owner, as it is written down.
struct SearchRecord
{
    /// Results that are kept, the first of the page.
    static constexpr int kMostResults = 20;

    SearchId id;
    OwnerId owner;
    QString text;
    SearchMode mode = SearchMode::Hybrid;
    Json options = Json::object(); ///< as search::searchOptionsToJson()
    int resultCount = 0;           ///< of the page that was answered
    SearchTimings tookMs;
    QDateTime createdAt;    ///< UTC
    SearchId replaces = {}; ///< as SearchQuery::replaces; not kept
    /// By rank. Those of documents that were deleted since are missing.
    QList<SearchedPassage> results;

    /// What is kept of an answer, made now. Pure but for the clock.
    static SearchRecord of(const SearchAnswer &answer);
};

/// Searches of an owner, newest first.
struct SearchHistoryPage
{
    QList<SearchRecord> searches;
    qint64 total = 0; ///< of the owner
};

/// Feedback on one passage of one search.
struct SearchFeedback
{
    OwnerId owner;
    SearchId search;
    ChunkId chunk;
    Feedback feedback = Feedback::None;
};

/// An element of `GET /v1/searches`; also a line of `history list --json`.
Json toJson(const SearchRecord &record);

} // namespace llmemory
