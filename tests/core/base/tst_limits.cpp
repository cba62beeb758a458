#include "core/base/ids.h"
#include "core/base/limits.h"
#include "core/testing/verify_result.h"

#include <limits>

using namespace llmemory;

namespace {

QString repeated(int count, QChar character = QLatin1Char('a'))
{
    return QString(count, character);
}

/// Objects inside each other, @p levels in all.
Json nested(int levels)
{
    Json value = Json::object();
    for (int i = 1; i < levels; ++i)
        value = Json{{"a", value}};
    return value;
}

Json objectWithKeys(int count)
{
    Json value = Json::object();
    for (int i = 0; i < count; ++i)
        value["k" + std::to_string(i)] = i;
    return value;
}

/// An object of exactly @p bytes as JSON.
Json objectOfSize(int bytes)
{
    return Json{{"a", std::string(size_t(bytes - 8), 'x')}};
}

} // namespace

/// The limits of the public contract at their edges.
class TestLimits : public QObject
{
    Q_OBJECT

private slots:
    void ownerId_data();
    void ownerId();
    void texts_data();
    void texts();
    void metadata_data();
    void metadata();
    void metadataFilter_data();
    void metadataFilter();
    void numbers_data();
    void numbers();
    void alpha_data();
    void alpha();
    void dates_data();
    void dates();
};

void TestLimits::ownerId_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("valid");
    QTest::newRow("letters") << QStringLiteral("alice") << true;
    QTest::newRow("all characters") << QStringLiteral("Az09_.@-") << true;
    QTest::newRow("longest") << repeated(255) << true;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("too long") << repeated(256) << false;
    QTest::newRow("trailing newline") << QStringLiteral("alice\n") << false;
    QTest::newRow("space") << QStringLiteral("a b") << false;
    QTest::newRow("quote") << QStringLiteral("a'b") << false;
    QTest::newRow("slash") << QStringLiteral("a/b") << false;
    QTest::newRow("wildcard") << QStringLiteral("%") << false;
    QTest::newRow("U+0000") << QString(QChar(u'\0')) << false;
    QTest::newRow("umlaut") << QStringLiteral("m\u00fcller") << false;
    QTest::newRow("digit of another script") << QStringLiteral("\u0661") << false;
}

void TestLimits::ownerId()
{
    QFETCH(QString, text);
    QFETCH(bool, valid);
    const auto id = OwnerId::parse(text);
    QCOMPARE(id.has_value(), valid);
    if (valid) {
        QCOMPARE(id->toString(), text);
        return;
    }
    QCOMPARE(id.error().kind, ErrorKind::Validation);
    QCOMPARE(id.error().field, QStringLiteral("owner_id"));
}

using TextCheck = Result<> (*)(const QString &);
Q_DECLARE_METATYPE(TextCheck)

void TestLimits::texts_data()
{
    QTest::addColumn<TextCheck>("check");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("field"); // empty: valid
    const QString ok;
    const QString origin = QStringLiteral("id_at_origin");
    const TextCheck checkOrigin = limits::checkIdAtOrigin;
    QTest::newRow("origin: path") << checkOrigin << QStringLiteral("/home/a b/\u00fc.txt") << ok;
    QTest::newRow("origin: url") << checkOrigin << QStringLiteral("https://a.example/?q=%20#x")
                                 << ok;
    QTest::newRow("origin: longest") << checkOrigin << repeated(1024) << ok;
    QTest::newRow("origin: empty") << checkOrigin << QString() << origin;
    QTest::newRow("origin: too long") << checkOrigin << repeated(1025) << origin;
    QTest::newRow("origin: trailing newline") << checkOrigin << QStringLiteral("a\n") << origin;
    QTest::newRow("origin: tab") << checkOrigin << QStringLiteral("a\tb") << origin;
    QTest::newRow("origin: U+0085") << checkOrigin << QStringLiteral("a\u0085") << origin;

    const QString name = QStringLiteral("document_name");
    const TextCheck checkName = limits::checkDocumentName;
    QTest::newRow("name: longest") << checkName << repeated(500) << ok;
    QTest::newRow("name: empty") << checkName << QString() << name;
    QTest::newRow("name: too long") << checkName << repeated(501) << name;

    const QString query = QStringLiteral("query");
    const TextCheck checkQuery = limits::checkQuery;
    QTest::newRow("query: longest") << checkQuery << repeated(8000) << ok;
    QTest::newRow("query: empty") << checkQuery << QString() << query;
    QTest::newRow("query: white space")
        << checkQuery << QStringLiteral(" \t\n\u00a0\u3000") << query;
    QTest::newRow("query: too long") << checkQuery << repeated(8001) << query;

    const QString content = QStringLiteral("content");
    const TextCheck checkContent = limits::checkContent;
    QTest::newRow("content: one character") << checkContent << QStringLiteral(" x ") << ok;
    QTest::newRow("content: longest") << checkContent << repeated(10'000'000) << ok;
    QTest::newRow("content: empty") << checkContent << QString() << content;
    QTest::newRow("content: white space") << checkContent << QStringLiteral("\r\n\f ") << content;
    QTest::newRow("content: too long") << checkContent << repeated(10'000'001) << content;
}

