#include "core/http/problem_details.h"

namespace llmemory::http {

namespace {

/// Seconds after which another try is worth it: a busy service; the window of the bad tokens.
constexpr auto kRetryBusy = "1";
constexpr auto kRetryBadTokens = "60";

Problem problemFrom(const Error &error)
{
    return {.status = statusFor(error),
            .code = error.code.isEmpty() ? toString(error.kind) : error.code,
            .detail = error.message,
            .field = error.field};
}

Json toJson(const Problem &problem)
{
    Json json{{"type", "urn:llmemory:problem:" + problem.code.toStdString()},
              {"title", reasonPhrase(problem.status).toStdString()},
              {"status", problem.status},
              {"detail", llmemory::toJson(problem.detail)},
              {"code", llmemory::toJson(problem.code)}};
    if (!problem.field.isEmpty())
        json["field"] = llmemory::toJson(problem.field);
    return json;
}

} // namespace

int statusFor(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Validation:
        return 400;
    case ErrorKind::Permission:
        return 403;
    case ErrorKind::NotFound:
        return 404;
    case ErrorKind::Conflict:
        return 409;
    case ErrorKind::Extraction:
        return 422;
    case ErrorKind::Embedding:
        return 502;
    case ErrorKind::Unavailable:
        return error.code == QLatin1String("disk_full") ? 507 : 503;
    case ErrorKind::Cancelled:
        return 503;
    case ErrorKind::Database:
    case ErrorKind::Configuration:
    case ErrorKind::Internal:
        break;
    }
    return 500;
}

Response toResponse(const Problem &problem)
{
    Response response = Response::json(toJson(problem), problem.status);
    response.contentType = "application/problem+json";
    if (problem.status == 401)
        response.headers.append(Header{"WWW-Authenticate", "Bearer"});
    if (problem.status == 429)
        response.headers.append(Header{"Retry-After", kRetryBadTokens});
    if (problem.status == 503)
        response.headers.append(Header{"Retry-After", kRetryBusy});
    return response;
}

Response toResponse(const Error &error)
{
    return toResponse(problemFrom(error));
}

Json toProblemJson(const Error &error)
{
    return toJson(problemFrom(error));
}

} // namespace llmemory::http
