#include "core/eval/latency.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::eval;

class TestLatency : public QObject
{
    Q_OBJECT

private slots:
    void percentiles_data();
    void percentiles();
    void asJson();
};

void TestLatency::percentiles_data()
{
    QTest::addColumn<QList<double>>("values");
    QTest::addColumn<double>("percent");
    QTest::addColumn<double>("expected");
    QList<double> hundred;
    for (int i = 100; i > 0; --i)
        hundred += i;
    QTest::newRow("nothing") << QList<double>() << 50.0 << 0.0;
    QTest::newRow("one value") << QList<double>{7} << 99.0 << 7.0;
    QTest::newRow("p50 of two") << QList<double>{9, 1} << 50.0 << 1.0;
    QTest::newRow("p50 of three") << QList<double>{9, 1, 5} << 50.0 << 5.0;
    QTest::newRow("p95") << hundred << 95.0 << 95.0;
    QTest::newRow("p99") << hundred << 99.0 << 99.0;
    QTest::newRow("p100") << hundred << 100.0 << 100.0;
    QTest::newRow("p95 of ten is the worst") << QList<double>(hundred.mid(90)) << 95.0 << 10.0;
}

void TestLatency::percentiles()
{
    QFETCH(QList<double>, values);
    QFETCH(double, percent);
    QFETCH(double, expected);
    QCOMPARE(percentile(values, percent), expected);
}

void TestLatency::asJson()
{
    const Json json = eval::toJson(latencyOf({3.00049, 1, 2}));
    QCOMPARE(toUtf8(json), QByteArray(R"({"p50":2.0,"p95":3.0,"p99":3.0})"));
    QCOMPARE(latencyOf({}).p99, 0.0);
}

QTEST_GUILESS_MAIN(TestLatency)
#include "tst_latency.moc"
