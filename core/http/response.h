#pragma once

#include "core/base/json.h"
#include "core/http/request.h"

#include <QByteArray>
#include <QList>

namespace llmemory::http {

/// A whole answer, independent of the library that sends it.
struct Response
{
    int status = 200;
    QByteArray contentType = "application/json";
    QByteArray body;
    QList<Header> headers; ///< besides those that every answer has
    bool close = false;    ///< end the connection after it

    /// Compact JSON.
    static Response json(const Json &value, int status = 200);
};

/// The reason phrase of RFC 9110 for the statuses that we send; "Error" for others.
QByteArray reasonPhrase(int status);

/// The headers that go with every answer: nothing sniffed, stored, framed or embedded elsewhere.
QList<Header> securityHeaders();

} // namespace llmemory::http
