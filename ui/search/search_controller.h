#pragma once

#include "core/search/search_hit.h"

#include <QElapsedTimer>
#include <QFuture>
#include <QObject>
#include <QTimer>

#include <functional>

namespace llmemory::ui {

/// Turns typing into searches: waits until the typing pauses, cancels a search that is no longer
/// wanted and drops its answer should it still come. GUI thread.
class SearchController final : public QObject
{
    Q_OBJECT

public:
    using Search = std::function<QFuture<Result<SearchAnswer>>(const SearchQuery &query)>;
    /// Pause in typing after which a search starts.
    static constexpr int kPauseMs = 150;
    /// Results of one search.
    static constexpr int kLimit = 50;
    /// Who goes on typing within this time has not searched for what stood there before: the
    /// history keeps one search of it.
    static constexpr int kTypingMs = 10'000;

    explicit SearchController(Search search, QObject *parent = nullptr);

    /// Another tenant: a running search is dropped, the text is searched there.
    void setOwner(const OwnerId &owner);
    /// What stands in the field now; empty or only space ends searching.
    void setText(const QString &text);
    void setMode(SearchMode mode);
    /// Searches at once what would be searched after the pause.
    void searchNow();
    /// Searches again soon, for example after documents have come in.
    void repeat();

    /// There is nothing to search for, or nowhere.
    bool isIdle() const { return m_query.text.isEmpty() || m_query.owner.isEmpty(); }

signals:
    /// There is nothing to search for any more.
    void cleared();
    /// The first letters after cleared(), or another text: an answer will come.
    void started();
    void answered(const llmemory::SearchAnswer &answer);
    void failed(const llmemory::Error &error);

private:
    void drop();
    void schedule();
    void start();
    QString replacedSearch() const;

    Search m_search;
    SearchQuery m_query;
    quint64 m_generation = 0; ///< of the newest search; answers of an older one are dropped
    QFuture<Result<SearchAnswer>> m_running;
    QTimer m_pause;
    SearchQuery m_answered;      ///< of the newest answer
    QString m_answeredId;        ///< of the newest answer; empty before
    QElapsedTimer m_sinceAnswer; ///< the newest one
};

} // namespace llmemory::ui
