#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace llmemory::app {

/// SIGINT and SIGTERM as a Qt signal, so that the program stops in an orderly way. The second one
/// of the same kind ends the process at once, as it would without this class. One object a process,
/// on the thread with the event loop.
class Interrupts final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Interrupts)

public:
    explicit Interrupts(QObject *parent = nullptr);
    /// Back to the default actions.
    ~Interrupts() override;

    /// The first signal that came: SIGINT or SIGTERM; 0 = none yet.
    int signalNumber() const { return m_signalNumber; }
    bool isInterrupted() const { return m_signalNumber != 0; }

signals:
    /// Once, when the first signal came.
    void interrupted(int signalNumber);

private:
    void readSignal();

    int m_signalNumber = 0;
    int m_readEnd = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace llmemory::app
