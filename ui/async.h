#pragma once

#include "core/base/result.h"

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>

#include <utility>

namespace llmemory::ui {

/// Calls @p f with the future's Result on the thread of @p receiver once it is there, never when
/// @p receiver has died before. A future that ends without a result, because it was cancelled or
/// because its task threw, arrives as ErrorKind::Cancelled.
template <typename T, typename F>
void onFinished(const QFuture<Result<T>> &future, QObject *receiver, F &&f)
{
    using Watcher = QFutureWatcher<Result<T>>;
    auto *watcher = new Watcher(receiver);
    QObject::connect(
        watcher, &Watcher::finished, receiver, [watcher, f = std::forward<F>(f)]() mutable {
            watcher->deleteLater();
            if (watcher->future().resultCount() == 0)
                f(Result<T>(Error::cancelled()));
            else
                f(Result<T>(watcher->result()));
        });
    watcher->setFuture(future);
}

} // namespace llmemory::ui
