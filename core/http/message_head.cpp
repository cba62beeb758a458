#include "core/http/message_head.h"

#include <QCoreApplication>
#include <QList>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace llmemory::http {

namespace {

using Refused = tl::unexpected<Problem>;

Refused refused(int status, const char *code, const char *detail)
{
    return Refused(Problem{.status = status,
                           .code = QString::fromLatin1(code),
                           .detail = QCoreApplication::translate("llmemory::http", detail),
                           .field = {}});
}

Refused malformed(const char *detail)
{
    return refused(400, "malformed_request", detail);
}

/// RFC 9110, 5.6.2.
bool isTokenCharacter(char c)
{
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
}

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

bool isControl(char c)
{
    return (c >= 0 && c < ' ') || c == '\x7f';
}

std::optional<qint64> decimal(QByteArrayView text)
{
    constexpr qsizetype kMostDigits = 15; // far beyond any limit, far below an overflow
    const bool digits =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.isEmpty() || text.size() > kMostDigits || !digits)
        return std::nullopt;
    return text.toByteArray().toLongLong();
}

/// Splits at CRLF and drops the empty line at the end.
QList<QByteArrayView> linesOf(QByteArrayView head)
{
    QList<QByteArrayView> lines;
    qsizetype start = 0;
    for (qsizetype i = 0; i + 1 < head.size(); ++i) {
        if (head.at(i) != '\r' || head.at(i + 1) != '\n')
            continue;
        lines.append(head.sliced(start, i - start));
        start = i + 2;
    }
    while (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

tl::expected<MessageHead, Problem> readRequestLine(QByteArrayView line)
{
    const QList<QByteArray> words = line.toByteArray().split(' ');
    if (words.size() != 3 || !isToken(words.at(0)))
        return malformed(
            QT_TRANSLATE_NOOP("llmemory::http", "The request line is not valid HTTP."));
    static const std::array<QByteArray, 7> methods{
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    if (std::find(methods.begin(), methods.end(), words.at(0)) == methods.end())
        return refused(501,
                       "unknown_method",
                       QT_TRANSLATE_NOOP("llmemory::http", "This method is not implemented."));
    const QByteArray &target = words.at(1);
    const bool plain =
        std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!target.startsWith('/') || !plain || target.contains('#'))
        return malformed(QT_TRANSLATE_NOOP(
            "llmemory::http", "The request target must be a path that begins with /."));
    if (words.at(2) != "HTTP/1.1" && words.at(2) != "HTTP/1.0")
        return refused(
            505,
            "http_version",
            QT_TRANSLATE_NOOP("llmemory::http", "Only HTTP/1.1 and HTTP/1.0 are spoken here."));
    return MessageHead{.http10 = words.at(2) == "HTTP/1.0"};
}

/// Collects what the header lines say about the body.
class Framing
{
public:
    explicit Framing(MessageHead &head) : m_head(head) {}

    tl::expected<void, Problem> take(const QByteArray &name, const QByteArray &value)
    {
        if (name == "content-length")
            return takeLength(value);
        if (name == "transfer-encoding")
            return takeCoding(value);
        if (name == "upgrade")
            return refused(
                501,
                "no_upgrade",
                QT_TRANSLATE_NOOP("llmemory::http", "No other protocol is spoken here."));
        if (name == "expect") {
            if (value.toLower() != "100-continue")
                return malformed(
                    QT_TRANSLATE_NOOP("llmemory::http", "This expectation is not known."));
            m_head.expectsContinue = true;
        }
        return {};
    }

private:
    tl::expected<void, Problem> takeLength(const QByteArray &value)
    {
        const auto length = decimal(value);
        if (!length || m_hasLength || m_head.chunked)
            return malformed(
                QT_TRANSLATE_NOOP("llmemory::http", "The length of the body is not clear."));
        m_hasLength = true;
        m_head.contentLength = *length;
        return {};
    }

    tl::expected<void, Problem> takeCoding(const QByteArray &value)
    {
        if (m_hasLength || m_head.chunked || m_head.http10)
            return malformed(
                QT_TRANSLATE_NOOP("llmemory::http", "The length of the body is not clear."));
        if (value.toLower() != "chunked")
            return refused(501,
                           "transfer_coding",
                           QT_TRANSLATE_NOOP("llmemory::http",
                                             "Only the transfer coding \"chunked\" is known."));
        m_head.chunked = true;
        return {};
    }

    MessageHead &m_head;
    bool m_hasLength = false;
};

tl::expected<void, Problem> readField(QByteArrayView line,
                                      const MessageLimits &limits,
                                      Framing &framing)
{
    if (line.size() > limits.headerLine)
        return refused(431,
                       "headers_too_large",
                       QT_TRANSLATE_NOOP("llmemory::http", "A header line is too long."));
    const qsizetype colon = line.indexOf(':');
    const bool clean =
        std::none_of(line.begin(), line.end(), [](char c) { return isControl(c) && c != '\t'; });
    // A folded line begins with space, "Host :" has space in the name: both fail as tokens.
    if (colon < 0 || !isToken(line.first(colon)) || !clean)
        return malformed(QT_TRANSLATE_NOOP("llmemory::http", "A header line is not valid HTTP."));
    return framing.take(line.first(colon).toByteArray().toLower(),
                        line.sliced(colon + 1).toByteArray().trimmed());
}

} // namespace

tl::expected<MessageHead, Problem> readMessageHead(QByteArrayView head, const MessageLimits &limits)
{
    const QList<QByteArrayView> lines = linesOf(head);
    if (lines.isEmpty())
        return malformed(
            QT_TRANSLATE_NOOP("llmemory::http", "The request line is not valid HTTP."));
    if (lines.first().size() > limits.requestLine || lines.size() - 1 > limits.headers)
        return refused(
            431,
            "headers_too_large",
            QT_TRANSLATE_NOOP("llmemory::http",
                              "The request line is too long, or there are too many headers."));
    auto result = readRequestLine(lines.first());
    if (!result)
        return result;
    Framing framing(*result);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        if (auto ok = readField(lines.at(i), limits, framing); !ok)
            return Refused(ok.error());
    }
    return result;
}

} // namespace llmemory::http
