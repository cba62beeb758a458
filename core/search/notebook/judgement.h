#pragma once

#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/search/search_hit.h"

#include <QDateTime>
#include <QList>

namespace llmemory {

/// A query of an owner's relevance notebook.
using NotebookQueryId = UuidId<struct NotebookQueryTag>;

/// What an owner thinks of a stretch of a document's text as an answer to a query. No passage is
/// named, so that judgements hold when documents are cut into other passages.
struct Judgement
{
    DocumentId document;
    QString documentName; ///< as it is now
    // UTF-16 offsets in the document's text, the end exclusive.
    qint64 charStart = 0;
    qint64 charEnd = 0;
    int grade = 0; ///< 1 good, 0 bad
};

/// A test query: what an owner searched for, with judgements.
struct NotebookQuery
{
    NotebookQueryId id;
    OwnerId owner;
    QString text;
    /// Filters and options of the search that was judged first, as search::searchOptionsToJson().
    Json options = Json::object();
    QDateTime createdAt; ///< UTC
    /// By document and place; empty where all judged documents were deleted.
    QList<Judgement> judgements;
};

/// Test queries of an owner, newest first.
struct NotebookPage
{
    QList<NotebookQuery> queries;
    qint64 total = 0; ///< of the owner
};

/// An element of `GET /v1/notebook`; also a line of `notebook list --json`.
Json toJson(const NotebookQuery &query);

namespace search {

/// Whether two stretches of a text stand for the same: what they share is at least half of the
/// shorter one. Empty stretches share nothing. Pure.
bool isSameStretch(qint64 startA, qint64 endA, qint64 startB, qint64 endB);

/// The judgement of each hit, as its number in the list; -1 = none. A hit has that of its document
/// which it shares the most with, see isSameStretch(); each judgement counts for its first hit
/// only. Pure.
QList<qsizetype> judgementsOf(const QList<SearchHit> &hits, const QList<Judgement> &judgements);

} // namespace search
} // namespace llmemory
