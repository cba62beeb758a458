#pragma once

#include "core/http/call.h"

#include <QHash>
#include <QList>

#include <chrono>
#include <functional>
#include <variant>

namespace llmemory::http {

/// What a route takes as a body.
enum class BodyKind {
    None,       ///< none at all
    Json,       ///< application/json
    JsonOrForm, ///< application/json or multipart/form-data
    Ndjson,     ///< application/x-ndjson
};

/// Runs in a worker thread and may block in Call::await().
using Handler = std::function<Response(Call &)>;

struct Route
{
    QByteArray method;
    QByteArray pattern; ///< "/v1/owners/{owner_id}"; a part in braces matches one path segment
    BodyKind body = BodyKind::None;
    Handler handler;
    bool needsToken = true;
    /// false: answered in the connection's own thread, even when all workers are busy; must not
    /// block.
    bool needsWorker = true;
    /// The time of an answer; zero: no limit.
    std::chrono::milliseconds timeLimit{0};
};

/// A route with the parts of the path that it names.
struct RouteMatch
{
    const Route *route = nullptr;
    QHash<QString, QString> pathParts;
};

/// Finds the route of a request. Immutable while serving, so any thread.
class Router
{
public:
    void add(Route route);

    /// HEAD goes to the route of GET.
    /// @return the route, or: 404 unknown_route, 405 wrong_method with Allow, 400 for a broken path
    std::variant<RouteMatch, Response> match(const QByteArray &method,
                                             const QByteArray &path) const;
    /// Whether a path can be asked for without a token; false where there is no such route.
    bool isPublic(const QByteArray &path) const;

private:
    QList<Route> m_routes;
};

/// Content type and size of a body against what the route takes.
struct BodyLimits
{
    qint64 json = 4 * 1024 * 1024;
    qint64 upload = 32 * 1024 * 1024;
};

/// Refusals: 400 unexpected_body, 413 body_too_large, 415 unsupported_media_type. Pure.
std::optional<Problem> checkBody(const Route &route,
                                 const Request &request,
                                 const BodyLimits &limits);

} // namespace llmemory::http
