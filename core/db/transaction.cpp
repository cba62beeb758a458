#include "core/db/transaction.h"

#include "core/base/logging.h"

namespace llmemory::db {

namespace {

constexpr Statement kServer{
    "server_process",
    "SELECT pg_catalog.quote_ident(n.nspname), pg_catalog.pg_backend_pid() "
    "FROM pg_catalog.pg_extension e "
    "JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector'"};

// Savepoints nest at most this deep; names must be literals.
constexpr const char *kSavepoints[][3] = {
    {"SAVEPOINT llmemory_1", "RELEASE SAVEPOINT llmemory_1", "ROLLBACK TO SAVEPOINT llmemory_1"},
    {"SAVEPOINT llmemory_2", "RELEASE SAVEPOINT llmemory_2", "ROLLBACK TO SAVEPOINT llmemory_2"},
    {"SAVEPOINT llmemory_3", "RELEASE SAVEPOINT llmemory_3", "ROLLBACK TO SAVEPOINT llmemory_3"},
};
constexpr int kMostSavepoints = 3;

} // namespace

Transaction::Transaction(Session &session, const char *name, Access access, int depth)
    : m_session(session), m_name(name), m_access(access), m_depth(depth)
{
}

namespace {

QString literal(const QString &text)
{
    QString inner = text;
    inner.replace(QLatin1Char('\''), QLatin1String("''"));
    return QLatin1Char('\'') + inner + QLatin1Char('\'');
}

/// All of it ends with the transaction; one round trip. SET rather than set_config(): what
/// distributes PostgreSQL passes only the former on to its nodes. Times in milliseconds.
QString beginScript(const Connection &connection, const Scope &scope, Access access)
{
    const Timeouts &timeouts = connection.timeouts();
    const auto set = [](const char *name, const QString &value) {
        return QString(QLatin1String("; SET LOCAL ") + QLatin1String(name) + QLatin1String(" TO ") +
                       value);
    };
    const auto milliseconds = [](std::chrono::milliseconds time) {
        return QString::number(time.count());
    };
    QString script = QLatin1String(access == Access::Read ? "BEGIN READ ONLY" : "BEGIN") +
                     set("llmemory.owner", literal(scope.ownerText())) +
                     set("llmemory.scope", literal(scope.role())) +
                     set("statement_timeout", milliseconds(timeouts.statement)) +
                     set("lock_timeout", milliseconds(timeouts.lock)) +
                     set("idle_in_transaction_session_timeout", milliseconds(timeouts.idle)) +
                     // The planner takes conditions in JSON for far dearer than they are; compiling
                     // such a statement takes a second, running it a millisecond.
                     set("jit", QStringLiteral("off"));
    if (!connection.searchPath().isEmpty())
        script += set("search_path", connection.searchPath());
    return script;
}

/// The path is pinned to where pgvector's types and operators are, whatever the session's is: our
/// own names are always written with their schema. Asked once a connection, as soon as there is an
/// answer.
Result<> pinSearchPath(Session &session)
{
    auto rows = session.query(kServer);
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return {};
    session.connection().setServer(rows->first().text(0) + QLatin1String(", pg_temp"),
                                   rows->first().integer(1));
    return session.connection().runScript(QStringLiteral("search_path"),
                                          QLatin1String("SET LOCAL search_path TO ") +
                                              session.connection().searchPath());
}

} // namespace

Result<std::unique_ptr<Transaction>> Transaction::begin(Session &session,
                                                        const char *name,
                                                        const Scope &scope,
                                                        Access access)
{
    Connection &connection = session.connection();
    int &depth = connection.transactionDepth();
    if (depth > kMostSavepoints)
        return Error::internal(
            QStringLiteral("transactions nested too deep in %1").arg(QLatin1String(name)));
    const auto begun =
        depth == 0
            ? connection.sendOff(QLatin1String(name), beginScript(connection, scope, access))
            : connection.runScript(QLatin1String(name), QLatin1String(kSavepoints[depth - 1][0]));
    if (!begun)
        return begun.error();
    std::unique_ptr<Transaction> transaction(new Transaction(session, name, access, ++depth));
    if (depth == 1 && connection.searchPath().isEmpty()) {
        const int succeededBefore = connection.succeeded();
        if (auto ok = pinSearchPath(session); !ok)
            return ok.error();
        connection.setSucceeded(succeededBefore); // only the task's own work counts as done
    }
    return transaction;
}

Transaction::~Transaction()
{
    if (!m_open)
        return;
    Connection &connection = m_session.connection();
    --connection.transactionDepth();
    if (!connection.isOpen())
        return;
    const char *sql = m_depth == 1 ? "ROLLBACK" : kSavepoints[m_depth - 2][2];
    if (auto ok = connection.end(QLatin1String(m_name), QLatin1String(sql)); !ok)
        logging::warning(QStringLiteral("rollback: %1").arg(ok.error().detail));
}

Result<> Transaction::commit()
{
    if (!m_open)
        return Error::internal(QStringLiteral("%1 committed twice").arg(QLatin1String(m_name)));
    Connection &connection = m_session.connection();
    const QString sql = QLatin1String(m_depth == 1 ? "COMMIT" : kSavepoints[m_depth - 2][1]);
    if (m_depth == 1 && m_access == Access::Read) {
        // Nothing hangs on it. When it cannot be sent the destructor rolls back.
        if (auto sent = connection.sendOff(QLatin1String(m_name), sql); !sent)
            return sent;
        m_open = false;
        --connection.transactionDepth();
        return {};
    }
    m_open = false;
    --connection.transactionDepth();
    return connection.end(QLatin1String(m_name), sql);
}

} // namespace llmemory::db
