#include "core/http/message_gate.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstring>

namespace llmemory::http {

namespace {

/// Parsed in place of a refused request; the connection ends with its answer.
constexpr QByteArrayView kReplacement = "GET / HTTP/1.1\r\nConnection: close\r\n\r\n";

/// A body too large is read to its end, and thrown away, so that a client that does not ask with
/// "Expect" first can read the refusal; beyond this it gets a closed connection.
constexpr qint64 kMostDiscarded = 256LL * 1024 * 1024;

} // namespace

MessageGate::MessageGate(const MessageLimits &limits) : m_limits(limits), m_chunks(limits.body) {}

void MessageGate::feed(QByteArrayView bytes)
{
    m_in.append(bytes);
    advance();
}

qsizetype MessageGate::take(char *to, qsizetype most)
{
    const qsizetype count = std::min(most, m_out.size() - m_outTaken);
    std::memcpy(to, m_out.constData() + m_outTaken, size_t(count));
    m_outTaken += count;
    if (m_outTaken == m_out.size()) {
        m_out.clear();
        m_outTaken = 0;
    }
    return count;
}

void MessageGate::nextMessage()
{
    m_state = State::Head;
    m_scanned = 0;
    m_head = {};
    m_chunks = ChunkTracker(m_limits.body);
    m_continueDue = false;
    m_refusal.reset();
    advance();
}

bool MessageGate::isComplete() const
{
    return m_state == State::Done && m_out.isEmpty();
}

bool MessageGate::isIdle() const
{
    return m_state == State::Head && m_in.isEmpty();
}

bool MessageGate::takeContinue()
{
    const bool due = m_continueDue && m_in.isEmpty();
    m_continueDue = false;
    return due;
}

void MessageGate::advance()
{
    if (m_state == State::Head)
        readHead();
    if (m_state == State::Length || m_state == State::Chunks)
        passBody();
    if (m_state == State::Discard)
        discardBody();
}

void MessageGate::readHead()
{
    // An empty line before the request line is to be overlooked (RFC 9112, 2.2).
    while (m_scanned == 0 && m_in.startsWith("\r\n"))
        m_in.remove(0, 2);
    qsizetype end = -1;
    for (qsizetype i = m_scanned; i < m_in.size() && end < 0; ++i) {
        if (m_in.at(i) != '\n')
            continue;
        if (i == 0 || m_in.at(i - 1) != '\r') {
            refuse(400,
                   QStringLiteral("malformed_request"),
                   QT_TRANSLATE_NOOP("llmemory::http", "Lines must end with CR LF."));
            return;
        }
        if (i >= 3 && m_in.at(i - 2) == '\n')
            end = i + 1;
    }
    m_scanned = m_in.size();
    if (end > m_limits.head || (end < 0 && m_in.size() > m_limits.head)) {
        refuse(431,
               QStringLiteral("headers_too_large"),
               QT_TRANSLATE_NOOP("llmemory::http", "The headers are too large."));
        return;
    }
    if (end < 0)
        return;
    const auto head = readMessageHead(QByteArrayView(m_in).first(end), m_limits);
    if (!head) {
        refuse(head.error());
        return;
    }
    m_head = *head;
    if (m_head.contentLength > m_limits.body) {
        refuseBody(end);
        return;
    }
    m_out.append(QByteArrayView(m_in).first(end));
    m_in.remove(0, end);
    m_bodyLeft = m_head.contentLength;
    m_state = m_head.chunked ? State::Chunks : State::Length;
    m_continueDue = m_head.expectsContinue && (m_head.chunked || m_bodyLeft > 0);
}

void MessageGate::passBody()
{
    qsizetype count = 0;
    if (m_state == State::Chunks) {
        count = m_chunks.consume(m_in);
        if (m_chunks.isComplete())
            m_state = State::Done;
        else if (m_chunks.isBroken())
            m_state = State::Broken;
    } else {
        count = qsizetype(std::min<qint64>(m_bodyLeft, m_in.size()));
        m_bodyLeft -= count;
        if (m_bodyLeft == 0)
            m_state = State::Done;
    }
    m_out.append(QByteArrayView(m_in).first(count));
    m_in.remove(0, count);
}

void MessageGate::discardBody()
{
    const qint64 count = std::min<qint64>(m_bodyLeft, m_in.size());
    m_bodyLeft -= count;
    m_in.clear();
    if (m_bodyLeft > 0)
        return;
    m_out.append(kReplacement);
    m_state = State::Done;
}

void MessageGate::refuseBody(qsizetype headLength)
{
    const QByteArray rest = m_in.mid(headLength);
    const bool discard = !m_head.expectsContinue && m_head.contentLength <= kMostDiscarded;
    refuse(413,
           QStringLiteral("body_too_large"),
           QT_TRANSLATE_NOOP("llmemory::http",
                             "The body is larger than what is taken in one request."));
    if (!discard)
        return;
    m_out.clear();
    m_in = rest;
    m_bodyLeft = m_head.contentLength;
    m_state = State::Discard;
    discardBody();
}

void MessageGate::refuse(int status, const QString &code, const char *detail)
{
    refuse({.status = status,
            .code = code,
            .detail = QCoreApplication::translate("llmemory::http", detail),
            .field = {}});
}

void MessageGate::refuse(const Problem &problem)
{
    m_refusal = problem;
    m_in.clear();
    m_out.append(kReplacement);
    m_state = State::Done;
}

} // namespace llmemory::http
