#pragma once

#include "core/http/problem_details.h"

#include <QByteArrayView>

#include <tl/expected.hpp>

namespace llmemory::http {

/// How large a message may be. Sources: security-reliability table of the endpoint's limits.
struct MessageLimits
{
    qsizetype requestLine = 8 * 1024;
    qsizetype headerLine = 8 * 1024;
    qsizetype headers = 64;
    /// All lines together; below the 80 KiB at which http_parser gives up without an answer.
    qsizetype head = 64 * 1024;
    /// The hard limit of a body; smaller ones depend on the route.
    qint64 body = 33 * 1024 * 1024;
};

/// What the framing of a request says; nothing about its meaning.
struct MessageHead
{
    bool http10 = false;
    bool chunked = false;
    qint64 contentLength = 0;     ///< 0 without one
    bool expectsContinue = false; ///< the client waits for "100 Continue" before it sends the body
};

/// Reads a request head strictly, up to and including its empty line: RESTinio's parser lets
/// through folded lines, bare line feeds, "Host :", absolute targets and HTTP/9.9. Pure. Refusals:
/// 400 malformed_request, 431 headers_too_large, 501 method or transfer coding not implemented, 505
/// another version than HTTP/1.0 and 1.1. The size of the body is not judged.
tl::expected<MessageHead, Problem> readMessageHead(QByteArrayView head,
                                                   const MessageLimits &limits);

} // namespace llmemory::http
