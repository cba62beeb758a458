#include "core/http/message_gate.h"

#include <QTest>

using namespace llmemory::http;

namespace {

/// Everything that the gate lets through of @p bytes, fed in pieces of @p step.
QByteArray passed(MessageGate &gate, const QByteArray &bytes, qsizetype step)
{
    QByteArray out;
    QByteArray room(7, '\0');
    for (qsizetype i = 0; i < bytes.size(); i += step) {
        gate.feed(bytes.mid(i, step));
        while (const qsizetype count = gate.take(room.data(), room.size()))
            out.append(room.constData(), count);
    }
    return out;
}

} // namespace

class TestMessageGate : public QObject
{
    Q_OBJECT

private slots:
    void letsStrictMessagesThrough_data();
    void letsStrictMessagesThrough();
    void refuses_data();
    void refuses();
    void holdsAHeadBackUntilItIsWhole();
    void letsOneMessageThroughAtATime();
    void asksForABodyThatIsWaitedFor();
    void readsABodyThatIsTooLargeToItsEnd();
    void refusesALargeBodyAtOnceWhenAsked();
    void breaksOnBadChunks_data();
    void breaksOnBadChunks();
};

void TestMessageGate::letsStrictMessagesThrough_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("no body") << QByteArray("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
    QTest::newRow("length") << QByteArray("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab\ncd");
    QTest::newRow("old") << QByteArray("GET / HTTP/1.0\r\n\r\n");
    QTest::newRow("chunks") << QByteArray("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                                          "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n");
    QTest::newRow("trailers") << QByteArray("POST / HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n"
                                            "1\r\na\r\n0\r\nX-A: b\r\nX-C: d\r\n\r\n");
}

void TestMessageGate::letsStrictMessagesThrough()
{
    QFETCH(QByteArray, message);
    for (const qsizetype step : {1, 2, 3, 1000}) {
        MessageGate gate({});
        QCOMPARE(passed(gate, message, step), message);
        QVERIFY(gate.isComplete());
        QVERIFY(!gate.refusal());
    }
}

void TestMessageGate::refuses_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("status");
    const QByteArray get = "GET / HTTP/1.1\r\n";
    QTest::newRow("bare line feeds") << QByteArray("GET / HTTP/1.1\nHost: x\n\n") << 400;
    QTest::newRow("one bare line feed") << QByteArray(get + "Host: x\nA: b\r\n\r\n") << 400;
    QTest::newRow("bare carriage return") << QByteArray(get + "A: b\rC: d\r\n\r\n") << 400;
    QTest::newRow("folded line") << QByteArray(get + "A: b\r\n c\r\n\r\n") << 400;
    QTest::newRow("space before the colon") << QByteArray(get + "Host : x\r\n\r\n") << 400;
    QTest::newRow("no colon") << QByteArray(get + "Host\r\n\r\n") << 400;
    QTest::newRow("no name") << QByteArray(get + ": x\r\n\r\n") << 400;
    QTest::newRow("NUL") << QByteArray(get + QByteArray("A: b\0c\r\n\r\n", 10)) << 400;
    QTest::newRow("absolute target") << QByteArray("GET http://x/ HTTP/1.1\r\n\r\n") << 400;
    QTest::newRow("asterisk") << QByteArray("OPTIONS * HTTP/1.1\r\n\r\n") << 400;
    QTest::newRow("fragment") << QByteArray("GET /#a HTTP/1.1\r\n\r\n") << 400;
    QTest::newRow("two spaces") << QByteArray("GET  / HTTP/1.1\r\n\r\n") << 400;
    QTest::newRow("bytes beyond ASCII") << QByteArray("GET /\xc3\xa4 HTTP/1.1\r\n\r\n") << 400;
    QTest::newRow("HTTP/9.9") << QByteArray("GET / HTTP/9.9\r\n\r\n") << 505;
    QTest::newRow("HTTP/2") << QByteArray("PRI * HTTP/2.0\r\n\r\n") << 501;
    QTest::newRow("HTTP/0.9") << QByteArray("GET /\r\n\r\n") << 400;
    QTest::newRow("CONNECT") << QByteArray("CONNECT x:1 HTTP/1.1\r\n\r\n") << 501;
    QTest::newRow("TLS") << QByteArray("\x16\x03\x01\x02\n\x01", 6) << 400;
    QTest::newRow("upgrade") << QByteArray(get + "Upgrade: h2c\r\n\r\n") << 501;
    QTest::newRow("two lengths") << QByteArray(get +
                                               "Content-Length: 1\r\nContent-Length: 1\r\n\r\n")
                                 << 400;
    QTest::newRow("list of lengths") << QByteArray(get + "Content-Length: 1, 1\r\n\r\n") << 400;
    QTest::newRow("negative length") << QByteArray(get + "Content-Length: -1\r\n\r\n") << 400;
    QTest::newRow("signed length") << QByteArray(get + "Content-Length: +1\r\n\r\n") << 400;
    QTest::newRow("huge length") << QByteArray(get + "Content-Length: 99999999999999999999\r\n\r\n")
                                 << 400;
    QTest::newRow("length and chunks")
        << QByteArray(get + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n") << 400;
    QTest::newRow("gzip coding") << QByteArray(get + "Transfer-Encoding: gzip, chunked\r\n\r\n")
                                 << 501;
    QTest::newRow("old chunks") << QByteArray(
                                       "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")
                                << 400;
    QTest::newRow("expectation") << QByteArray(get + "Expect: a miracle\r\n\r\n") << 400;
    QTest::newRow("long target") << QByteArray("GET /" + QByteArray(9000, 'a') +
                                               " HTTP/1.1\r\n\r\n")
                                 << 431;
    QTest::newRow("long header") << QByteArray(get + "A: " + QByteArray(9000, 'a') + "\r\n\r\n")
                                 << 431;
    QTest::newRow("many headers") << QByteArray(get + QByteArray("A: b\r\n").repeated(65) + "\r\n")
                                  << 431;
    QTest::newRow("endless head") << QByteArray("GET /" + QByteArray(70'000, 'a')) << 431;
}

void TestMessageGate::refuses()
{
    QFETCH(QByteArray, message);
    QFETCH(int, status);
    MessageGate gate({});
    const QByteArray out = passed(gate, message, 1000);
    QVERIFY(gate.refusal());
    QCOMPARE(gate.refusal()->status, status);
    QVERIFY(!gate.refusal()->detail.isEmpty());
    QVERIFY(gate.isComplete());
    // What goes on instead has nothing of the refused request in it.
    QCOMPARE(out, QByteArray("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
}

void TestMessageGate::holdsAHeadBackUntilItIsWhole()
{
    MessageGate gate({});
    QVERIFY(gate.isIdle());
    QCOMPARE(passed(gate, "GET / HTTP/1.1\r\nHost: x\r\n", 5), QByteArray());
    QVERIFY(!gate.isIdle());
    QVERIFY(!gate.isComplete());
    QCOMPARE(passed(gate, "\r\n", 1), QByteArray("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    QVERIFY(gate.isComplete());
}

void TestMessageGate::letsOneMessageThroughAtATime()
{
    MessageGate gate({});
    const QByteArray first = "POST /1 HTTP/1.1\r\nContent-Length: 2\r\n\r\nab";
    const QByteArray second = "GET /2 HTTP/1.1\r\n\r\n";
    QCOMPARE(passed(gate, first + "\r\n" + second, 1000), first);
    QVERIFY(gate.isComplete());
    gate.nextMessage();
    QCOMPARE(passed(gate, "G", 1), second);
    QVERIFY(gate.isComplete());
    gate.nextMessage();
    QVERIFY(!gate.isIdle());
}

void TestMessageGate::asksForABodyThatIsWaitedFor()
{
    MessageGate gate({});
    passed(gate, "POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", 1000);
    QVERIFY(gate.takeContinue());
    QVERIFY(!gate.takeContinue());
    passed(gate, "ab", 1);
    QVERIFY(gate.isComplete());
}

void TestMessageGate::readsABodyThatIsTooLargeToItsEnd()
{
    MessageGate gate({.body = 10});
    QCOMPARE(passed(gate, "POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n0123456789", 1000),
             QByteArray());
    QVERIFY(!gate.isComplete());
    QVERIFY(!passed(gate, "0", 1).isEmpty());
    QVERIFY(gate.isComplete());
    QCOMPARE(gate.refusal()->status, 413);
}

void TestMessageGate::refusesALargeBodyAtOnceWhenAsked()
{
    MessageGate gate({.body = 10});
    passed(gate, "POST / HTTP/1.1\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n", 1000);
    QVERIFY(gate.isComplete());
    QVERIFY(!gate.takeContinue());
    QCOMPARE(gate.refusal()->status, 413);
}

void TestMessageGate::breaksOnBadChunks_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("no size") << QByteArray("\r\n");
    QTest::newRow("no number") << QByteArray("x\r\n");
    QTest::newRow("negative") << QByteArray("-1\r\n");
    QTest::newRow("huge") << QByteArray("123456789\r\n");
    QTest::newRow("too large") << QByteArray("fffffff\r\n");
    QTest::newRow("too large in all") << QByteArray("6\r\n012345\r\n6\r\n");
    QTest::newRow("bare line feed") << QByteArray("1\na");
    QTest::newRow("no end of data") << QByteArray("1\r\naa");
    QTest::newRow("bare line feed after data") << QByteArray("1\r\na\n");
    QTest::newRow("endless extension") << QByteArray("1;" + QByteArray(300, 'a'));
    QTest::newRow("endless trailers")
        << QByteArray("0\r\n" + QByteArray("A: b\r\n").repeated(2000));
}

void TestMessageGate::breaksOnBadChunks()
{
    QFETCH(QByteArray, body);
    MessageGate gate({.body = 10});
    passed(gate, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body, 1000);
    QVERIFY(gate.isBroken());
    QVERIFY(!gate.isComplete());
}

QTEST_GUILESS_MAIN(TestMessageGate)
#include "tst_message_gate.moc"
