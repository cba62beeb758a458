#include "core/db/transaction.h"

#include "core/base/logging.h"

namespace llmemory::db {

namespace {

constexpr Statement kVectorSchema{
    "vector_schema",
    "SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension e "
    "JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector'"};

// Savepoints nest at most this deep; names must be literals.
constexpr const char *kSavepoints[][3] = {
    {"SAVEPOINT llmemory_1", "RELEASE SAVEPOINT llmemory_1", "ROLLBACK TO SAVEPOINT llmemory_1"},
    {"SAVEPOINT llmemory_2", "RELEASE SAVEPOINT llmemory_2", "ROLLBACK TO SAVEPOINT llmemory_2"},
    {"SAVEPOINT llmemory_3", "RELEASE SAVEPOINT llmemory_3", "ROLLBACK TO SAVEPOINT llmemory_3"},
};
constexpr int kMostSavepoints = 3;

} // namespace

Transaction::Transaction(Session &session, const char *name, int depth)
    : m_session(session), m_name(name), m_depth(depth)
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
QString beginScript(const Connection &connection, const Scope &scope)
{
    const Timeouts &timeouts = connection.timeouts();
    const auto set = [](const char *name, const QString &value) {
        return QString(QLatin1String("; SET LOCAL ") + QLatin1String(name) + QLatin1String(" TO ") +
                       value);
    };
    const auto milliseconds = [](std::chrono::milliseconds time) {
        return QString::number(time.count());
    };
    QString script = QLatin1String("BEGIN") + set("llmemory.owner", literal(scope.ownerText())) +
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
    auto rows = session.query(kVectorSchema);
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return {};
    session.connection().setSearchPath(rows->first().text(0) + QLatin1String(", pg_temp"));
    return session.connection().runScript(QStringLiteral("search_path"),
                                          QLatin1String("SET LOCAL search_path TO ") +
                                              session.connection().searchPath());
}

} // namespace

Result<std::unique_ptr<Transaction>> Transaction::begin(Session &session,
                                                        const char *name,
                                                        const Scope &scope)
{
    Connection &connection = session.connection();
    int &depth = connection.transactionDepth();
    if (depth > kMostSavepoints)
        return Error::internal(
            QStringLiteral("transactions nested too deep in %1").arg(QLatin1String(name)));
    const QString sql = depth == 0 ? beginScript(connection, scope)
                                   : QString::fromLatin1(kSavepoints[depth - 1][0]);
    const int succeededBefore = connection.succeeded();
    if (auto ok = connection.runScript(QLatin1String(name), sql); !ok)
        return ok.error();
    std::unique_ptr<Transaction> transaction(new Transaction(session, name, ++depth));
    if (depth == 1) {
        if (connection.searchPath().isEmpty()) {
            if (auto ok = pinSearchPath(session); !ok)
                return ok.error();
        }
        // A dead connection shows in the statements above; only work after them counts as done.
        connection.setSucceeded(succeededBefore);
    }
    return transaction;
}

Transaction::~Transaction()
{
    if (!m_open)
        return;
    --m_session.connection().transactionDepth();
    if (!m_session.connection().isOpen())
        return;
    const char *sql = m_depth == 1 ? "ROLLBACK" : kSavepoints[m_depth - 2][2];
    if (auto ok = m_session.connection().runScript(QLatin1String(m_name), QLatin1String(sql)); !ok)
        logging::warning(QStringLiteral("rollback: %1").arg(ok.error().detail));
}

Result<> Transaction::commit()
{
    if (!m_open)
        return Error::internal(QStringLiteral("%1 committed twice").arg(QLatin1String(m_name)));
    const char *sql = m_depth == 1 ? "COMMIT" : kSavepoints[m_depth - 2][1];
    auto result = m_session.connection().runScript(QLatin1String(m_name), QLatin1String(sql));
    m_open = false;
    --m_session.connection().transactionDepth();
    return result;
}

} // namespace llmemory::db
