#pragma once

#include "core/testing/verify_result.h"

#include <QEventLoop>
#include <QFuture>
#include <QFutureWatcher>
#include <QTimer>

namespace llmemory::testing {

/// Patience with an operation, on a busy machine too.
inline constexpr int kPatienceMs = 60'000;

/// The answer of an operation, waited for at most @p timeoutMs; meanwhile the events of this thread
/// are processed, so signals arrive. Needs a QCoreApplication; not inside of an operation.
///
///     const auto added = await(memory.addDocument(input));
///     VERIFY_RESULT(added);
///
/// @return the operation's own answer; Cancelled where the future was cancelled; Unavailable with
///         code "timeout" instead of waiting for ever (the operation is asked to stop then).
template <typename T>
Result<T> await(QFuture<Result<T>> future, int timeoutMs = kPatienceMs)
{
    if (!future.isFinished()) {
        QEventLoop loop;
        QFutureWatcher<Result<T>> watcher;
        QObject::connect(&watcher, &QFutureWatcher<Result<T>>::finished, &loop, &QEventLoop::quit);
        QTimer::singleShot(timeoutMs, &loop, &QEventLoop::quit);
        watcher.setFuture(future);
        loop.exec();
    }
    if (!future.isFinished()) {
        future.cancel();
        return Error{
            .kind = ErrorKind::Unavailable,
            .message = QStringLiteral("The operation did not finish within %1 ms.").arg(timeoutMs),
            .code = QStringLiteral("timeout")};
    }
    if (future.resultCount() == 0)
        return Error::cancelled();
    return future.result();
}

} // namespace llmemory::testing

/// VERIFY_RESULT for an operation whose value is not needed: waits for a QFuture<Result<T>>, and
/// fails with the error, or after a minute.
#define VERIFY_FUTURE(future) VERIFY_RESULT(llmemory::testing::await(future))