void TestLimits::texts()
{
    QFETCH(TextCheck, check);
    QFETCH(QString, text);
    QFETCH(QString, field);
    const auto outcome = check(text);
    QCOMPARE(outcome.has_value(), field.isEmpty());
    if (outcome)
        return;
    QCOMPARE(outcome.error().kind, ErrorKind::Validation);
    QCOMPARE(outcome.error().field, field);
    QVERIFY(!outcome.error().message.isEmpty());
}

Q_DECLARE_METATYPE(Json)

void TestLimits::metadata_data()
{
    QTest::addColumn<Json>("value");
    QTest::addColumn<bool>("valid");
    QTest::newRow("empty object") << Json::object() << true;
    QTest::newRow("largest") << objectOfSize(64 * 1024) << true;
    QTest::newRow("too large") << objectOfSize(64 * 1024 + 1) << false;
    QTest::newRow("8 levels") << nested(8) << true;
    QTest::newRow("9 levels") << nested(9) << false;
    QTest::newRow("many keys") << objectWithKeys(1000) << true;
    QTest::newRow("null") << Json() << false;
    QTest::newRow("array") << Json::array() << false;
    QTest::newRow("string") << Json("x") << false;
    QTest::newRow("all characters of keys") << Json{{"aZ_09.-", 1}} << true;
    QTest::newRow("longest key") << Json{{std::string(100, 'k'), 1}} << true;
    QTest::newRow("key too long") << Json{{std::string(101, 'k'), 1}} << false;
    QTest::newRow("empty key") << Json{{"", 1}} << false;
    QTest::newRow("key with a space") << Json{{"a b", 1}} << false;
    QTest::newRow("key with a line end") << Json{{"a\n", 1}} << false;
    QTest::newRow("wrong key further in") << Json{{"a", Json::array({Json{{"b c", 1}}})}} << false;
}

void TestLimits::metadata()
{
    QFETCH(Json, value);
    QFETCH(bool, valid);
    QCOMPARE(limits::checkMetadata(value).has_value(), valid);
}

void TestLimits::metadataFilter_data()
{
    QTest::addColumn<Json>("value");
    QTest::addColumn<bool>("valid");
    QTest::newRow("null: no filter") << Json() << true;
    QTest::newRow("empty object") << Json::object() << true;
    QTest::newRow("largest") << objectOfSize(16 * 1024) << true;
    QTest::newRow("too large") << objectOfSize(16 * 1024 + 1) << false;
    QTest::newRow("64 keys") << objectWithKeys(64) << true;
    QTest::newRow("65 keys") << objectWithKeys(65) << false;
    QTest::newRow("keys of all levels count") << Json{{"a", objectWithKeys(64)}} << false;
    QTest::newRow("9 levels") << nested(9) << false;
    QTest::newRow("array") << Json::array({1}) << false;
}

