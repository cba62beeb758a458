#include "core/base/limits.h"
#include "core/memory.h"
#include "core/memory_private.h"
#include "core/search/saved/saved_search_repository.h"
#include "core/search/search_request.h"

namespace llmemory {

using db::Access;
using db::Session;

namespace {

/// The search that is to be run, as it was saved but for its page.
Result<SearchQuery> savedQuery(Session &session, const SavedSearchRun &run)
{
    const auto saved = search::findSavedSearch(session, run.owner, run.search);
    if (!saved)
        return saved.error();
    auto query = search::searchQueryFromRequest(run.owner, saved->request);
    if (!query)
        return query;
    query->limit = run.limit.value_or(query->limit);
    query->offset = run.offset.value_or(query->offset);
    return query;
}

} // namespace

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

QFuture<Result<SavedSearchPage>> Memory::savedSearches(const OwnerId &owner, int limit, int offset)
{
    for (const auto &ok :
         {limits::checkLimit(limit, limits::kPageLimit), limits::checkListOffset(offset)}) {
        if (!ok)
            return ready(Result<SavedSearchPage>(ok.error()));
    }
    return d->forOwner(Access::Read, "list_saved_searches", owner, [=](Session &session) {
        return search::listSavedSearches(session, owner, limit, offset);
    });
}

QFuture<Result<SavedSearch>> Memory::savedSearch(const OwnerId &owner, const SavedSearchId &id)
{
    return d->forOwner(Access::Read, "find_saved_search", owner, [=](Session &session) {
        return search::findSavedSearch(session, owner, id);
    });
}

QFuture<Result<SavedSearch>> Memory::savedSearch(const OwnerId &owner, const QString &name)
{
    return d->forOwner(Access::Read, "find_saved_search", owner, [=](Session &session) {
        return search::findSavedSearch(session, owner, name);
    });
}

QFuture<Result<SavedSearch>> Memory::saveSearch(const SavedSearchInput &input)
{
    if (auto ok = input.validate(); !ok)
        return ready(Result<SavedSearch>(ok.error()));
    return d->forOwner(Access::Write, "save_search", input.owner, [input](Session &session) {
        return search::insertSavedSearch(session, input);
    });
}

QFuture<Result<SavedSearch>> Memory::replaceSavedSearch(const SavedSearchId &id,
                                                        const SavedSearchInput &input)
{
    if (auto ok = input.validate(); !ok)
        return ready(Result<SavedSearch>(ok.error()));
    return d->forOwner(Access::Write, "replace_saved_search", input.owner, [=](Session &session) {
        return search::replaceSavedSearch(session, id, input);
    });
}

QFuture<Result<>> Memory::deleteSavedSearch(const OwnerId &owner, const SavedSearchId &id)
{
    return d->forOwner(Access::Write, "delete_saved_search", owner, [=](Session &session) {
        return search::deleteSavedSearch(session, owner, id);
    });
}

QFuture<Result<SearchAnswer>> Memory::runSavedSearch(const SavedSearchRun &run)
{
    return d->forOwnerWithEngine<SearchAnswer>(
        d->searchers,
        run.owner,
        [run](Engine &engine, const std::function<bool()> &isCancelled) -> Result<SearchAnswer> {
            const auto query = engine.operations()
                                   .runInTransaction(
                                       Access::Read,
                                       "find_saved_search",
                                       db::Scope::owner(run.owner),
                                       [run](Session &session) { return savedQuery(session, run); },
                                       isCancelled)
                                   .result();
            if (!query)
                return query.error();
            return engine.searches().search(*query, isCancelled);
        });
}

} // namespace llmemory
