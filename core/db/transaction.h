#pragma once

#include "core/base/ids.h"
#include "core/db/access.h"
#include "core/db/session.h"

#include <QThread>

#include <type_traits>

namespace llmemory::db {

/// Whose rows a transaction may see; row-level security enforces it in the server.
class Scope
{
public:
    /// Rows of one tenant. An empty id sees nothing.
    static Scope owner(const OwnerId &id) { return Scope(id.toString(), QString()); }
    /// Queue rows of all tenants (no document text): for the workers that serve everybody.
    static Scope queue() { return Scope(QString(), QStringLiteral("queue")); }
    /// No tenant rows at all; the registry of owners and models only.
    static Scope registry() { return Scope(QString(), QString()); }

    const QString &ownerText() const { return m_owner; }
    const QString &role() const { return m_role; }

private:
    Scope(QString owner, QString role) : m_owner(std::move(owner)), m_role(std::move(role)) {}
    QString m_owner;
    QString m_role;
};

/// RAII transaction: rolled back unless commit() succeeded. Inside another one it is a savepoint.
/// Scope, time limits, the search path (that of pgvector; tables are to be named with their schema)
/// and that the server compiles no statement (jit) are transaction-local settings, so nothing leaks
/// to the next user of the connection. A reading one can change nothing. Nobody waits for the
/// begin before the first statement, nor for the end of a reading one.
class Transaction
{
public:
    /// @param name  for the log.
    /// @param access  of the outermost one; others do what that may.
    static Result<std::unique_ptr<Transaction>> begin(Session &session,
                                                      const char *name,
                                                      const Scope &scope,
                                                      Access access = Access::Write);
    ~Transaction();
    Q_DISABLE_COPY_MOVE(Transaction)

    /// The only call that tells whether everything is stored.
    Result<> commit();

private:
    Transaction(Session &session, const char *name, Access access, int depth);

    Session &m_session;
    const char *m_name;
    Access m_access;
    int m_depth;
    bool m_open = true;
};

/// Times a transaction is tried when the server asks for it (40001, 40P01, 55P03).
inline constexpr int kTransactionTries = 5;

/// Runs @p work (Session & → Result<T>) in a transaction and commits when it succeeds; runs the
/// whole work again after a deadlock or serialisation failure, so it must only change what it
/// created itself.
template <typename Work>
auto inTransaction(Session &session,
                   const char *name,
                   const Scope &scope,
                   Work &&work,
                   Access access = Access::Write) -> std::invoke_result_t<Work, Session &>
{
    for (int attempt = 1;; ++attempt) {
        std::invoke_result_t<Work, Session &> result = Error::internal(QString::fromLatin1(name));
        auto transaction = Transaction::begin(session, name, scope, access);
        if (!transaction) {
            result = transaction.error();
        } else {
            result = work(session);
            if (result) {
                if (auto committed = (*transaction)->commit(); !committed)
                    result = committed.error();
            }
        }
        const bool again = !result && isRetryable(result.error()) && attempt < kTransactionTries &&
                           session.connection().transactionDepth() <= 1 && !session.isCancelled();
        if (!again)
            return result;
        transaction = Error::cancelled(); // rolls back before the pause
        QThread::msleep(10UL << unsigned(attempt));
    }
}

} // namespace llmemory::db
