#include "app/cli/endpoint_client.h"

#include <QCoreApplication>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPromise>

#include <vector>

namespace llmemory::app {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

Result<SearchAnswer> read(QNetworkReply &reply, const SearchQuery &query)
{
    const QByteArray body = reply.readAll();
    const Json json = Json::parse(body.constBegin(), body.constEnd(), nullptr, false);
    if (reply.error() != QNetworkReply::NoError || !json.is_object()) {
        const QString detail = json.is_object() && json.contains("detail")
                                   ? QString::fromStdString(json.at("detail").dump())
                                   : reply.errorString();
        return Error{.kind = ErrorKind::Configuration,
                     .message = tr("The endpoint %1 does not answer a search: %2")
                                    .arg(reply.url().toString(), detail)};
    }
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

} // namespace

struct EndpointClient::Private
{
    QNetworkRequest request;
    /// A manager opens six connections at most, and which one a request gets is its affair.
    std::vector<std::unique_ptr<QNetworkAccessManager>> idle;
    QObject context; ///< without it no answer is waited for
};

EndpointClient::EndpointClient(QUrl url, QByteArray token) : d(std::make_unique<Private>())
{
    url.setPath(QStringLiteral("/v1/search"));
    d->request.setUrl(url);
    d->request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    if (!token.isEmpty())
        d->request.setRawHeader("Authorization", "Bearer " + token);
}

EndpointClient::~EndpointClient() = default;

QFuture<Result<SearchAnswer>> EndpointClient::search(const SearchQuery &query)
{
    auto manager = std::make_shared<std::unique_ptr<QNetworkAccessManager>>();
    if (d->idle.empty()) {
        *manager = std::make_unique<QNetworkAccessManager>();
    } else {
        *manager = std::move(d->idle.back());
        d->idle.pop_back();
    }
    const Json body{{"owner_id", query.owner.toString().toStdString()},
                    {"query", query.text.toStdString()},
                    {"search_type", toString(query.mode).toStdString()},
                    {"remember", query.remember}};
    auto promise = std::make_shared<QPromise<Result<SearchAnswer>>>();
    promise->start();
    QNetworkReply *reply = (*manager)->post(d->request, QByteArray::fromStdString(body.dump()));
    QObject::connect(
        reply, &QNetworkReply::finished, &d->context, [this, reply, promise, manager, query] {
            promise->addResult(read(*reply, query));
            d->idle.push_back(std::move(*manager));
            promise->finish();
            reply->deleteLater();
        });
    return promise->future();
}

} // namespace llmemory::app
