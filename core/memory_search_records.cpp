#include "core/memory.h"
#include "core/memory_private.h"

namespace llmemory {

// The part of Memory that is about what is kept of searches.

QFuture<Result<SearchHistoryPage>> Memory::searchHistory(const OwnerId &owner,
                                                         int limit,
                                                         int offset)
{
    return d->forOwnerWithEngine<SearchHistoryPage>(
        d->workers, owner, [=](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.history().list(owner, limit, offset, isCancelled);
        });
}

QFuture<Result<qint64>> Memory::clearSearchHistory(const OwnerId &owner)
{
    return d->forOwnerWithEngine<qint64>(
        d->workers, owner, [owner](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.history().clear(owner, isCancelled);
        });
}

QFuture<Result<>> Memory::giveFeedback(const SearchFeedback &feedback)
{
    return d->forOwnerWithEngine<void>(
        d->workers,
        feedback.owner,
        [feedback](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.history().give(feedback, isCancelled);
        });
}

QFuture<Result<NotebookPage>> Memory::notebook(const OwnerId &owner, int limit, int offset)
{
    return d->forOwnerWithEngine<NotebookPage>(
        d->workers, owner, [=](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.notebook().list(owner, limit, offset, isCancelled);
        });
}

QFuture<Result<>> Memory::removeFromNotebook(const OwnerId &owner, const NotebookQueryId &query)
{
    return d->forOwnerWithEngine<void>(
        d->workers, owner, [=](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.notebook().remove(owner, query, isCancelled);
        });
}

QFuture<Result<NotebookComparison>> Memory::notebookReport(const OwnerId &owner)
{
    return d->forOwnerWithEngine<NotebookComparison>(
        d->searchers, owner, [owner](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.notebook().report(owner, isCancelled);
        });
}

} // namespace llmemory
