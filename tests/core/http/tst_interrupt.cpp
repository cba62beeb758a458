#include "core/http/interrupt.h"

#include <QTest>

#include <thread>

using namespace llmemory::http;

class TestInterrupt : public QObject
{
    Q_OBJECT

private slots:
    void waitsForWhatIsReady();
    void endsWaiting();
    void raisesTheTimeLimit();
    void keepsTheFirstReason();
};

void TestInterrupt::waitsForWhatIsReady()
{
    Interrupt interrupt;
    std::atomic_bool ready = false;
    std::thread other([&] {
        ready = true;
        interrupt.wake();
    });
    QVERIFY(interrupt.waitFor(ready, Interrupt::Clock::time_point::max()));
    other.join();
    QVERIFY(!interrupt.flag());
}

void TestInterrupt::endsWaiting()
{
    Interrupt interrupt;
    const std::atomic_bool never = false;
    std::thread other([&] { interrupt.raise(Interrupt::Reason::ClientGone); });
    QVERIFY(!interrupt.waitFor(never, Interrupt::Clock::time_point::max()));
    other.join();
    QVERIFY(interrupt.reason() == Interrupt::Reason::ClientGone);
    QVERIFY(interrupt.flag());
}

void TestInterrupt::raisesTheTimeLimit()
{
    Interrupt interrupt;
    const std::atomic_bool never = false;
    QVERIFY(!interrupt.waitFor(never, Interrupt::Clock::now()));
    QVERIFY(interrupt.reason() == Interrupt::Reason::TimeLimit);
    QVERIFY(interrupt.flag());
}

void TestInterrupt::keepsTheFirstReason()
{
    Interrupt interrupt;
    interrupt.raise(Interrupt::Reason::Shutdown);
    interrupt.raise(Interrupt::Reason::ClientGone);
    QVERIFY(interrupt.reason() == Interrupt::Reason::Shutdown);
}

QTEST_GUILESS_MAIN(TestInterrupt)
#include "tst_interrupt.moc"
