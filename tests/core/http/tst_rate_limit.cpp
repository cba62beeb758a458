#include "core/http/rate_limit.h"

#include <QTest>

using namespace llmemory::http;
using namespace std::chrono_literals;

class TestRateLimit : public QObject
{
    Q_OBJECT

private slots:
    void allowsSoManyInTheWindow();
};

void TestRateLimit::allowsSoManyInTheWindow()
{
    RateLimit limit(2, 60s);
    const RateLimit::Clock::time_point start{};
    QVERIFY(limit.allow(start));
    QVERIFY(limit.allow(start + 30s));
    QVERIFY(!limit.allow(start + 59s));
    QVERIFY(limit.allow(start + 60s));
    QVERIFY(!limit.allow(start + 89s));
    QVERIFY(limit.allow(start + 90s));
}

QTEST_GUILESS_MAIN(TestRateLimit)
#include "tst_rate_limit.moc"
