#include "core/base/json.h"
#include "core/base/json_fields.h"
#include "core/testing/verify_result.h"

using namespace llmemory;

namespace {

Json parsed(const char *text)
{
    return Json::parse(text, nullptr, false);
}

} // namespace

/// JSON from outside: mistakes become errors that name the field, never exceptions.
class TestJson : public QObject
{
    Q_OBJECT

private slots:
    void depth_data();
    void depth();
    void mistakes_data();
    void mistakes();
    void nesting();
    void badUtf8IsReplaced();
    void fieldsAreRead();
    void absentFieldsHaveDefaults();
    void wrongFields_data();
    void wrongFields();
    void firstMistakeCounts();
};

void TestJson::depth_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("depth");
    QTest::newRow("scalar") << QByteArray("1") << 0;
    QTest::newRow("empty object") << QByteArray("{}") << 1;
    QTest::newRow("flat") << QByteArray(R"([1,"[[["])") << 1;
    QTest::newRow("deepest branch counts") << QByteArray(R"({"a":[],"b":[{"c":1}]})") << 3;
}

void TestJson::depth()
{
    QFETCH(QByteArray, text);
    QFETCH(int, depth);
    QCOMPARE(jsonDepth(parsed(text.constData())), depth);
}

void TestJson::mistakes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("cut off") << QByteArray(R"({"a":)");
    QTest::newRow("text after it") << QByteArray("{} x");
    QTest::newRow("single quotes") << QByteArray("{'a':1}");
    QTest::newRow("not a number") << QByteArray("[NaN]");
    QTest::newRow("number too large") << QByteArray("[1e999]");
    QTest::newRow("bad UTF-8") << QByteArray("\"\xff\"");
    QTest::newRow("lone surrogate") << QByteArray(R"("\ud800")");
    QTest::newRow("bare control character") << QByteArray("\"a\nb\"");
}

void TestJson::mistakes()
{
    QFETCH(QByteArray, text);
    const auto value = parseJson(text, QStringLiteral("body"));
    QVERIFY(!value);
    QCOMPARE(value.error().kind, ErrorKind::Validation);
    QCOMPARE(value.error().field, QStringLiteral("body"));
    QVERIFY(!value.error().message.isEmpty());
}

void TestJson::nesting()
{
    const auto arrays = [](int levels) -> QByteArray {
        return QByteArray(levels, '[') + QByteArray(levels, ']');
    };
    VERIFY_RESULT(parseJson(arrays(64), QStringLiteral("body")));
    QVERIFY(!parseJson(arrays(65), QStringLiteral("body")));
    VERIFY_RESULT(parseJson(arrays(3), QStringLiteral("body"), 3));
    QVERIFY(!parseJson(arrays(4), QStringLiteral("body"), 3));
    QVERIFY(!parseJson(arrays(200'000), QStringLiteral("body")));
    QVERIFY(!parseJson(QByteArray(200'000, '['), QStringLiteral("body")));
}

void TestJson::badUtf8IsReplaced()
{
    QCOMPARE(toUtf8(Json(std::string("a\xff"))), QByteArray("\"a\xef\xbf\xbd\""));
    QCOMPARE(toQString(toJson(QString(QChar(0xD800)))),
             QString(QChar(QChar::ReplacementCharacter)));
    QCOMPARE(toQString(toJson(QStringLiteral("\u00fc\U0001F600"))),
             QStringLiteral("\u00fc\U0001F600"));
    QCOMPARE(toQString(Json(1)), QString());
}

void TestJson::fieldsAreRead()
{
    const Json value =
        parsed(R"({"owner_id": "alice", "name": "n", "list": ["a", "b"], "count": -3, "share": 1,
        "deep": true, "filter": {"k": 1}, "from": "2024-05-01"})");
    JsonFields fields(value);
    QCOMPARE(fields.owner().toString(), QStringLiteral("alice"));
    QCOMPARE(fields.requiredText("name"), QStringLiteral("n"));
    QCOMPARE(fields.texts("list"), QStringList({QStringLiteral("a"), QStringLiteral("b")}));
    QCOMPARE(fields.integer("count", 7), -3);
    QCOMPARE(fields.number("share", 0.5), 1.0);
    QVERIFY(fields.flag("deep", false));
    QVERIFY(fields.object("filter", Json()) == parsed(R"({"k": 1})"));
    QCOMPARE(fields.date("from"), QDateTime(QDate(2024, 5, 1), QTime(0, 0), Qt::UTC));
    VERIFY_RESULT(fields.finish());
}

void TestJson::absentFieldsHaveDefaults()
{
    const Json value = parsed(R"({"name": null, "count": null, "from": null})");
    JsonFields fields(value);
    QCOMPARE(fields.text("name", QStringLiteral("x")), QStringLiteral("x"));
    QCOMPARE(fields.integer("count", 7), 7);
    QVERIFY(!fields.date("from").isValid());
    QVERIFY(fields.flag("deep", true));
    QCOMPARE(fields.texts("list"), QStringList());
    QVERIFY(!fields.has("name"));
    VERIFY_RESULT(fields.finish());
}

void TestJson::wrongFields_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("field");
    const QString name = QStringLiteral("name");
    const QString count = QStringLiteral("count");
    QTest::newRow("not an object") << QByteArray("[]") << QString();
    QTest::newRow("missing") << QByteArray("{}") << name;
    QTest::newRow("null is missing") << QByteArray(R"({"name":null})") << name;
    QTest::newRow("wrong type") << QByteArray(R"({"name":1})") << name;
    QTest::newRow("unknown") << QByteArray(R"({"name":"n","naem":"n"})") << QStringLiteral("naem");
    QTest::newRow("real number") << QByteArray(R"({"name":"n","count":1.0})") << count;
    QTest::newRow("number as text") << QByteArray(R"({"name":"n","count":"1"})") << count;
    QTest::newRow("beyond int") << QByteArray(R"({"name":"n","count":2147483648})") << count;
    QTest::newRow("below int") << QByteArray(R"({"name":"n","count":-2147483649})") << count;
    QTest::newRow("beyond 64 bits")
        << QByteArray(R"({"name":"n","count":18446744073709551615})") << count;
    QTest::newRow("list of numbers")
        << QByteArray(R"({"name":"n","list":["a",1]})") << QStringLiteral("list");
    QTest::newRow("text for a list")
        << QByteArray(R"({"name":"n","list":"a"})") << QStringLiteral("list");
    QTest::newRow("number for a flag")
        << QByteArray(R"({"name":"n","deep":1})") << QStringLiteral("deep");
    QTest::newRow("array for an object")
        << QByteArray(R"({"name":"n","filter":[]})") << QStringLiteral("filter");
    QTest::newRow("no date") << QByteArray(R"({"name":"n","from":"soon"})")
                             << QStringLiteral("from");
    QTest::newRow("empty date") << QByteArray(R"({"name":"n","from":""})")
                                << QStringLiteral("from");
}

void TestJson::wrongFields()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, field);
    const Json value = parsed(text.constData());
    JsonFields fields(value);
    fields.requiredText("name");
    fields.integer("count", 0);
    fields.texts("list");
    fields.flag("deep", false);
    fields.object("filter", Json());
    fields.date("from");
    const auto outcome = fields.finish();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Validation);
    QCOMPARE(outcome.error().field, field);
}

void TestJson::firstMistakeCounts()
{
    const Json value = parsed(R"({"owner_id": "a b", "name": 1, "other": 2})");
    JsonFields fields(value);
    fields.owner();
    fields.requiredText("name");
    const auto outcome = fields.finish();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().field, QStringLiteral("owner_id"));
}

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
