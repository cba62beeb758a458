#include "core/http/multipart.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::http;

namespace {

QByteArray part(const QByteArray &disposition, const QByteArray &data)
{
    return "--XX\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + data + "\r\n";
}

} // namespace

class TestMultipart : public QObject
{
    Q_OBJECT

private slots:
    void findsTheBoundary_data();
    void findsTheBoundary();
    void takesAFormApart();
    void keepsBytesAsTheyAre();
    void takesAnEmptyPart();
    void refuses_data();
    void refuses();
};

void TestMultipart::findsTheBoundary_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("boundary");
    QTest::newRow("plain") << QByteArray("multipart/form-data; boundary=XX") << QByteArray("XX");
    QTest::newRow("quoted") << QByteArray("Multipart/Form-Data;charset=utf-8; Boundary=\"X;X\"")
                            << QByteArray("X;X");
    QTest::newRow("none") << QByteArray("multipart/form-data") << QByteArray();
    QTest::newRow("another type") << QByteArray("multipart/mixed; boundary=XX") << QByteArray();
    QTest::newRow("too long") << QByteArray("multipart/form-data; boundary=" + QByteArray(71, 'a'))
                              << QByteArray();
}

void TestMultipart::findsTheBoundary()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, boundary);
    QCOMPARE(formBoundary(type), boundary);
}

void TestMultipart::takesAFormApart()
{
    const QByteArray body = "a preamble\r\n" + part("name=\"owner_id\"", "demo") +
                            part("name=\"fi\xc3\xa4\"; filename=\"a \\\"b\\\"; c.txt\"", "text") +
                            "--XX--\r\n";
    const auto parts = parseForm(body, "XX");
    QVERIFY(parts);
    QCOMPARE(parts->size(), 2);
    QCOMPARE(parts->at(0).name, QStringLiteral("owner_id"));
    QVERIFY(!parts->at(0).fileName);
    QCOMPARE(parts->at(0).data, QByteArray("demo"));
    QCOMPARE(parts->at(1).name, QStringLiteral("fi\u00e4"));
    QCOMPARE(*parts->at(1).fileName, QStringLiteral("a \"b\"; c.txt"));
    QCOMPARE(parts->at(1).data, QByteArray("text"));
}

void TestMultipart::keepsBytesAsTheyAre()
{
    QByteArray data("\0\r\n--X\r\n\xff\r\n\r\n", 13);
    const auto parts = parseForm(part("name=a; filename=b", data) + "--XX--", "XX");
    QVERIFY(parts);
    QCOMPARE(parts->first().data, data);
}

void TestMultipart::takesAnEmptyPart()
{
    const auto parts = parseForm(part("name=a", "") + part("name=b", "c") + "--XX--", "XX");
    QVERIFY(parts);
    QCOMPARE(parts->size(), 2);
    QCOMPARE(parts->first().data, QByteArray());
}

void TestMultipart::refuses_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no boundary") << QByteArray("owner_id=demo");
    QTest::newRow("cut in the headers")
        << QByteArray("--XX\r\nContent-Disposition: form-data; name=a\r\n");
    QTest::newRow("cut in the data") << QByteArray(part("name=a", "b").chopped(2));
    QTest::newRow("not closed") << part("name=a", "b");
    QTest::newRow("no name") << QByteArray(part("filename=a", "b") + "--XX--");
    QTest::newRow("not form-data")
        << QByteArray("--XX\r\nContent-Disposition: file; name=a\r\n\r\nb\r\n--XX--");
    QTest::newRow("no disposition") << QByteArray("--XX\r\nA: b\r\n\r\nb\r\n--XX--");
    QTest::newRow("long headers") << QByteArray(part("name=a; b=" + QByteArray(9000, 'c'), "d") +
                                                "--XX--");
    QTest::newRow("many parts") << QByteArray(part("name=a", "b").repeated(33) + "--XX--");
}

void TestMultipart::refuses()
{
    QFETCH(QByteArray, body);
    const auto parts = parseForm(body, "XX");
    QVERIFY(!parts);
    QVERIFY(parts.error().kind == ErrorKind::Validation);
    QCOMPARE(parts.error().field, QStringLiteral("body"));
}

QTEST_GUILESS_MAIN(TestMultipart)
#include "tst_multipart.moc"
