#include "core/http/router.h"

#include <QCoreApplication>

#include <algorithm>

namespace llmemory::http {

namespace {

Problem refusal(int status, const char *code, const QString &detail)
{
    return {.status = status, .code = QString::fromLatin1(code), .detail = detail, .field = {}};
}

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::http", text);
}

bool isPlaceholder(const QByteArray &segment)
{
    return segment.startsWith('{') && segment.endsWith('}');
}

/// The named parts, still encoded; nothing when @p path is not of the pattern.
std::optional<QHash<QString, QByteArray>> matchPattern(const QByteArray &pattern,
                                                       const QByteArray &path)
{
    const QList<QByteArray> wanted = pattern.split('/');
    const QList<QByteArray> given = path.split('/');
    if (wanted.size() != given.size())
        return std::nullopt;
    QHash<QString, QByteArray> parts;
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        const QByteArray &segment = wanted.at(i);
        if (isPlaceholder(segment) && !given.at(i).isEmpty())
            parts.insert(QString::fromLatin1(segment.mid(1, segment.size() - 2)), given.at(i));
        else if (segment != given.at(i))
            return std::nullopt;
    }
    return parts;
}

QByteArray mediaType(const Request &request)
{
    const QByteArray value = request.value("content-type");
    return value.split(';').first().trimmed().toLower();
}

QList<QByteArray> typesOf(BodyKind kind)
{
    switch (kind) {
    case BodyKind::Json:
        return {"application/json"};
    case BodyKind::JsonOrForm:
        return {"application/json", "multipart/form-data"};
    case BodyKind::Ndjson:
        return {"application/x-ndjson"};
    case BodyKind::None:
        break;
    }
    return {};
}

} // namespace

void Router::add(Route route)
{
    m_routes.append(std::move(route));
}

std::variant<RouteMatch, Response> Router::match(const QByteArray &method,
                                                 const QByteArray &path) const
{
    const QByteArray wanted = method == "HEAD" ? QByteArray("GET") : method;
    QList<QByteArray> allowed;
    for (const Route &route : m_routes) {
        const auto parts = matchPattern(route.pattern, path);
        if (!parts)
            continue;
        allowed.append(route.method);
        if (route.method != wanted)
            continue;
        RouteMatch match{.route = &route, .pathParts = {}};
        for (auto it = parts->begin(); it != parts->end(); ++it) {
            const auto decoded = percentDecoded(it.value());
            if (!decoded)
                return toResponse(decoded.error());
            match.pathParts.insert(it.key(), *decoded);
        }
        return match;
    }
    if (allowed.isEmpty())
        return toResponse(refusal(404, "unknown_route", tr("There is nothing at this address.")));
    if (allowed.contains("GET"))
        allowed.append("HEAD");
    std::sort(allowed.begin(), allowed.end());
    Response response = toResponse(
        refusal(405,
                "wrong_method",
                tr("This address takes: %1.").arg(QString::fromLatin1(allowed.join(", ")))));
    response.headers.append(Header{"Allow", allowed.join(", ")});
    return response;
}

bool Router::isPublic(const QByteArray &path) const
{
    return std::any_of(m_routes.begin(), m_routes.end(), [&](const Route &route) {
        return !route.needsToken && route.pattern == path;
    });
}

std::optional<Problem> checkBody(const Route &route,
                                 const Request &request,
                                 const BodyLimits &limits)
{
    if (route.body == BodyKind::None) {
        if (request.body.isEmpty())
            return std::nullopt;
        return refusal(400, "unexpected_body", tr("A request of this kind has no body."));
    }
    const QList<QByteArray> types = typesOf(route.body);
    const QByteArray type = mediaType(request);
    const bool encoded = !request.values("content-encoding").isEmpty();
    if (!types.contains(type) || encoded || request.values("content-type").size() != 1) {
        return refusal(
            415,
            "unsupported_media_type",
            tr("The body must be plain %1.").arg(QString::fromLatin1(types.join(" or "))));
    }
    const qint64 most = type == "application/json" ? limits.json : limits.upload;
    if (request.body.size() > most) {
        return refusal(
            413,
            "body_too_large",
            tr("The body has %1 bytes; at most %2 are taken.").arg(request.body.size()).arg(most));
    }
    return std::nullopt;
}

} // namespace llmemory::http
