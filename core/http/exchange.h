#pragma once

#include "core/http/interrupt.h"
#include "core/http/problem_details.h"
#include "core/http/request.h"
#include "core/http/response.h"

#include <memory>
#include <optional>

namespace llmemory::http {

/// One request and the way back to its client. Either answer() once, or begin(), write()… and
/// end(). Any thread, one at a time. An exchange that is destroyed unanswered closes its
/// connection.
class Exchange
{
public:
    Exchange() = default;
    virtual ~Exchange() = default;
    Q_DISABLE_COPY_MOVE(Exchange)

    const Request &request() const { return m_request; }
    /// Set where the message itself was refused; the request is then a replacement.
    const std::optional<Problem> &refusal() const { return m_refusal; }
    /// Raised when the client leaves.
    const std::shared_ptr<Interrupt> &interrupt() const { return m_interrupt; }

    /// Sends a whole answer; its body is left out for HEAD.
    virtual void answer(const Response &response) = 0;
    /// Sends a status and headers; the body follows in pieces.
    virtual void begin(const Response &head) = 0;
    /// Sends a piece and waits until it is on its way, so that a slow reader slows its writer down.
    /// @return false when the client has left
    virtual bool write(const QByteArray &piece) = 0;
    virtual void end() = 0;

protected:
    Request m_request;
    std::optional<Problem> m_refusal;
    std::shared_ptr<Interrupt> m_interrupt = std::make_shared<Interrupt>();
};

} // namespace llmemory::http
