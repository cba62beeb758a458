#include "core/cluster/admin_connection.h"

#include <QCoreApplication>
#include <QList>

#include <array>
#include <libpq-fe.h>
#include <utility>
#include <vector>

namespace llmemory::cluster {

namespace {

/// libpq's arrays of keywords and values, with what they point to.
class Keywords
{
public:
    explicit Keywords(const db::ConnectionParams &params)
        : m_values{params.host.toUtf8(),
                   QByteArray::number(params.port),
                   params.database.toUtf8(),
                   params.user.toUtf8(),
                   params.password.toUtf8(),
                   "5",
                   "llmemory supervisor",
                   "disable",
                   "disable",
                   "UTF8"}
    {
        for (const QByteArray &value : m_values)
            m_pointers.push_back(value.constData());
        m_pointers.push_back(nullptr);
    }
    const char *const *names() const { return kNames.data(); }
    const char *const *values() const { return m_pointers.data(); }

private:
    static constexpr std::array<const char *, 11> kNames{"host",
                                                         "port",
                                                         "dbname",
                                                         "user",
                                                         "password",
                                                         "connect_timeout",
                                                         "application_name",
                                                         "sslmode",
                                                         "gssencmode",
                                                         "client_encoding",
                                                         nullptr};
    QList<QByteArray> m_values;
    std::vector<const char *> m_pointers;
};

QString wordsOf(const PGconn *connection)
{
    return QString::fromUtf8(PQerrorMessage(connection)).trimmed();
}

} // namespace

void AdminConnection::Closer::operator()(pg_conn *connection) const
{
    PQfinish(connection);
}

AdminConnection::AdminConnection(pg_conn *connection) : m_connection(connection)
{
    // Notices ("extension exists already") would go to standard error.
    PQsetNoticeProcessor(
        connection, [](void *, const char *) {}, nullptr);
}

AdminConnection::Answer AdminConnection::ping(const db::ConnectionParams &params)
{
    const Keywords keywords(params);
    switch (PQpingParams(keywords.names(), keywords.values(), 0)) {
    case PQPING_OK:
        return Answer::Ready;
    case PQPING_REJECT:
        return Answer::Recovering;
    default:
        return Answer::None;
    }
}

Result<AdminConnection> AdminConnection::open(const db::ConnectionParams &params)
{
    const Keywords keywords(params);
    AdminConnection connection(PQconnectdbParams(keywords.names(), keywords.values(), 0));
    if (PQstatus(connection.m_connection.get()) == CONNECTION_OK)
        return connection;
    return Error{ErrorKind::Unavailable,
                 QCoreApplication::translate("llmemory::cluster",
                                             "The embedded database does not answer: %1")
                     .arg(wordsOf(connection.m_connection.get())),
                 QStringLiteral("%1 as %2").arg(params.host, params.user)};
}

Result<> AdminConnection::execute(const QString &name, const QByteArray &statement)
{
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(m_connection.get(), statement.constData()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return {};
    const bool isGone = PQstatus(m_connection.get()) != CONNECTION_OK;
    Error error{isGone ? ErrorKind::Unavailable : ErrorKind::Database,
                QCoreApplication::translate("llmemory::cluster",
                                            "Preparing the database failed at \"%1\": %2")
                    .arg(name, wordsOf(m_connection.get()))};
    error.sqlState = QString::fromLatin1(PQresultErrorField(result.get(), PG_DIAG_SQLSTATE));
    return error;
}

Result<QByteArray> AdminConnection::quotedVerifier(const QString &role, const QString &password)
{
    const std::unique_ptr<char, decltype(&PQfreemem)> verifier(
        PQencryptPasswordConn(m_connection.get(),
                              password.toUtf8().constData(),
                              role.toUtf8().constData(),
                              "scram-sha-256"),
        &PQfreemem);
    if (!verifier)
        return Error::internal(
            QStringLiteral("PQencryptPasswordConn: %1").arg(wordsOf(m_connection.get())));
    // Base64, ':' and '$' only; nothing to escape.
    return QByteArray(QByteArray("'") + verifier.get() + QByteArray("'"));
}

} // namespace llmemory::cluster
