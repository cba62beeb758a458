#include "core/http/work_queue.h"

#include <QSemaphore>
#include <QTest>

using namespace llmemory::http;

class TestWorkQueue : public QObject
{
    Q_OBJECT

private slots:
    void turnsAwayWhenFull();
    void waitsForItsWork();
};

void TestWorkQueue::turnsAwayWhenFull()
{
    WorkQueue queue(2, 1);
    QSemaphore gate;
    std::atomic_int done = 0;
    const auto work = [&] {
        gate.acquire();
        ++done;
    };
    for (int i = 0; i < 3; ++i)
        QVERIFY(queue.submit(work));
    QVERIFY(!queue.submit(work));
    gate.release(3);
    QVERIFY(queue.waitForDone(-1));
    QCOMPARE(done.load(), 3);
    gate.release();
    QVERIFY(queue.submit(work));
}

void TestWorkQueue::waitsForItsWork()
{
    QSemaphore gate;
    bool done = false;
    {
        WorkQueue queue(1, 0);
        QVERIFY(queue.submit([&] {
            gate.acquire();
            done = true;
        }));
        QVERIFY(!queue.waitForDone(0));
        gate.release();
    }
    QVERIFY(done);
}

QTEST_GUILESS_MAIN(TestWorkQueue)
#include "tst_work_queue.moc"
