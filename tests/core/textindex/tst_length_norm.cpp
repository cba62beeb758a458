#include "core/textindex/length_norm.h"

#include <QtTest>

using namespace llmemory::textindex;

/// The one-byte length against values of Lucene's SmallFloat.
class TestLengthNorm : public QObject
{
    Q_OBJECT

private slots:
    void values_data();
    void values();
    void roundTrip();
};

void TestLengthNorm::values_data()
{
    QTest::addColumn<qint64>("length");
    QTest::addColumn<int>("norm");
    QTest::addColumn<qint64>("decoded");
    // The lengths that have a byte of their own, and the first of each coarser step.
    for (const int exact : {0, 1, 23, 24, 39})
        QTest::addRow("%d", exact) << qint64(exact) << exact << qint64(exact);
    QTest::newRow("40") << qint64(40) << 40 << qint64(40);
    QTest::newRow("41") << qint64(41) << 40 << qint64(40);
    QTest::newRow("42") << qint64(42) << 41 << qint64(42);
    QTest::newRow("100") << qint64(100) << 57 << qint64(96);
    QTest::newRow("104") << qint64(104) << 58 << qint64(104);
    QTest::newRow("1000") << qint64(1000) << 87 << qint64(984);
    QTest::newRow("longest") << qint64(2147483647) << 255 << qint64(2013265944);
    QTest::newRow("beyond") << qint64(1) * 2147483647 * 4 << 255 << qint64(2013265944);
    QTest::newRow("negative") << qint64(-3) << 0 << qint64(0);
}

void TestLengthNorm::values()
{
    QFETCH(qint64, length);
    QFETCH(int, norm);
    QFETCH(qint64, decoded);
    QCOMPARE(int(lengthNorm(length)), norm);
    QCOMPARE(lengthOfNorm(quint8(norm)), decoded);
}

void TestLengthNorm::roundTrip()
{
    for (int norm = 0; norm <= 255; ++norm)
        QCOMPARE(int(lengthNorm(lengthOfNorm(quint8(norm)))), norm);
    quint8 previous = 0;
    for (qint64 length = 0; length < 100000; ++length) {
        const quint8 norm = lengthNorm(length);
        QVERIFY(norm >= previous);
        QVERIFY(lengthOfNorm(norm) <= length);
        // Four significant bits.
        QVERIFY(length - lengthOfNorm(norm) <= length / 8);
        previous = norm;
    }
}

QTEST_GUILESS_MAIN(TestLengthNorm)
#include "tst_length_norm.moc"
