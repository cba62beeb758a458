#include "core/db/copy_writer.h"

#include <libpq-fe.h>

namespace llmemory::db {

namespace {

constexpr qsizetype kFlushBytes = 64 * 1024;

using ResultHandle = std::unique_ptr<PGresult, decltype(&PQclear)>;

QString stateOf(const PGresult *result)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    return state ? QString::fromLatin1(state) : QString();
}

/// Reads what is left so that the connection can be used again; the last error among it.
Result<qint64> drain(PGconn *connection, const QString &name)
{
    Result<qint64> outcome = qint64(0);
    while (PGresult *raw = PQgetResult(connection)) {
        const ResultHandle result(raw, &PQclear);
        if (PQresultStatus(raw) == PGRES_COMMAND_OK)
            outcome = QByteArray(PQcmdTuples(raw)).toLongLong();
        else
            outcome =
                errorForSqlState(stateOf(raw), name, QString::fromUtf8(PQerrorMessage(connection)));
    }
    return outcome;
}

} // namespace

CopyWriter::CopyWriter(Session &session, const char *name) : m_session(session), m_name(name)
{
    m_buffer.reserve(kFlushBytes * 2);
}

Result<std::unique_ptr<CopyWriter>> CopyWriter::begin(Session &session, const Statement &statement)
{
    const QByteArray sql = session.names().expand(QString::fromUtf8(statement.sql())).toUtf8();
    const ResultHandle result(PQexec(session.connection().native(), sql.constData()), &PQclear);
    if (PQresultStatus(result.get()) != PGRES_COPY_IN) {
        return errorForSqlState(stateOf(result.get()),
                                QLatin1String(statement.name()),
                                QString::fromUtf8(PQerrorMessage(session.connection().native())));
    }
    return std::unique_ptr<CopyWriter>(new CopyWriter(session, statement.name()));
}

CopyWriter::~CopyWriter()
{
    if (!m_active)
        return;
    PGconn *connection = m_session.connection().native();
    PQputCopyEnd(connection, "abandoned");
    (void)drain(connection, QLatin1String(m_name)); // the error is our own "abandoned"
}

void CopyWriter::separate()
{
    if (m_rowStarted)
        m_buffer += '\t';
    m_rowStarted = true;
}

CopyWriter &CopyWriter::field(QStringView text)
{
    separate();
    for (const char c : text.toUtf8()) {
        switch (c) {
        case '\\':
            m_buffer += "\\\\";
            break;
        case '\t':
            m_buffer += "\\t";
            break;
        case '\n':
            m_buffer += "\\n";
            break;
        case '\r':
            m_buffer += "\\r";
            break;
        default:
            m_buffer += c;
        }
    }
    return *this;
}

CopyWriter &CopyWriter::field(qint64 number)
{
    separate();
    m_buffer += QByteArray::number(number);
    return *this;
}

CopyWriter &CopyWriter::nullField()
{
    separate();
    m_buffer += "\\N";
    return *this;
}

Result<> CopyWriter::endRow()
{
    m_buffer += '\n';
    m_rowStarted = false;
    return m_buffer.size() >= kFlushBytes ? flush() : Result<>();
}

Error CopyWriter::failure() const
{
    return errorForSqlState({},
                            QLatin1String(m_name),
                            QString::fromUtf8(PQerrorMessage(m_session.connection().native())));
}

Result<> CopyWriter::flush()
{
    if (PQputCopyData(
            m_session.connection().native(), m_buffer.constData(), int(m_buffer.size())) != 1)
        return failure();
    m_buffer.clear();
    return {};
}

Result<qint64> CopyWriter::finish()
{
    if (auto ok = flush(); !ok)
        return ok.error();
    m_active = false;
    PGconn *connection = m_session.connection().native();
    if (PQputCopyEnd(connection, nullptr) != 1)
        return failure();
    return drain(connection, QLatin1String(m_name));
}

} // namespace llmemory::db
