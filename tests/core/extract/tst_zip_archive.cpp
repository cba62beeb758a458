#include "core/extract/zip_archive.h"
#include "tests/core/extract/zip_fixture.h"

#include <QTest>
#include <QtEndian>

using namespace llmemory::extract;
using llmemory::testing::zipOf;
using Fault = ZipArchive::Fault;

class TestZipArchive : public QObject
{
    Q_OBJECT

private slots:
    void reads();
    void damaged_data();
    void damaged();
    void limits_data();
    void limits();
    void sharedBytes();
    void moreThanDeclared();
};

void TestZipArchive::reads()
{
    const QByteArray bytes =
        zipOf({{.name = "a/b.xml", .content = "packed"},
               {.name = "../../etc/passwd", .content = "a key, no path", .packed = false},
               {.name = "empty", .content = ""}});
    ZipArchive zip(bytes, {});
    QVERIFY(zip.fault() == Fault::None);
    QCOMPARE(zip.read("a/b.xml").value_or("none"), QByteArray("packed"));
    QCOMPARE(zip.read("../../etc/passwd").value_or("none"), QByteArray("a key, no path"));
    QCOMPARE(zip.read("empty").value_or("none"), QByteArray());
    QVERIFY(!zip.read("absent"));
}

void TestZipArchive::damaged_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("start only") << QByteArray("PK\x03\x04");
    QTest::newRow("words") << QByteArray("no archive at all, only some words");
    QTest::newRow("cut") << zipOf({{.name = "a", .content = "content"}}).chopped(30);
    QTest::newRow("end only") << QByteArray("PK\x05\x06") + QByteArray(18, '\xff');
}

void TestZipArchive::damaged()
{
    QFETCH(const QByteArray, bytes);
    ZipArchive zip(bytes, {});
    QVERIFY(zip.fault() == Fault::Damaged);
    QVERIFY(!zip.read("a"));
}

void TestZipArchive::limits_data()
{
    QTest::addColumn<int>("entries");
    QTest::addColumn<int>("bytesEach");
    QTest::addColumn<bool>("bomb");
    // Of text that packs to about a thousandth.
    QTest::newRow("small") << 2 << 1000 << false;
    QTest::newRow("many entries") << 21 << 1 << true;
    QTest::newRow("large entry") << 1 << 60'000 << true;
    QTest::newRow("large together") << 4 << 30'000 << true;
    QTest::newRow("packed too well") << 1 << 40'000 << true;
}

void TestZipArchive::limits()
{
    QFETCH(const int, entries);
    QFETCH(const int, bytesEach);
    QFETCH(const bool, bomb);
    ExtractionLimits limits;
    limits.zipEntries = 20;
    limits.zipEntryBytes = 50'000;
    limits.zipTotalBytes = 100'000;
    limits.zipFreeBytes = 35'000;
    QList<llmemory::testing::ZipFixtureEntry> list;
    for (int i = 0; i < entries; ++i)
        list.append({.name = "e" + QByteArray::number(i), .content = QByteArray(bytesEach, 'a')});
    const QByteArray bytes = zipOf(list);
    ZipArchive zip(bytes, limits);
    QCOMPARE(zip.fault() == Fault::Bomb, bomb);
    QCOMPARE(zip.read("e0").has_value(), !bomb);
}

void TestZipArchive::sharedBytes()
{
    QByteArray bytes =
        zipOf({{.name = "a", .content = "the same"}, {.name = "b", .content = "the same"}});
    QVERIFY(ZipArchive(bytes, {}).fault() == Fault::None);
    // Let the directory's second entry point to the first one's content.
    const qsizetype second = bytes.lastIndexOf("PK\x01\x02");
    qToLittleEndian<quint32>(0, bytes.data() + second + 42);
    QVERIFY(ZipArchive(bytes, {}).fault() == Fault::Bomb);
}

void TestZipArchive::moreThanDeclared()
{
    QByteArray bytes = zipOf({{.name = "a", .content = QByteArray(5000, 'a')}});
    for (const auto &[signature, offset] :
         {std::pair("PK\x03\x04", 22), std::pair("PK\x01\x02", 24)})
        qToLittleEndian<quint32>(10, bytes.data() + bytes.indexOf(signature) + offset);
    ZipArchive zip(bytes, {});
    const auto content = zip.read("a");
    QVERIFY(!content || content->size() <= 10);
}

QTEST_GUILESS_MAIN(TestZipArchive)
#include "tst_zip_archive.moc"
