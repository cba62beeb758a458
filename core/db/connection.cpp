#include "core/db/connection.h"

#include "core/db/sql_value.h"
#include "core/db/statement_trace.h"

#include <QAtomicInteger>
#include <QCoreApplication>
#include <QSqlDriver>
#include <QSqlError>
#include <QThread>

#include <libpq-fe.h>
#include <optional>
#include <vector>

namespace llmemory::db {

namespace {

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

Connection::Connection(const QString &name, const Timeouts &timeouts)
    : m_name(name), m_timeouts(timeouts), m_thread(QThread::currentThreadId())
{
}

Connection::~Connection()
{
    assertThread();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionParams &params,
                                                     const Timeouts &timeouts)
{
    if (!QSqlDatabase::isDriverAvailable(QStringLiteral("QPSQL"))) {
        return Error{.kind = ErrorKind::Configuration,
                     .message = tr(
                         "Qt's PostgreSQL driver is missing. Run: apt-get install libqt6sql6-psql"),
                     .code = QStringLiteral("driver_missing")};
    }
    std::unique_ptr<Connection> connection(new Connection(nextName(), timeouts));
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
    // Notices ("already exists, skipping") are for nobody.
    PQsetNoticeReceiver(
        connection->native(), [](void *, const PGresult *) {}, nullptr);
    return connection;
}

void Connection::assertThread() const
{
    Q_ASSERT_X(m_thread == QThread::currentThreadId(),
               "Connection",
               "used outside the thread that opened it");
}

namespace {

using ResultHandle = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// The driver's own way is a named statement in the session, which neither a pooler nor an aborted
/// transaction stands: it would stay behind. This one is unnamed, and takes one round trip instead
/// of three.
enum class Format { Text = 0, Binary = 1 };

/// Values as libpq takes them.
class Parameters
{
public:
    explicit Parameters(const QVariantList &values)
    {
        m_texts.reserve(size_t(values.size()));
        m_pointers.reserve(size_t(values.size()));
        for (const QVariant &value : values) {
            if (value.isNull()) {
                m_pointers.push_back(nullptr);
            } else {
                m_texts.push_back(sqlText(value));
                m_pointers.push_back(m_texts.back().constData());
            }
        }
    }
    Q_DISABLE_COPY_MOVE(Parameters)

