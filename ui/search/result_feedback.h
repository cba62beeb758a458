#pragma once

#include "core/search/history/search_record.h"

#include <QFuture>
#include <QHash>
#include <QObject>
#include <QSet>

#include <functional>

namespace llmemory::ui {

/// What the user has said about the results of the latest search, and its way into the search
/// history. GUI thread.
class ResultFeedback final : public QObject
{
    Q_OBJECT

public:
    using Send = std::function<QFuture<Result<>>(const SearchFeedback &feedback)>;

    explicit ResultFeedback(Send send, QObject *parent = nullptr);

    /// A search's results. What was said before is forgotten here, unless the same was searched for
    /// again; the history keeps it.
    void setAnswer(const SearchAnswer &answer);
    /// Whether the history can note something about this result: it keeps the first of a search.
    bool takes(const SearchHit &hit) const;
    Verdict verdictOf(const SearchHit &hit) const;
    /// The result was opened. Notes it once; a failure is nothing that a user could help.
    void choose(const SearchHit &hit);
    /// Replaces the verdict; None takes it back.
    void judge(const SearchHit &hit, Verdict verdict);

signals:
    /// A verdict could not be noted and is what it was before.
    void reverted(const llmemory::ChunkId &chunk);
    void failed(const llmemory::Error &error);

private:
    SearchFeedback feedback(const SearchHit &hit, Feedback what) const;

    Send m_send;
    OwnerId m_owner;
    QString m_text;    ///< of the search
    SearchId m_search; ///< null before the first search
    QHash<ChunkId, Verdict> m_verdicts;
    QSet<ChunkId> m_chosen;
};

} // namespace llmemory::ui
