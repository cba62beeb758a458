#pragma once

#include "core/base/result.h"
#include "core/embed/embedder.h"

#include <QByteArray>
#include <QNetworkRequest>
#include <QSemaphore>
#include <QThread>

#include <condition_variable>
#include <memory>
#include <mutex>

class QNetworkAccessManager;

namespace llmemory::embed {

/// An HTTP answer, whatever its status.
struct HttpAnswer
{
    int status = 0;
    QByteArray retryAfter; ///< the header, empty where absent
    QByteArray body;
};

/// Posts JSON and waits for the answer, for threads without an event loop: the network runs on a
/// thread of its own. Certificates are verified, redirects are answers and not followed. Any thread
/// but one on which answers are waited for by an event loop.
class HttpPoster final
{
public:
    struct Limits
    {
        int connectMs = 10'000; ///< until the request goes out
        int callMs = 60'000;    ///< for the whole call
        qint64 answerBytes = 64 * 1024 * 1024;
        int calls = 2; ///< at a time; further ones wait
    };

    /// @param provider  name of the service for messages
    HttpPoster(QString provider, Limits limits);
    /// Calls under way answer Cancelled; waits until they have.
    ~HttpPoster();
    Q_DISABLE_COPY_MOVE(HttpPoster)

    /// Error: Unavailable with code "provider_offline"; Embedding with "provider_answer" for an
    /// answer that is too long; Cancelled.
    Result<HttpAnswer> post(const QNetworkRequest &request,
                            const QByteArray &body,
                            const CancelTest &isCancelled);

private:
    class Call;

    Result<HttpAnswer> postNow(const QNetworkRequest &request,
                               const QByteArray &body,
                               const CancelTest &mustStop);

    const QString m_provider;
    const Limits m_limits;
    QThread m_thread;
    QObject m_context;                                ///< lives on m_thread
    std::unique_ptr<QNetworkAccessManager> m_network; ///< made, used and deleted on m_thread
    QSemaphore m_slots;
    std::mutex m_mutex;
    std::condition_variable m_left;
    int m_callers = 0;       // guarded by m_mutex
    bool m_stopping = false; // guarded by m_mutex
};

} // namespace llmemory::embed
