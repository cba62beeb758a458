#include "tests/ui/strings.h"
#include "ui/ingest/drop_payload.h"

#include <QMimeData>
#include <QTest>
#include <QUrl>

using namespace llmemory::ui;
using llmemory::testing::strings;

class TestDropPayload : public QObject
{
    Q_OBJECT

private slots:
    void sortsAddresses_data();
    void sortsAddresses();
    void plainTextIsNoDrop();
    void acceptsWhatFileManagersSend();
    void saysWhatWasLeftOut();
};

void TestDropPayload::sortsAddresses_data()
{
    QTest::addColumn<QStringList>("addresses");
    QTest::addColumn<QStringList>("paths");
    QTest::addColumn<int>("rejected");
    QTest::newRow("a file") << strings({"file:///home/me/a.pdf"}) << strings({"/home/me/a.pdf"})
                            << 0;
    QTest::newRow("a folder") << strings({"file:///home/me/papers/"})
                              << strings({"/home/me/papers"}) << 0;
    QTest::newRow("space, umlaut, per cent, hash")
        << strings({"file:///m/%C3%9C%20b%2525%231.txt"}) << strings({"/m/Ü b%25#1.txt"}) << 0;
    QTest::newRow("this computer by name")
        << strings({"file://localhost/a.txt"}) << strings({"/a.txt"}) << 0;
    QTest::newRow("the same twice")
        << strings({"file:///a.txt", "file:///b/../a.txt"}) << strings({"/a.txt"}) << 0;
    QTest::newRow("another computer")
        << strings({"file://server/share/a.txt"}) << QStringList{} << 1;
    QTest::newRow("web page") << strings({"https://example.org/a.html"}) << QStringList{} << 1;
    QTest::newRow("network folder") << strings({"smb://server/a.txt"}) << QStringList{} << 1;
    QTest::newRow("good and bad keep their order")
        << strings({"file:///b.txt", "trash:///x", "file:///a.txt"})
        << strings({"/b.txt", "/a.txt"}) << 1;
    QTest::newRow("nothing") << QStringList{} << QStringList{} << 0;
}

void TestDropPayload::sortsAddresses()
{
    QFETCH(QStringList, addresses);
    QFETCH(int, rejected);
    QMimeData data;
    QList<QUrl> urls;
    for (const QString &address : addresses)
        urls.append(QUrl(address));
    data.setUrls(urls);
    const DropPayload payload = dropPayload(data);
    QTEST(payload.paths, "paths");
    QCOMPARE(payload.rejected.size(), rejected);
    for (const RejectedDrop &drop : payload.rejected) {
        QVERIFY(!drop.what.isEmpty());
        QVERIFY(!drop.reason.isEmpty());
    }
}

void TestDropPayload::plainTextIsNoDrop()
{
    QMimeData data;
    data.setText(QStringLiteral("/home/me/a.pdf"));
    QVERIFY(dropPayload(data).isEmpty());
}

void TestDropPayload::acceptsWhatFileManagersSend()
{
    QMimeData data;
    data.setData(QStringLiteral("text/uri-list"), "# copied\r\nfile:///a.txt\r\nfile:///b.txt\r\n");
    QCOMPARE(dropPayload(data).paths, (strings({"/a.txt", "/b.txt"})));
}

void TestDropPayload::saysWhatWasLeftOut()
{
    QCOMPARE(rejectionText({}), QString());
    const QList<RejectedDrop> one{
        {QStringLiteral("https://example.org"), QStringLiteral("not on this computer")}};
    QVERIFY(rejectionText(one).contains(QStringLiteral("https://example.org")));
    QVERIFY(rejectionText(one + one).contains(QStringLiteral("2")));
}

QTEST_GUILESS_MAIN(TestDropPayload)
#include "tst_drop_payload.moc"
