#include "core/documents/document_json.h"

#include <QTest>

using namespace llmemory;

namespace {

Json minimal()
{
    return {
        {"owner_id", "demo"}, {"id_at_origin", "/a"}, {"document_name", "A"}, {"content", "text"}};
}

} // namespace

class TestDocumentJson : public QObject
{
    Q_OBJECT

private slots:
    void readsEveryField();
    void hasTheDefaultsOfTheContract();
    void refuses_data();
    void refuses();
    void writesTimesInUtc();
    void writesWhatIsUnknownAsNull();
};

void TestDocumentJson::readsEveryField()
{
    const auto input = documentInputFromJson(Json::parse(R"({
        "owner_id": "demo", "id_at_origin": "/a", "document_name": "A", "document_type": "email",
        "content": "text", "document_date": "2024-05-01", "metadata": {"a": 1},
        "chunking_strategy": "hierarchical", "chunking_config": {"child_size": 100},
        "generate_embeddings": false})"));
    QVERIFY(input);
    QCOMPARE(input->owner.toString(), QStringLiteral("demo"));
    QCOMPARE(input->idAtOrigin, QStringLiteral("/a"));
    QCOMPARE(input->name, QStringLiteral("A"));
    QVERIFY(input->type == DocumentType::Email);
    QCOMPARE(input->content, QStringLiteral("text"));
    QCOMPARE(input->date, QDateTime(QDate(2024, 5, 1), QTime(0, 0), Qt::UTC));
    QCOMPARE(input->metadata["a"].get<int>(), 1);
    QCOMPARE(input->chunkingConfig["child_size"].get<int>(), 100);
    QVERIFY(!input->generateEmbeddings);
}

void TestDocumentJson::hasTheDefaultsOfTheContract()
{
    const auto input = documentInputFromJson(minimal());
    QVERIFY(input);
    QVERIFY(input->type == DocumentType::Unknown);
    QVERIFY(!input->date.isValid());
    QVERIFY(input->metadata.is_object());
    QVERIFY(input->chunkingConfig.is_null());
    QCOMPARE(input->chunkingStrategy, QStringLiteral("hierarchical"));
    QVERIFY(input->generateEmbeddings);
}

void TestDocumentJson::refuses_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("no owner") << QByteArray("owner_id") << QByteArray("null");
    QTest::newRow("no origin") << QByteArray("id_at_origin") << QByteArray("null");
    QTest::newRow("no name") << QByteArray("document_name") << QByteArray("null");
    QTest::newRow("no text") << QByteArray("content") << QByteArray("null");
    QTest::newRow("unknown name") << QByteArray("Content") << QByteArray("\"a\"");
    QTest::newRow("unknown type") << QByteArray("document_type") << QByteArray("\"PDF\"");
    QTest::newRow("number for a date") << QByteArray("document_date") << QByteArray("20240501");
    QTest::newRow("list for metadata") << QByteArray("metadata") << QByteArray("[]");
    QTest::newRow("text for sizes") << QByteArray("chunking_config") << QByteArray("\"small\"");
    QTest::newRow("number for a flag") << QByteArray("generate_embeddings") << QByteArray("1");
}

void TestDocumentJson::refuses()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    Json json = minimal();
    json[name.toStdString()] = Json::parse(value.toStdString());
    const auto input = documentInputFromJson(json);
    QVERIFY(!input);
    QVERIFY(input.error().kind == ErrorKind::Validation);
    QCOMPARE(input.error().field, QString::fromLatin1(name));
}

void TestDocumentJson::writesTimesInUtc()
{
    const QDateTime time(QDate(2024, 5, 1), QTime(12, 30, 1, 7), Qt::OffsetFromUTC, 3600);
    QCOMPARE(toQString(toJson(time)), QStringLiteral("2024-05-01T11:30:01.007Z"));
    QVERIFY(toJson(QDateTime()).is_null());
}

void TestDocumentJson::writesWhatIsUnknownAsNull()
{
    const Json document = toJson(Document());
    QVERIFY(document["document_date"].is_null());
    QCOMPARE(toQString(document["document_type"]), QStringLiteral("unknown"));
    QVERIFY(toJson(Locator())["page"].is_null());
    Locator third;
    third.page = 3;
    third.headingPath = {QStringLiteral("One"), QStringLiteral("Two")};
    QCOMPARE(toJson(third)["page"].get<int>(), 3);
    QCOMPARE(toJson(third)["heading_path"].size(), size_t(2));
    QVERIFY(toJson(Chunk())["parent_chunk_id"].is_null());
}

QTEST_GUILESS_MAIN(TestDocumentJson)
#include "tst_document_json.moc"
