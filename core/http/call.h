#pragma once

#include "core/http/exchange.h"

#include <QFuture>
#include <QHash>

#include <utility>

namespace llmemory::http {

/// What a handler gets: the request, the parts of its path, and a way to wait for the library that
/// ends early when the client leaves, the time is up or the server stops. Copies are the same call.
class Call
{
public:
    /// @param headers  go with the answer, whatever it is
    Call(std::shared_ptr<Exchange> exchange,
         QHash<QString, QString> pathParts,
         Interrupt::Clock::time_point deadline,
         QList<Header> headers);

    const Request &request() const { return m_exchange->request(); }
    /// A named part of the route's path, decoded: "owner_id".
    QString pathPart(const QString &name) const { return m_pathParts.value(name); }
    Interrupt &interrupt() const { return *m_exchange->interrupt(); }
    const std::shared_ptr<Interrupt> &sharedInterrupt() const { return m_exchange->interrupt(); }

    /// The future's result. Cancels the future when the call is interrupted, without waiting for
    /// it. Error: Cancelled then; else what the future brings.
    template <typename T>
    Result<T> await(QFuture<Result<T>> future)
    {
        waitFor(future);
        if (!interrupt().flag() && !future.isCanceled() && future.resultCount() > 0)
            return future.result();
        // Qt 6.4 follows the pointers of continuations that have run when a finished future is
        // cancelled.
        if (!future.isFinished())
            future.cancel();
        return Error::cancelled();
    }

    /// Sends a piece of an answer, the first time after its head. Waits for a slow client.
    /// @return false when the client has left
    bool write(const QByteArray &contentType, const QByteArray &piece);
    /// Sends the whole answer, or the end of one in pieces.
    void finish(Response response);

private:
    template <typename T>
    void waitFor(QFuture<T> future)
    {
        const auto ready = std::make_shared<std::atomic_bool>(false);
        const auto wake = [ready, interrupt = m_exchange->interrupt()] {
            *ready = true;
            interrupt->wake();
        };
        // Runs in the thread that completes the future, and does nothing there but wake this one.
        future.then(QtFuture::Launch::Sync, [wake](const QFuture<T> &) { wake(); })
            .onCanceled(wake);
        interrupt().waitFor(*ready, m_deadline);
    }

    std::shared_ptr<Exchange> m_exchange;
    QHash<QString, QString> m_pathParts;
    Interrupt::Clock::time_point m_deadline;
    QList<Header> m_headers;
    bool m_begun = false;
};

} // namespace llmemory::http
