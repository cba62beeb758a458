#include "core/cluster/restart_policy.h"

#include <QTest>

using llmemory::cluster::RestartPolicy;

class TestRestartPolicy : public QObject
{
    Q_OBJECT

private slots:
    void waitsLongerEachTime();
    void forgetsAfterTheWindow();
    void givesUpAfterEqualPanics();
    void goesOnAfterDifferentPanics();
};

void TestRestartPolicy::waitsLongerEachTime()
{
    RestartPolicy policy;
    for (const int delayMs : {1000, 2000, 4000, 8000, 16000})
        QCOMPARE(policy.afterExit(0, {}), std::optional(delayMs));
    QCOMPARE(policy.afterExit(RestartPolicy::kWindowMs - 1, {}), std::nullopt);
}

void TestRestartPolicy::forgetsAfterTheWindow()
{
    RestartPolicy policy;
    for (int i = 0; i < RestartPolicy::kMostRestarts; ++i)
        QVERIFY(policy.afterExit(0, {}));
    QCOMPARE(policy.afterExit(RestartPolicy::kWindowMs, {}), std::optional(1000));
}

void TestRestartPolicy::givesUpAfterEqualPanics()
{
    RestartPolicy policy;
    QVERIFY(policy.afterExit(0, QStringLiteral("could not locate a valid checkpoint record")));
    QVERIFY(policy.afterExit(0, QStringLiteral("could not locate a valid checkpoint record")));
    QVERIFY(!policy.afterExit(0, QStringLiteral("could not locate a valid checkpoint record")));
}

void TestRestartPolicy::goesOnAfterDifferentPanics()
{
    RestartPolicy policy;
    QVERIFY(policy.afterExit(0, QStringLiteral("one")));
    QVERIFY(policy.afterExit(0, QStringLiteral("one")));
    QVERIFY(policy.afterExit(0, {}));
    QVERIFY(policy.afterExit(0, QStringLiteral("one")));
}

QTEST_GUILESS_MAIN(TestRestartPolicy)
#include "tst_restart_policy.moc"
