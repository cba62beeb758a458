#include "core/http/call.h"

namespace llmemory::http {

Call::Call(std::shared_ptr<Exchange> exchange,
           QHash<QString, QString> pathParts,
           Interrupt::Clock::time_point deadline,
           QList<Header> headers)
    : m_exchange(std::move(exchange))
    , m_pathParts(std::move(pathParts))
    , m_deadline(deadline)
    , m_headers(std::move(headers))
{
}

bool Call::write(const QByteArray &contentType, const QByteArray &piece)
{
    if (!m_begun) {
        Response head;
        head.contentType = contentType;
        head.headers = m_headers;
        m_exchange->begin(head);
        m_begun = true;
    }
    return m_exchange->write(piece);
}

void Call::finish(Response response)
{
    if (m_begun) {
        m_exchange->end();
        return;
    }
    response.headers.append(m_headers);
    m_exchange->answer(response);
}

} // namespace llmemory::http
