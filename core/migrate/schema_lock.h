#pragma once

#include "core/db/transaction.h"

#include <QThread>

namespace llmemory::migrate {

/// How often a program looks whether another one has finished its part.
inline constexpr unsigned long kMigrationPollMs = 100;

/// Tries to take the migration lock of the session's schema until the end of the transaction, which
/// then waits for locks and runs statements without a time limit, as @p ownerRole (empty = the
/// connected user). False when another program holds it.
Result<bool> takeSchemaLock(db::Session &session, const QString &ownerRole);

/// Runs @p work (Session & → Result<T>) in a transaction that holds the migration lock, and again
/// as inTransaction() does. Waits for other programs without holding a transaction: an index that
/// they build outside of one would wait for it.
template <typename Work>
auto withSchemaLock(db::Session &session, const QString &ownerRole, Work &&work)
    -> std::invoke_result_t<Work, db::Session &>
{
    using Answer = std::invoke_result_t<Work, db::Session &>;
    for (;;) {
        bool busy = false;
        Answer answer = db::inTransaction(
            session, "migrate", db::Scope::registry(), [&](db::Session &locked) -> Answer {
                auto taken = takeSchemaLock(locked, ownerRole);
                if (!taken)
                    return taken.error();
                busy = !*taken;
                return busy ? Answer(Error::cancelled()) : work(locked);
            });
        if (!busy)
            return answer;
        if (session.isCancelled())
            return Error::cancelled();
        QThread::msleep(kMigrationPollMs);
    }
}

} // namespace llmemory::migrate
