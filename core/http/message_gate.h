#pragma once

#include "core/http/chunk_tracker.h"
#include "core/http/message_head.h"

#include <QByteArray>

#include <optional>

namespace llmemory::http {

/// Stands between a connection and the HTTP parser: holds a request's head back until it is whole
/// and found to be strict HTTP, then lets exactly one message through. A request that is refused is
/// replaced by a harmless one, so that the refusal is answered on the ordinary way; refusal()
/// tells. Pure; one per connection; not thread-safe.
class MessageGate
{
public:
    explicit MessageGate(const MessageLimits &limits);

    /// Takes bytes from the network.
    void feed(QByteArrayView bytes);
    /// Moves at most @p most bytes that may be parsed to @p to; how many.
    qsizetype take(char *to, qsizetype most);
    /// Turns to the next message; only after isComplete().
    void nextMessage();

    /// The whole message has been taken.
    bool isComplete() const;
    /// Nothing of the next message has come.
    bool isIdle() const;
    /// The framing of the body is wrong or it is larger than the hard limit: only closing is left.
    bool isBroken() const { return m_state == State::Broken; }
    /// Whether "100 Continue" is due; true once per message.
    bool takeContinue();
    /// Why the message was replaced; nothing when it was not.
    const std::optional<Problem> &refusal() const { return m_refusal; }
    /// Whether the message is HTTP/1.0.
    bool isHttp10() const { return m_head.http10; }

private:
    enum class State { Head, Length, Chunks, Discard, Done, Broken };

    void advance();
    void readHead();
    void passBody();
    void discardBody();
    void refuse(const Problem &problem);
    void refuse(int status, const QString &code, const char *detail);
    void refuseBody(qsizetype headLength);

    const MessageLimits m_limits;
    State m_state = State::Head;
    QByteArray m_in;         ///< from the network, not yet judged
    qsizetype m_scanned = 0; ///< bytes of m_in known to hold no end of the head
    QByteArray m_out;        ///< may be parsed
    qsizetype m_outTaken = 0;
    MessageHead m_head;
    qint64 m_bodyLeft = 0;
    ChunkTracker m_chunks;
    bool m_continueDue = false;
    std::optional<Problem> m_refusal;
};

} // namespace llmemory::http
