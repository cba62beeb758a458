#include "core/base/repeated_task.h"

#include <QTest>

#include <atomic>

using llmemory::RepeatedTask;
using namespace std::chrono_literals;

class TestRepeatedTask : public QObject
{
    Q_OBJECT

private slots:
    void worksAtOnceAndAgain();
    void stopsInItsPause();
    void tellsWorkToStop();
    void startsAgain();
};

void TestRepeatedTask::worksAtOnceAndAgain()
{
    std::atomic_int count = 0;
    RepeatedTask task(1s, [&count] { ++count; });
    QTest::qWait(50);
    QCOMPARE(count.load(), 0); // not before start()
    task.start();
    task.start();
    QTRY_VERIFY(count.load() >= 1);
    QTRY_VERIFY(count.load() >= 2);
}

void TestRepeatedTask::stopsInItsPause()
{
    std::atomic_int count = 0;
    RepeatedTask task(24h, [&count] { ++count; });
    task.start();
    QTRY_COMPARE(count.load(), 1);
    QVERIFY(!task.isStopping());
    task.stop(); // would take a day
    QVERIFY(task.isStopping());
    task.stop();
    QCOMPARE(count.load(), 1);
}

void TestRepeatedTask::tellsWorkToStop()
{
    std::atomic_bool isWorking = false;
    {
        RepeatedTask *self = nullptr;
        RepeatedTask task(24h, [&] {
            isWorking = true;
            while (!self->isStopping())
                QTest::qSleep(1);
            isWorking = false;
        });
        self = &task;
        task.start();
        QTRY_VERIFY(isWorking.load());
    }
    QVERIFY(!isWorking.load()); // it was waited for
}

void TestRepeatedTask::startsAgain()
{
    std::atomic_int count = 0;
    RepeatedTask task(24h, [&count] { ++count; });
    task.start();
    QTRY_COMPARE(count.load(), 1);
    task.stop();
    task.start();
    QVERIFY(!task.isStopping());
    QTRY_COMPARE(count.load(), 2);
}

QTEST_GUILESS_MAIN(TestRepeatedTask)
#include "tst_repeated_task.moc"
