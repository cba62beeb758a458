#include "app/cli/endpoint_client.h"

#include "core/base/elapsed.h"

#include <QCoreApplication>
#include <QMutex>
#include <QMutexLocker>
#include <QThreadPool>
#include <QtConcurrent>

#include <atomic>
#include <curl/curl.h>
#include <limits>
#include <vector>

namespace llmemory::app {

namespace {

using Promise = QPromise<Result<TimedAnswer>>;
using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

constexpr long kFound = 200;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

size_t append(const char *data, size_t size, size_t count, void *body)
{
    static_cast<QByteArray *>(body)->append(data, qsizetype(size * count));
    return size * count;
}

/// Asked about once a second, and whenever something has come.
int isUnwanted(void *test, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return (*static_cast<const std::function<bool()> *>(test))() ? 1 : 0;
}

SearchAnswer answerOf(const Json &json, const SearchQuery &query)
{
    SearchAnswer answer;
    answer.query = query;
    const Json took = json.value("took_ms", Json::object());
    answer.tookMs = {.total = took.value("total", 0.0),
                     .embedding = took.value("embedding", 0.0),
                     .text = took.value("text", 0.0),
                     .vector = took.value("vector", 0.0),
                     .fusion = took.value("fusion", 0.0),
                     .rerank = took.value("rerank", 0.0)};
    answer.note = QString::fromStdString(json.value("note", std::string()));
    return answer;
}

/// Where searches go.
struct Endpoint
{
    QUrl url;
    QByteArray encoded;
    Headers headers{nullptr, &curl_slist_free_all};

    void add(const QByteArray &header)
    {
        headers.reset(curl_slist_append(headers.release(), header.constData()));
    }
};

/// Blocks. @param isGivenUp  see isUnwanted().
Result<TimedAnswer> ask(CURL *curl,
                        const Endpoint &endpoint,
                        const SearchQuery &query,
                        const std::function<bool()> &isGivenUp)
{
    const Json asked{{"owner_id", query.owner.toString().toStdString()},
                     {"query", query.text.toStdString()},
                     {"search_type", toString(query.mode).toStdString()},
                     {"remember", query.remember}};
    const std::string request = asked.dump();
    QByteArray body;
    char failure[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(curl, CURLOPT_URL, endpoint.encoded.constData());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, endpoint.headers.get());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, long(request.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.data());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &isUnwanted);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &isGivenUp);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, failure);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    QElapsedTimer timer;
    timer.start();
    const CURLcode code = curl_easy_perform(curl);
    const double spentMs = milliseconds(timer);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return Error::cancelled();

    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    const Json json = Json::parse(body.constBegin(), body.constEnd(), nullptr, false);
    if (code == CURLE_OK && status == kFound && json.is_object())
        return TimedAnswer{answerOf(json, query), spentMs};
    QString reason = tr("it answered %1").arg(status);
    if (code != CURLE_OK)
        reason = QString::fromLocal8Bit(*failure ? failure : curl_easy_strerror(code));
    else if (json.is_object() && json.contains("detail"))
        reason = QString::fromStdString(json.at("detail").dump());
    return Error{.kind = ErrorKind::Configuration,
                 .message = tr("The endpoint %1 does not answer a search: %2")
                                .arg(endpoint.url.toString(), reason)};
}

} // namespace

struct EndpointClient::Private
{
    Handle takeHandle()
    {
        const QMutexLocker lock(&mutex);
        if (idle.empty())
            return {curl_easy_init(), &curl_easy_cleanup};
        Handle handle = std::move(idle.back());
        idle.pop_back();
        return handle;
    }

    void keep(Handle handle)
    {
        const QMutexLocker lock(&mutex);
        idle.push_back(std::move(handle));
    }

    Endpoint endpoint;
    std::atomic_bool closing = false;
    QMutex mutex;
    std::vector<Handle> idle; ///< guarded by mutex; each with its open connection
    QThreadPool threads;      ///< first to go: its threads use the rest
};

EndpointClient::EndpointClient(QUrl url, const QByteArray &token) : d(std::make_unique<Private>())
{
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    Q_UNUSED(started)
    url.setPath(QStringLiteral("/v1/search"));
    d->endpoint.url = url;
    d->endpoint.encoded = url.toEncoded();
    d->endpoint.add("Content-Type: application/json");
    if (!token.isEmpty())
        d->endpoint.add("Authorization: Bearer " + token);
    d->threads.setMaxThreadCount(std::numeric_limits<int>::max());
    d->threads.setExpiryTimeout(-1);
}

EndpointClient::~EndpointClient()
{
    d->closing = true;
}

QFuture<Result<TimedAnswer>> EndpointClient::search(const SearchQuery &query)
{
    return QtConcurrent::run(&d->threads, [d = d.get(), query](Promise &promise) {
        Handle handle = d->takeHandle();
        promise.addResult(ask(handle.get(), d->endpoint, query, [d, &promise] {
            return d->closing.load() || promise.isCanceled();
        }));
        d->keep(std::move(handle));
    });
}

} // namespace llmemory::app
