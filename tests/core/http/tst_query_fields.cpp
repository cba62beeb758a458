#include "core/http/query_fields.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::http;

namespace {

const QList<QueryField> kFields{{"text", FieldKind::Text},
                                {"number", FieldKind::Integer},
                                {"part", FieldKind::Number},
                                {"flag", FieldKind::Flag},
                                {"list", FieldKind::TextList},
                                {"object", FieldKind::Object}};

Request requestWith(const QByteArray &query)
{
    Request request;
    request.queryText = query;
    return request;
}

} // namespace

class TestQueryFields : public QObject
{
    Q_OBJECT

private slots:
    void readsParameters_data();
    void readsParameters();
    void refuses_data();
    void refuses();
    void readsBodies();
};

void TestQueryFields::readsParameters_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nothing") << QByteArray() << QByteArray("{}");
    QTest::newRow("text") << QByteArray("text=a+b%20c%C3%A4%26&")
                          << QByteArray("{\"text\":\"a b c\u00e4&\"}");
    QTest::newRow("empty text") << QByteArray("text=") << QByteArray("{\"text\":\"\"}");
    QTest::newRow("text without equals") << QByteArray("text") << QByteArray("{\"text\":\"\"}");
    QTest::newRow("numbers") << QByteArray("number=-3&part=0.5")
                             << QByteArray("{\"number\":-3,\"part\":0.5}");
    QTest::newRow("no number") << QByteArray("number=1.5") << QByteArray("{\"number\":\"1.5\"}");
    QTest::newRow("flags") << QByteArray("flag=1") << QByteArray("{\"flag\":true}");
    QTest::newRow("flag as a word") << QByteArray("flag=false") << QByteArray("{\"flag\":false}");
    QTest::newRow("list") << QByteArray("list=a&list=b,c")
                          << QByteArray("{\"list\":[\"a\",\"b,c\"]}");
    QTest::newRow("object") << QByteArray("object=%7B%22a%22:1%7D")
                            << QByteArray("{\"object\":{\"a\":1}}");
}

void TestQueryFields::readsParameters()
{
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, json);
    const auto value = jsonFromQuery(requestWith(query), kFields);
    QVERIFY(value);
    QCOMPARE(toUtf8(*value), json);
}

void TestQueryFields::refuses_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("field");
    QTest::newRow("unknown") << QByteArray("txt=a") << QStringLiteral("txt");
    QTest::newRow("twice") << QByteArray("text=a&text=b") << QStringLiteral("text");
    QTest::newRow("broken percent sign") << QByteArray("text=%2") << QStringLiteral("text");
    QTest::newRow("no hexadecimal number") << QByteArray("text=%zz") << QStringLiteral("text");
    QTest::newRow("invalid UTF-8") << QByteArray("text=%ff") << QStringLiteral("text");
    QTest::newRow("NUL") << QByteArray("text=a%00b") << QStringLiteral("text");
    QTest::newRow("no JSON") << QByteArray("object=%7B") << QStringLiteral("object");
}

void TestQueryFields::refuses()
{
    QFETCH(QByteArray, query);
    QFETCH(QString, field);
    const auto value = jsonFromQuery(requestWith(query), kFields);
    QVERIFY(!value);
    QVERIFY(value.error().kind == ErrorKind::Validation);
    QCOMPARE(value.error().field, field);
}

void TestQueryFields::readsBodies()
{
    Request request;
    request.body = "{\"a\":[1]}";
    QVERIFY(jsonFromBody(request));
    request.body = QByteArray(65, '[') + QByteArray(65, ']');
    QVERIFY(!jsonFromBody(request));
    request.body = QByteArray(64, '[') + QByteArray(64, ']');
    QVERIFY(jsonFromBody(request));
    request.queryText = "a=b";
    QCOMPARE(jsonFromBody(request).error().field, QStringLiteral("a"));
}

QTEST_GUILESS_MAIN(TestQueryFields)
#include "tst_query_fields.moc"
