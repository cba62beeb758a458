#include "core/embed/http_poster.h"

#include "core/embed/provider_errors.h"

#include <QCoreApplication>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTimer>

#include <chrono>
#include <optional>

namespace llmemory::embed {

namespace {

/// How soon a caller notices that it should stop.
constexpr int kPollMs = 50;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

} // namespace

/// One call: begun and ended on the network thread, awaited on the caller's.
class HttpPoster::Call final : public std::enable_shared_from_this<Call>
{
public:
    Call(const QString &provider, const Limits &limits) : m_provider(provider), m_limits(limits) {}

    /// On the network thread.
    void begin(QNetworkAccessManager &network,
               const QNetworkRequest &request,
               const QByteArray &body)
    {
        if (m_failure) // cancelled before it began
            return finish(*m_failure);
        m_reply = network.post(request, body);
        QNetworkReply *reply = m_reply;
        auto *connecting = new QTimer(reply);
        connecting->setSingleShot(true);
        const auto keep = shared_from_this();
        QObject::connect(connecting, &QTimer::timeout, reply, [keep] {
            keep->fail(offlineError(keep->m_provider, tr("no connection in time")));
        });
        QObject::connect(
            reply, &QNetworkReply::uploadProgress, connecting, [connecting](qint64 sent) {
                if (sent > 0)
                    connecting->stop();
            });
        QTimer::singleShot(m_limits.callMs, reply, [keep] {
            keep->fail(offlineError(keep->m_provider, tr("no answer in time")));
        });
        QObject::connect(reply, &QNetworkReply::readyRead, reply, [keep] { keep->read(); });
        QObject::connect(reply, &QNetworkReply::finished, reply, [keep] { keep->end(); });
        connecting->start(m_limits.connectMs);
    }

    /// On the network thread: ends the call with this error, unless it has ended.
    void fail(const Error &error)
    {
        if (m_failure)
            return;
        m_failure = error;
        if (m_reply)
            m_reply->abort(); // emits finished()
    }

    /// On the caller's thread: whether it has ended, after waiting a little.
    bool wait()
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(
            lock, std::chrono::milliseconds(kPollMs), [this] { return m_result.has_value(); });
    }

    /// On the caller's thread, once it has ended.
    Result<HttpAnswer> take()
    {
        const std::scoped_lock lock(m_mutex);
        return std::move(*m_result);
    }

private:
    void read()
    {
        m_body += m_reply->readAll();
        if (m_body.size() > m_limits.answerBytes)
            fail(answerError(m_provider, tr("it is too long")));
    }

    void end()
    {
        QNetworkReply *reply = std::exchange(m_reply, nullptr);
        reply->deleteLater();
        if (m_failure)
            return finish(*m_failure);
        m_body += reply->readAll();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        switch (reply->error()) {
        case QNetworkReply::SslHandshakeFailedError:
            return finish(offlineError(m_provider,
                                       tr("no secure connection; its certificate is not trusted "
                                          "or it speaks no TLS"),
                                       QStringLiteral("TLS handshake failed")));
        case QNetworkReply::RemoteHostClosedError:
            return finish(brokenOff(reply->error()));
        default:
            break;
        }
        if (status == 0)
            return finish(offlineError(m_provider,
                                       tr("it cannot be reached"),
                                       QStringLiteral("network error %1").arg(reply->error())));
        constexpr int kFirstErrorStatus = 300;
        if (reply->error() != QNetworkReply::NoError && status < kFirstErrorStatus)
            return finish(brokenOff(reply->error()));
        finish(HttpAnswer{status, reply->rawHeader("Retry-After"), std::move(m_body)});
    }

    Error brokenOff(QNetworkReply::NetworkError error) const
    {
        return offlineError(
            m_provider, tr("it broke off"), QStringLiteral("network error %1").arg(error));
    }

    void finish(Result<HttpAnswer> result)
    {
        const std::scoped_lock lock(m_mutex);
        m_result = std::move(result);
        m_changed.notify_all();
    }

    const QString m_provider;
    const Limits m_limits;
    // Of the network thread.
    QNetworkReply *m_reply = nullptr;
    QByteArray m_body;
    std::optional<Error> m_failure;
    // Of both.
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::optional<Result<HttpAnswer>> m_result; // guarded by m_mutex
};

HttpPoster::HttpPoster(QString provider, Limits limits)
    : m_provider(std::move(provider)), m_limits(limits), m_slots(limits.calls)
{
    m_thread.setObjectName(QStringLiteral("llmemory-http"));
    m_context.moveToThread(&m_thread);
    m_thread.start();
    QMetaObject::invokeMethod(
        &m_context,
        [this] {
            m_network = std::make_unique<QNetworkAccessManager>();
            m_network->setAutoDeleteReplies(false);
        },
        Qt::QueuedConnection);
}

HttpPoster::~HttpPoster()
{
    {
        std::unique_lock lock(m_mutex);
        m_stopping = true;
        m_left.wait(lock, [this] { return m_callers == 0; });
    }
    QMetaObject::invokeMethod(
        &m_context, [this] { m_network.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

Result<HttpAnswer> HttpPoster::post(const QNetworkRequest &request,
                                    const QByteArray &body,
                                    const CancelTest &isCancelled)
{
    const CancelTest mustStop = [&] {
        {
            const std::scoped_lock lock(m_mutex);
            if (m_stopping)
                return true;
        }
        return isCancelled();
    };
    {
        const std::scoped_lock lock(m_mutex);
        if (m_stopping)
            return Error::cancelled();
        ++m_callers;
    }
    Result<HttpAnswer> answer = Error::cancelled();
    bool free = false;
    while (!free && !mustStop())
        free = m_slots.tryAcquire(1, kPollMs);
    if (free) {
        answer = postNow(request, body, mustStop);
        m_slots.release();
    }
    const std::scoped_lock lock(m_mutex);
    --m_callers;
    m_left.notify_all();
    return answer;
}

Result<HttpAnswer> HttpPoster::postNow(const QNetworkRequest &request,
                                       const QByteArray &body,
                                       const CancelTest &mustStop)
{
    QNetworkRequest checked = request;
    // None is followed: the key must not get elsewhere, and Qt 6.4 now and then fails to send the
    // body a second time.
    checked.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::ManualRedirectPolicy);
    // Over HTTP/1.1 a connection has one call at a time, whose limits are its own.
    checked.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    checked.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    checked.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    checked.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    // Set by us, Qt unpacks nothing: the limit of the answer's size holds.
    checked.setRawHeader("Accept-Encoding", "identity");
    const auto call = std::make_shared<Call>(m_provider, m_limits);
    QMetaObject::invokeMethod(
        &m_context,
        [this, call, checked, body] { call->begin(*m_network, checked, body); },
        Qt::QueuedConnection);
    bool asked = false;
    while (!call->wait()) {
        if (asked || !mustStop())
            continue;
        asked = true;
        QMetaObject::invokeMethod(
            &m_context, [call] { call->fail(Error::cancelled()); }, Qt::QueuedConnection);
    }
    return call->take();
}

} // namespace llmemory::embed