void TestLimits::metadataFilter()
{
    QFETCH(Json, value);
    QFETCH(bool, valid);
    QCOMPARE(limits::checkMetadataFilter(value).has_value(), valid);
}

void TestLimits::numbers_data()
{
    QTest::addColumn<bool>("isLimit");
    QTest::addColumn<int>("value");
    QTest::addColumn<bool>("valid");
    QTest::newRow("limit 1") << true << 1 << true;
    QTest::newRow("limit 200") << true << 200 << true;
    QTest::newRow("limit 0") << true << 0 << false;
    QTest::newRow("limit -1") << true << -1 << false;
    QTest::newRow("limit 201") << true << 201 << false;
    QTest::newRow("offset 0") << false << 0 << true;
    QTest::newRow("offset 10,000") << false << 10'000 << true;
    QTest::newRow("offset -1") << false << -1 << false;
    QTest::newRow("offset 10,001") << false << 10'001 << false;
}

void TestLimits::numbers()
{
    QFETCH(bool, isLimit);
    QFETCH(int, value);
    QFETCH(bool, valid);
    const auto outcome = isLimit ? limits::checkLimit(value) : limits::checkOffset(value);
    QCOMPARE(outcome.has_value(), valid);
    if (!valid)
        QCOMPARE(outcome.error().field,
                 isLimit ? QStringLiteral("limit") : QStringLiteral("offset"));
}

void TestLimits::alpha_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<bool>("valid");
    QTest::newRow("0") << 0.0 << true;
    QTest::newRow("1") << 1.0 << true;
    QTest::newRow("just below 0") << -1e-9 << false;
    QTest::newRow("just above 1") << 1.0000001 << false;
    QTest::newRow("not a number") << std::numeric_limits<double>::quiet_NaN() << false;
    QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << false;
}

void TestLimits::alpha()
{
    QFETCH(double, value);
    QFETCH(bool, valid);
    QCOMPARE(limits::checkShare("alpha", value).has_value(), valid);
}

void TestLimits::dates_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("utc"); // empty: refused
    const QString refused;
    QTest::newRow("date") << QStringLiteral("2024-05-01")
                          << QStringLiteral("2024-05-01T00:00:00.000Z");
    QTest::newRow("leap day") << QStringLiteral("2024-02-29")
                              << QStringLiteral("2024-02-29T00:00:00.000Z");
    QTest::newRow("UTC") << QStringLiteral("2024-05-01T10:20:30Z")
                         << QStringLiteral("2024-05-01T10:20:30.000Z");
    QTest::newRow("without offset")
        << QStringLiteral("2024-05-01T10:20:30") << QStringLiteral("2024-05-01T10:20:30.000Z");
    QTest::newRow("offset") << QStringLiteral("2024-05-01T01:00:00+02:00")
                            << QStringLiteral("2024-04-30T23:00:00.000Z");
    QTest::newRow("milliseconds") << QStringLiteral("2024-05-01T10:20:30.123Z")
                                  << QStringLiteral("2024-05-01T10:20:30.123Z");
    QTest::newRow("empty") << QString() << refused;
    QTest::newRow("no such day") << QStringLiteral("2023-02-29") << refused;
    QTest::newRow("no such month") << QStringLiteral("2024-13-01") << refused;
    QTest::newRow("trailing newline") << QStringLiteral("2024-05-01\n") << refused;
    QTest::newRow("trailing text") << QStringLiteral("2024-05-01T10:20:30Zx") << refused;
    QTest::newRow("other order") << QStringLiteral("01.05.2024") << refused;
    QTest::newRow("words") << QStringLiteral("yesterday!") << refused;
}

void TestLimits::dates()
{
    QFETCH(QString, text);
    QFETCH(QString, utc);
    const auto date = limits::parseDate(QStringLiteral("date_from"), text);
    QCOMPARE(date.has_value(), !utc.isEmpty());
    if (date)
        QCOMPARE(date->toString(Qt::ISODateWithMs), utc);
    else
        QCOMPARE(date.error().field, QStringLiteral("date_from"));
}

QTEST_GUILESS_MAIN(TestLimits)
#include "tst_limits.moc"
