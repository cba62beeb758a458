#include "core/memory.h"
#include "core/memory_private.h"

namespace llmemory {

// The part of Memory that is about what is kept of searches.

QFuture<Result<SearchHistoryPage>> Memory::searchHistory(const OwnerId &owner,
                                                         int limit,
                                                         int offset)
{
    return d->forOwnerWithEngine<SearchHistoryPage>(
        owner, [=](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.history().list(owner, limit, offset, isCancelled);
        });
}

QFuture<Result<qint64>> Memory::clearSearchHistory(const OwnerId &owner)
{
    return d->forOwnerWithEngine<qint64>(
        owner, [owner](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.history().clear(owner, isCancelled);
        });
}

QFuture<Result<>> Memory::giveFeedback(const SearchFeedback &feedback)
{
    return d->forOwnerWithEngine<void>(
        feedback.owner, [feedback](Engine &engine, const std::function<bool()> &isCancelled) {
            return engine.history().give(feedback, isCancelled);
        });
}

} // namespace llmemory