    int count() const { return int(m_pointers.size()); }
    const char *const *data() const { return m_pointers.data(); }

private:
    std::vector<QByteArray> m_texts;
    std::vector<const char *> m_pointers;
};

ResultHandle run(PGconn *connection,
                 const QString &sql,
                 const QVariantList &values,
                 Format format = Format::Text)
{
    const Parameters parameters(values);
    PGresult *result = PQexecParams(connection,
                                    sql.toUtf8().constData(),
                                    parameters.count(),
                                    nullptr,
                                    parameters.data(),
                                    nullptr,
                                    nullptr,
                                    int(format));
    return {result, &PQclear};
}

bool send(PGconn *connection, const NamedQuery &query)
{
    const Parameters parameters(query.values);
    return PQsendQueryParams(connection,
                             query.sql.toUtf8().constData(),
                             parameters.count(),
                             nullptr,
                             parameters.data(),
                             nullptr,
                             nullptr,
                             int(Format::Text)) == 1;
}

/// The next answer in pipeline mode, and the end of it.
ResultHandle nextInPipeline(PGconn *connection)
{
    ResultHandle result(PQgetResult(connection), &PQclear);
    if (result && PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC) {
        while (PGresult *rest = PQgetResult(connection))
            PQclear(rest);
    }
    return result;
}

/// One column of one row.
std::optional<QVariant> valueOf(const PGresult *result, int row, int column, Format format)
{
    if (PQgetisnull(result, row, column))
        return QVariant();
    const char *value = PQgetvalue(result, row, column);
    const int length = PQgetlength(result, row, column);
    if (format == Format::Binary)
        return sqlBinaryValue(PQftype(result, column), QByteArrayView(value, length));
    return sqlValue(PQftype(result, column), QByteArray::fromRawData(value, length));
}

Result<Rows> rowsOf(const PGresult *result, const char *name, Format format)
{
    Rows rows;
    const int count = PQntuples(result);
    const int columns = PQnfields(result);
    rows.reserve(count);
    for (int i = 0; i < count; ++i) {
        QVariantList row;
        row.reserve(columns);
        for (int column = 0; column < columns; ++column) {
            auto value = valueOf(result, i, column, format);
            if (!value)
                return Error::internal(QStringLiteral("%1: column %2 has a type that is not read "
                                                      "in binary format")
                                           .arg(QLatin1String(name))
                                           .arg(column));
            row.append(std::move(*value));
        }
        rows.append(Row(std::move(row)));
    }
    return rows;
}

} // namespace

void Connection::trace(const QString &name,
                       const QString &sql,
                       const QVariantList &values,
                       bool withNext) const
{
    if (StatementTrace::isActive())
        StatementTrace::add(this, {name, sql, values, withNext});
}

Result<> Connection::check(const PGresult *result, const QString &name) const
{
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
        return {};
    // A lost connection has no SQLSTATE, or one of class 57P.
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    return errorForSqlState(isOpen() && state ? QString::fromLatin1(state) : QString(),
                            name,
                            QString::fromUtf8(PQerrorMessage(native())));
}

Result<Rows> Connection::query(const char *name, const QString &sql, const QVariantList &values)
{
    assertThread();
    trace(QLatin1String(name), sql, values);
    const ResultHandle result = run(native(), sql, values);
    if (auto ok = check(result.get(), QLatin1String(name)); !ok)
        return ok.error();
    ++m_succeeded;
    return rowsOf(result.get(), name, Format::Text);
}

Result<QList<Rows>> Connection::queryTogether(const QList<NamedQuery> &queries)
{
    assertThread();
    PGconn *const connection = native();
    bool isSent = PQenterPipelineMode(connection) == 1;
    for (const NamedQuery &query : queries) {
        const bool isLast = &query == &queries.last();
        trace(QLatin1String(query.name), query.sql, query.values, !isLast);
        isSent = isSent && send(connection, query);
    }
    isSent = isSent && PQpipelineSync(connection) == 1;
    QList<Rows> answers;
    std::optional<Error> failure;
    for (qsizetype i = 0; isSent && i < queries.size(); ++i) {
        const char *const name = queries.at(i).name;
        const ResultHandle result = nextInPipeline(connection);
        if (failure)
            continue; // the server has skipped it
        if (auto ok = check(result.get(), QLatin1String(name)); !ok) {
            failure = ok.error();
            continue;
        }
        ++m_succeeded;
        auto rows = rowsOf(result.get(), name, Format::Text);
        if (rows)
            answers.append(std::move(*rows));
        else
            failure = rows.error();
    }
    if (isSent)
        nextInPipeline(connection); // the sync
    const bool isClean = PQexitPipelineMode(connection) == 1;
    if (failure)
        return *failure;
    if (!isSent || !isClean)
        return errorForSqlState(QString(),
                                QLatin1String(queries.isEmpty() ? "" : queries.first().name),
                                QString::fromUtf8(PQerrorMessage(connection)));
    return answers;
}

Result<Rows> Connection::queryBinary(const char *name,
                                     const QString &sql,
                                     const QVariantList &values)
{
    assertThread();
    trace(QLatin1String(name), sql, values);
    const ResultHandle result = run(native(), sql, values, Format::Binary);
    if (auto ok = check(result.get(), QLatin1String(name)); !ok)
        return ok.error();
    ++m_succeeded;
    return rowsOf(result.get(), name, Format::Binary);
}

Result<qint64> Connection::execute(const char *name, const QString &sql, const QVariantList &values)
{
    assertThread();
    trace(QLatin1String(name), sql, values);
    const ResultHandle result = run(native(), sql, values);
    if (auto ok = check(result.get(), QLatin1String(name)); !ok)
        return ok.error();
    ++m_succeeded;
    return QByteArray(PQcmdTuples(result.get())).toLongLong();
}

Result<> Connection::runScript(const QString &name, const QString &sql)
{
    assertThread();
    trace(name, sql);
    // PQexec stops at the first failing statement and reports it; QSqlQuery::exec() would answer
    // true.
    const ResultHandle result(PQexec(native(), sql.toUtf8().constData()), &PQclear);
    // COMMIT of a transaction in which a statement failed "succeeds" with a ROLLBACK.
    if (PQresultStatus(result.get()) == PGRES_COMMAND_OK && sql == QLatin1String("COMMIT") &&
        qstrcmp(PQcmdStatus(result.get()), "COMMIT") != 0) {
        return errorForSqlState(
            QStringLiteral("25P02"), name, QStringLiteral("the transaction was rolled back"));
    }
    if (auto ok = check(result.get(), name); !ok)
        return ok;
    ++m_succeeded;
    return {};
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
