#include "core/db/connection.h"

#include "core/base/logging.h"
#include "core/db/sql_value.h"
#include "core/db/statement_trace.h"

#include <QAtomicInteger>
#include <QCoreApplication>
#include <QCryptographicHash>
#include <QSqlDriver>
#include <QSqlError>
#include <QThread>

#include <libpq-fe.h>
#include <optional>
#include <utility>
#include <vector>

namespace llmemory::db {

namespace {

/// Of a connection; each takes some 50 KB in the server. Programs with many schemas have more.
constexpr qsizetype kMostPrepared = 100;

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
    PQsetErrorVerbosity(connection->handle(), PQERRORS_TERSE);
    // Notices ("already exists, skipping") are for nobody.
    PQsetNoticeReceiver(
        connection->handle(), [](void *, const PGresult *) {}, nullptr);
    return connection;
}

void Connection::assertThread() const
{
    Q_ASSERT_X(m_thread == QThread::currentThreadId(),
               "Connection",
               "used outside the thread that opened it");
}

namespace {

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

/// Sends a statement to be run. The driver's own way is a named statement for each, in the session,
/// which neither a pooler nor an aborted transaction stands: it would stay behind.
/// @param prepared  the name of a prepared one; empty = as it is, unnamed, in one round trip.
bool send(PGconn *connection, const NamedQuery &query, const QByteArray &prepared, int format)
{
    const Parameters parameters(query.values);
    if (!prepared.isEmpty())
        return PQsendQueryPrepared(connection,
                                   prepared.constData(),
                                   parameters.count(),
                                   parameters.data(),
                                   nullptr,
                                   nullptr,
                                   format) == 1;
    return PQsendQueryParams(connection,
                             query.sql.toUtf8().constData(),
                             parameters.count(),
                             nullptr,
                             parameters.data(),
                             nullptr,
                             nullptr,
                             format) == 1;
}

/// The next answer in pipeline mode, and the end of it.
PGresult *nextInPipeline(PGconn *connection)
{
    PGresult *result = PQgetResult(connection);
    if (result && PQresultStatus(result) != PGRES_PIPELINE_SYNC) {
        while (PGresult *rest = PQgetResult(connection))
            PQclear(rest);
    }
    return result;
}

/// One column of one row.
std::optional<QVariant> valueOf(const PGresult *result, int row, int column, bool isBinary)
{
    if (PQgetisnull(result, row, column))
        return QVariant();
    const char *value = PQgetvalue(result, row, column);
    const int length = PQgetlength(result, row, column);
    if (isBinary)
        return sqlBinaryValue(PQftype(result, column), QByteArrayView(value, length));
    return sqlValue(PQftype(result, column), QByteArray::fromRawData(value, length));
}

Result<Rows> rowsOf(const PGresult *result, const char *name, bool isBinary)
{
    Rows rows;
    const int count = PQntuples(result);
    const int columns = PQnfields(result);
    rows.reserve(count);
    for (int i = 0; i < count; ++i) {
        QVariantList row;
        row.reserve(columns);
        for (int column = 0; column < columns; ++column) {
            auto value = valueOf(result, i, column, isBinary);
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

void Connection::trace(const TracedStatement &statement) const
{
    if (StatementTrace::isActive())
        StatementTrace::add(this, statement);
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
                            QString::fromUtf8(PQerrorMessage(handle())));
}

/// Makes room for new plans when those that are kept have had their time.
Result<> Connection::dropOldPlans()
{
    if (m_prepared.isEmpty() || !m_preparedSince.hasExpired(m_timeouts.plan.count()))
        return {};
    QString script;
    for (const QByteArray &name : std::as_const(m_prepared))
        script += QLatin1String("DEALLOCATE ") + QLatin1String(name) + QLatin1String("; ");
    const ResultHandle result(PQexec(handle(), script.toUtf8().constData()), &PQclear);
    const auto dropped = check(result.get(), QStringLiteral("deallocate"));
    if (!dropped)
        return forgetLostPlans(dropped.error());
    m_prepared.clear();
    return {};
}

/// The name under which the server keeps the statement; empty where it is not to.
Result<QByteArray> Connection::preparedName(const NamedQuery &query)
{
    if (query.plan == Plan::EachTime || !m_keepsStatements)
        return QByteArray();
    const auto known = m_prepared.constFind(query.sql);
    if (known != m_prepared.constEnd())
        return *known;
    if (m_prepared.size() >= kMostPrepared)
        return QByteArray();
    // Of the text: should there be a pooler all the same, the name never means another statement.
    const QByteArray name =
        "llmemory_" +
        QCryptographicHash::hash(query.sql.toUtf8(), QCryptographicHash::Sha1).toHex();
    const ResultHandle result(
        PQprepare(handle(), name.constData(), query.sql.toUtf8().constData(), 0, nullptr),
        &PQclear);
    if (auto ok = check(result.get(), QLatin1String(query.name)); !ok)
        return forgetLostPlans(ok.error());
    if (m_prepared.isEmpty())
        m_preparedSince.start();
    m_prepared.insert(query.sql, name);
    return name;
}

/// What a prepared statement's failure is. When somebody else is at the session, or has changed
/// what a statement answers, none is kept from now on.
Error Connection::forgetLostPlans(Error failure)
{
    if (!isPlanLoss(failure))
        return failure;
    m_prepared.clear();
    m_keepsStatements = false;
    failure.code = QLatin1String(kPlanLost);
    return failure;
}

/// The results of @p queries, in order.
auto Connection::roundTrip(const QList<NamedQuery> &queries, Format format)
    -> Result<std::vector<ResultHandle>>
{
    assertThread();
    if (auto ok = finishSentOff(); !ok)
        return ok.error();
    if (auto ok = dropOldPlans(); !ok)
        return ok.error();
    std::vector<QByteArray> names;
    for (const NamedQuery &query : queries) {
        auto name = preparedName(query);
        if (!name)
            return name.error();
        names.push_back(std::move(*name));
    }
    PGconn *const connection = handle();
    bool isSent = PQenterPipelineMode(connection) == 1;
    for (qsizetype i = 0; i < queries.size(); ++i) {
        const NamedQuery &query = queries.at(i);
        const bool withNext = i + 1 < queries.size();
        trace({QLatin1String(query.name), query.sql, query.values, withNext, query.plan});
        isSent = isSent && send(connection, query, names.at(size_t(i)), int(format));
    }
    isSent = isSent && PQpipelineSync(connection) == 1;
    std::vector<ResultHandle> results;
    std::optional<Error> failure;
    for (qsizetype i = 0; isSent && i < queries.size(); ++i) {
        ResultHandle result(nextInPipeline(connection), &PQclear);
        if (failure)
            continue; // the server has skipped it
        if (auto ok = check(result.get(), QLatin1String(queries.at(i).name)); !ok) {
            const bool isPrepared = !names.at(size_t(i)).isEmpty();
            failure = isPrepared ? forgetLostPlans(ok.error()) : ok.error();
            continue;
        }
        ++m_succeeded;
        results.push_back(std::move(result));
    }
    if (isSent)
        PQclear(nextInPipeline(connection)); // the sync
    const bool isClean = PQexitPipelineMode(connection) == 1;
    if (failure)
        return *failure;
    if (!isSent || !isClean)
        return errorForSqlState(QString(),
                                QLatin1String(queries.isEmpty() ? "" : queries.first().name),
                                QString::fromUtf8(PQerrorMessage(connection)));
    return results;
}

Result<Rows> Connection::rows(const NamedQuery &query, Format format)
{
    const auto results = roundTrip({query}, format);
    if (!results)
        return results.error();
    return rowsOf(results->front().get(), query.name, format == Format::Binary);
}

Result<Rows> Connection::query(const char *name,
                               const QString &sql,
                               const QVariantList &values,
                               Plan plan)
{
    return rows({name, sql, values, plan}, Format::Text);
}

Result<Rows> Connection::queryBinary(const char *name,
                                     const QString &sql,
                                     const QVariantList &values,
                                     Plan plan)
{
    return rows({name, sql, values, plan}, Format::Binary);
}

Result<QList<Rows>> Connection::queryTogether(const QList<NamedQuery> &queries)
{
    const auto results = roundTrip(queries, Format::Text);
    if (!results)
        return results.error();
    QList<Rows> answers;
    for (const ResultHandle &result : *results) {
        auto rows = rowsOf(result.get(), queries.at(answers.size()).name, false);
        if (!rows)
            return rows.error();
        answers.append(std::move(*rows));
    }
    return answers;
}

Result<qint64> Connection::execute(const char *name, const QString &sql, const QVariantList &values)
{
    const auto results = roundTrip({{name, sql, values}}, Format::Text);
    if (!results)
        return results.error();
    return QByteArray(PQcmdTuples(results->front().get())).toLongLong();
}

Result<> Connection::sendOff(const QString &name, const QString &sql)
{
    assertThread();
    if (auto ok = finishSentOff(); !ok)
        return ok;
    trace({name, sql, {}});
    if (PQsendQuery(handle(), sql.toUtf8().constData()) != 1)
        return errorForSqlState(QString(), name, QString::fromUtf8(PQerrorMessage(handle())));
    m_sentOff = name;
    return {};
}

Result<> Connection::finishSentOff()
{
    Result<> outcome;
    const QString name = std::exchange(m_sentOff, {});
    if (name.isNull())
        return outcome;
    while (const ResultHandle result{PQgetResult(handle()), &PQclear}) {
        if (outcome)
            outcome = check(result.get(), name);
    }
    return outcome;
}

Result<> Connection::end(const QString &name, const QString &sql)
{
    const Result<> before = finishSentOff();
    const Result<> ended = runScript(name, sql);
    return before ? ended : before;
}

Result<> Connection::runScript(const QString &name, const QString &sql)
{
    assertThread();
    if (auto ok = finishSentOff(); !ok)
        return ok;
    trace({name, sql, {}});
    // PQexec stops at the first failing statement and reports it; QSqlQuery::exec() would answer
    // true.
    const ResultHandle result(PQexec(handle(), sql.toUtf8().constData()), &PQclear);
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

void Connection::setServer(const QString &searchPath, int process)
{
    m_searchPath = searchPath;
    m_keepsStatements = PQbackendPID(handle()) == process;
}

bool Connection::isOpen() const
{
    return m_database.isOpen() && PQstatus(handle()) == CONNECTION_OK;
}

const QSqlDatabase &Connection::sqlDatabase()
{
    assertThread();
    if (auto ok = finishSentOff(); !ok)
        logging::warning(ok.error().message);
    return m_database;
}

PGconn *Connection::native()
{
    return sqlDatabase().isOpen() ? handle() : nullptr;
}

PGconn *Connection::handle() const
{
    const QVariant handle = m_database.driver()->handle();
    // "pg_conn*" in Qt 6, "PGconn*" before.
    const QByteArray type(handle.typeName());
    const bool known = type == "pg_conn*" || type == "PGconn*";
    return known ? *static_cast<PGconn *const *>(handle.constData()) : nullptr;
}

PGcancel *Connection::cancelHandle() const
{
    return PQgetCancel(handle());
}

} // namespace llmemory::db
