#pragma once

#include "core/base/json.h"
#include "core/http/request.h"

#include <QList>

namespace llmemory::http {

enum class FieldKind { Text, Integer, Number, Flag, TextList, Object };

/// A parameter that a route takes in its query.
struct QueryField
{
    const char *name;
    FieldKind kind;
};

/// The query as the JSON object that a body with the same fields would be, so that both are read by
/// the same code. A list is a parameter given several times; an object is JSON text. A value that
/// is not of its kind stays a string, for the reader to refuse. Pure. Error: Validation with the
/// name of a parameter that is unknown, repeated or broken.
Result<Json> jsonFromQuery(const Request &request, const QList<QueryField> &fields);

/// A value in words as the JSON value of its kind: one item of a query, one field of a form. Pure.
/// Error: Validation with the field's name where an object is not JSON.
Result<Json> jsonFromText(const QueryField &field, const QString &text);

/// The JSON body of a request whose query is read elsewhere.
/// Error: Validation with field "body" where it is no JSON.
Result<Json> bodyAsJson(const Request &request);

/// The JSON body of a request that takes no parameters in its query.
/// Error: Validation with field "body" where it is no JSON, with a parameter's name where there is
/// one.
Result<Json> jsonFromBody(const Request &request);

} // namespace llmemory::http
