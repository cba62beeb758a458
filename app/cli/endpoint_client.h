#pragma once

#include "core/search/search_hit.h"

#include <QFuture>
#include <QUrl>

#include <memory>

namespace llmemory::app {

/// Searches through the HTTP endpoint of a program that runs already, as any other program does.
/// Main thread, with an event loop.
class EndpointClient
{
public:
    /// @param url    "http://127.0.0.1:8765". @param token  empty = none is sent.
    EndpointClient(QUrl url, QByteArray token);
    ~EndpointClient();
    Q_DISABLE_COPY_MOVE(EndpointClient)

    /// Asks for owner, text and mode of the query. Of the answer the times and the note are read.
    /// Each search under way has a connection of its own, which is kept for the next ones. Error:
    /// Configuration with what the endpoint or the network says.
    QFuture<Result<SearchAnswer>> search(const SearchQuery &query);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace llmemory::app
