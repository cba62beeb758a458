#pragma once

#include "app/cli/console.h"
#include "app/exit_code.h"
#include "app/interrupts.h"
#include "app/memory_settings.h"
#include "core/memory.h"

#include <QEventLoop>
#include <QFutureWatcher>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace llmemory::app {

/// What a command works with: console, settings, and a Memory that is opened when it is needed.
/// Main thread.
class CommandContext
{
public:
    CommandContext(const settings::Settings &settings, Console &console, Interrupts &interrupts);
    /// Closes the Memory.
    ~CommandContext();
    Q_DISABLE_COPY_MOVE(CommandContext)

    const settings::Settings &settings() const { return m_settings; }
    Console &console() { return m_console; }
    Interrupts &interrupts() { return m_interrupts; }

    /// Opens the Memory; once a command. Error: as Memory::initialize(), and Cancelled on a signal.
    Result<Memory *> openMemory(Workers workers);

    /// What a signal does to an await().
    enum class OnSignal { Cancel, GoOn };

    /// Waits for @p future in an event loop. On SIGINT or SIGTERM the future is cancelled and the
    /// answer is Error::cancelled(), unless it is there already.
    template <typename T>
    Result<T> await(QFuture<Result<T>> future, OnSignal onSignal = OnSignal::Cancel);

    /// Asks on the terminal and reads a line, whose end may be the end of input. Nothing when there
    /// is no more input, or on a signal.
    std::optional<QString> ask(const QString &question);

    /// Prints @p error; the exit code that tells of it.
    ExitCode fail(const Error &error);

private:
    /// How long a cancelled operation may take to notice it.
    static constexpr std::chrono::seconds kCancelGrace{10};

    const settings::Settings &m_settings;
    Console &m_console;
    Interrupts &m_interrupts;
    std::unique_ptr<Memory> m_memory;
};

template <typename T>
Result<T> CommandContext::await(QFuture<Result<T>> future, OnSignal onSignal)
{
    QEventLoop loop;
    QFutureWatcher<Result<T>> watcher;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    const auto cancel = [&future, &loop] {
        future.cancel();
        QTimer::singleShot(kCancelGrace, &loop, &QEventLoop::quit);
    };
    if (onSignal == OnSignal::Cancel) {
        QObject::connect(&m_interrupts, &Interrupts::interrupted, &loop, cancel);
        if (m_interrupts.isInterrupted())
            cancel();
    }
    watcher.setFuture(future);
    if (!future.isFinished())
        loop.exec();
    if (future.resultCount() == 0)
        return Error::cancelled();
    return future.result();
}

} // namespace llmemory::app
