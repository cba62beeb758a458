#include "core/db/transaction.h"

#include "core/base/logging.h"

namespace llmemory::db {

namespace {

// All of it ends with the transaction. Times in milliseconds.
constexpr Statement kSetScope{
    "set_scope",
    "SELECT set_config('llmemory.owner', $1, true), set_config('llmemory.scope', $2, true), "
    "set_config('statement_timeout', $3, true), set_config('lock_timeout', $4, true), "
    "set_config('idle_in_transaction_session_timeout', $5, true)"};

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

Result<std::unique_ptr<Transaction>> Transaction::begin(Session &session,
                                                        const char *name,
                                                        const Scope &scope)
{
    int &depth = session.connection().transactionDepth();
    if (depth > kMostSavepoints)
        return Error::internal(
            QStringLiteral("transactions nested too deep in %1").arg(QLatin1String(name)));
    const char *sql = depth == 0 ? "BEGIN" : kSavepoints[depth - 1][0];
    const int succeededBefore = session.connection().succeeded();
    if (auto ok = session.connection().runScript(QLatin1String(name), QLatin1String(sql)); !ok)
        return ok.error();
    std::unique_ptr<Transaction> transaction(new Transaction(session, name, ++depth));
    if (depth == 1) {
        const Timeouts &timeouts = session.connection().timeouts();
        const QVariantList settings{scope.ownerText(),
                                    scope.role(),
                                    qint64(timeouts.statement.count()),
                                    qint64(timeouts.lock.count()),
                                    qint64(timeouts.idle.count())};
        if (auto ok = session.query(kSetScope, settings); !ok)
            return ok.error();
        // A dead connection shows in the two statements above; only work after them counts as done.
        session.connection().setSucceeded(succeededBefore);
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
