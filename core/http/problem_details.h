#pragma once

#include "core/base/error.h"
#include "core/http/response.h"

namespace llmemory::http {

/// A refusal as the contract words it (RFC 9457).
struct Problem
{
    int status = 500;
    QString code;   ///< stable word: "unknown_route", "file_encrypted"
    QString detail; ///< for people: what happened and what to do
    QString field;  ///< name of the offending field; empty where there is none
};

/// The one place where kinds of error become statuses.
/// Validation 400, Permission 403, NotFound 404, Conflict 409, Extraction 422, Embedding 502,
/// Unavailable and Cancelled 503 (507 with code "disk_full"), everything else 500.
int statusFor(const Error &error);

/// `application/problem+json` with type, title, status, detail, code and, where known, field.
Response toResponse(const Problem &problem);
/// The same for an Error of the library; Error::detail never leaves the program.
Response toResponse(const Error &error);
/// The JSON object of an Error, for a line of a bulk answer.
Json toProblemJson(const Error &error);

} // namespace llmemory::http
