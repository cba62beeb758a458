#include "core/db/connection.h"

#include <QAtomicInteger>
#include <QCoreApplication>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QThread>

#include <libpq-fe.h>

namespace llmemory::db {

namespace {

// statement_timeout, lock_timeout and idle_in_transaction_session_timeout of every session.
constexpr const char *kSessionSettings =
    "SET statement_timeout = '30s'; SET lock_timeout = '5s'; "
    "SET idle_in_transaction_session_timeout = '60s'; "
    "SET timezone = 'UTC'; SET client_min_messages = 'warning'";

QString nextName()
{
    static QAtomicInteger<quint64> counter;
    return QStringLiteral("llmemory-%1").arg(counter.fetchAndAddRelaxed(1));
}

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::db", text);
}

Error openError(const QSqlError &failure, const ConnectionParams &params)
{
    const QString text = failure.databaseText().trimmed();
    // libpq gives no SQLSTATE for a failed connection; its English text is all there is.
    const bool refused = text.contains(QLatin1String("authentication failed")) ||
                         text.contains(QLatin1String("does not exist")) ||
                         text.contains(QLatin1String("no password supplied")) ||
                         text.contains(QLatin1String("no pg_hba.conf entry"));
    if (refused) {
        return {
            .kind = ErrorKind::Configuration,
            .message =
                tr("The database %1 refused the connection: wrong user, password or database name.")
                    .arg(params.describe()),
            .detail = text,
            .code = QStringLiteral("db_refused")};
    }
    if (text.contains(QLatin1String("starting up")) ||
        text.contains(QLatin1String("recovery mode"))) {
        return {
            .kind = ErrorKind::Unavailable,
            .message =
                tr("The database is recovering after an interruption. Search is back in a moment."),
            .detail = text,
            .code = QStringLiteral("db_starting")};
    }
    return {
        .kind = ErrorKind::Unavailable,
        .message =
            tr("Cannot reach the database %1. Nothing was lost; check that it runs and try again.")
                .arg(params.describe()),
        .detail = text,
        .code = QStringLiteral("db_offline")};
}

} // namespace

Connection::Connection(const QString &name) : m_name(name), m_thread(QThread::currentThreadId()) {}

Connection::~Connection()
{
    assertThread();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionParams &params)
{
    if (!QSqlDatabase::isDriverAvailable(QStringLiteral("QPSQL"))) {
        return Error{.kind = ErrorKind::Configuration,
                     .message = tr(
                         "Qt's PostgreSQL driver is missing. Run: apt-get install libqt6sql6-psql"),
                     .code = QStringLiteral("driver_missing")};
    }
    std::unique_ptr<Connection> connection(new Connection(nextName()));
    connection->m_database = QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), connection->m_name);
    QSqlDatabase &database = connection->m_database;
    database.setHostName(params.host);
    if (params.port > 0)
        database.setPort(params.port);
    database.setDatabaseName(params.database);
    database.setUserName(params.user);
    database.setPassword(params.password);
    database.setConnectOptions(params.connectOptions());
    if (!database.open())
        return openError(database.lastError(), params);
    // The longer forms quote the statement, and with it the values.
    PQsetErrorVerbosity(connection->native(), PQERRORS_TERSE);
    if (auto ok = connection->runScript(QStringLiteral("session_settings"),
                                        QLatin1String(kSessionSettings));
        !ok)
        return ok.error();
    connection->setSucceeded(0);
    return connection;
}

void Connection::assertThread() const
{
    Q_ASSERT_X(m_thread == QThread::currentThreadId(),
               "Connection",
               "used outside the thread that opened it");
}

namespace {

/// U+0000 would cut the statement that the driver makes of the value.
QVariant bindable(const QVariant &value)
{
    const QChar nul(u'\0');
    if (value.typeId() != QMetaType::QString || !value.toString().contains(nul))
        return value;
    return value.toString().remove(nul);
}

/// A lost connection leaves the driver without a SQLSTATE, or with one of class 57P.
Error statementError(const QSqlQuery &query, const char *name, bool stillOpen)
{
    const QString text = QLatin1String(name);
    if (!stillOpen)
        return errorForSqlState({}, text, query.lastError().databaseText());
    return errorFor(query.lastError(), text);
}

} // namespace

Result<Rows> Connection::query(const char *name, const QString &sql, const QVariantList &values)
{
    assertThread();
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.prepare(sql))
        return statementError(query, name, isOpen());
    for (const QVariant &value : values)
        query.addBindValue(bindable(value));
    if (!query.exec())
        return statementError(query, name, isOpen());
    Rows rows;
    const int columns = query.record().count();
    while (query.next()) {
        QVariantList row;
        row.reserve(columns);
        for (int i = 0; i < columns; ++i)
            row.append(query.value(i));
        rows.append(Row(std::move(row)));
    }
    // Fetching row by row may fail half-way: then next() just answers false.
    if (query.lastError().isValid())
        return statementError(query, name, isOpen());
    ++m_succeeded;
    return rows;
}

Result<qint64> Connection::execute(const char *name, const QString &sql, const QVariantList &values)
{
    assertThread();
    QSqlQuery query(m_database);
    if (!query.prepare(sql))
        return statementError(query, name, isOpen());
    for (const QVariant &value : values)
        query.addBindValue(bindable(value));
    if (!query.exec())
        return statementError(query, name, isOpen());
    ++m_succeeded;
    return qint64(query.numRowsAffected());
}

Result<> Connection::runScript(const QString &name, const QString &sql)
{
    assertThread();
    // PQexec stops at the first failing statement and reports it; QSqlQuery::exec() would answer
    // true.
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(native(), sql.toUtf8().constData()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    // COMMIT of a transaction in which a statement failed "succeeds" with a ROLLBACK.
    if (status == PGRES_COMMAND_OK && sql == QLatin1String("COMMIT") &&
        qstrcmp(PQcmdStatus(result.get()), "COMMIT") != 0) {
        return errorForSqlState(
            QStringLiteral("25P02"), name, QStringLiteral("the transaction was rolled back"));
    }
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
        ++m_succeeded;
        return {};
    }
    const char *state = result ? PQresultErrorField(result.get(), PG_DIAG_SQLSTATE) : nullptr;
    return errorForSqlState(isOpen() && state ? QString::fromLatin1(state) : QString(),
                            name,
                            QString::fromUtf8(PQerrorMessage(native())));
}

bool Connection::isOpen() const
{
    return m_database.isOpen() && PQstatus(native()) == CONNECTION_OK;
}

PGconn *Connection::native() const
{
    const QVariant handle = m_database.driver()->handle();
    // "pg_conn*" in Qt 6, "PGconn*" before.
    const QByteArray type(handle.typeName());
    const bool known = type == "pg_conn*" || type == "PGconn*";
    return known ? *static_cast<PGconn *const *>(handle.constData()) : nullptr;
}

PGcancel *Connection::cancelHandle() const
{
    return PQgetCancel(native());
}

} // namespace llmemory::db
