#pragma once

#include "core/search/search_hit.h"

#include <QFuture>
#include <QUrl>

#include <memory>

namespace llmemory::app {

/// An answer, and how long it took to come, as the thread that asks sees it.
struct TimedAnswer
{
    SearchAnswer answer;
    double spentMs = 0;
};

/// Searches through the HTTP endpoint of a program that runs already, as any other program does,
/// and adds as little as it can to what that takes. Any thread.
class EndpointClient
{
public:
    /// @param url    "http://127.0.0.1:8765". @param token  empty = none is sent.
    EndpointClient(QUrl url, const QByteArray &token);
    /// Gives up what is under way.
    ~EndpointClient();
    Q_DISABLE_COPY_MOVE(EndpointClient)

    /// Asks for owner, text and mode of the query. Of the answer the times and the note are read.
    /// Each search under way has a thread and a connection of its own, which are kept for the next
    /// ones; cancelling the future gives it up. Error: Configuration with what the endpoint or the
    /// network says.
    QFuture<Result<TimedAnswer>> search(const SearchQuery &query);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace llmemory::app
