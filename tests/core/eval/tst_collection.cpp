#include "core/eval/collection.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace llmemory;
using namespace llmemory::eval;

namespace {

constexpr const char *kCorpus = R"({"_id": "a", "title": "T", "text": "one"}
{"_id": "b", "text": "two"}
)";
constexpr const char *kQueries = R"({"_id": "1", "text": "first"}
{"_id": "2", "text": "second"}
)";
constexpr const char *kJudgements = "1\ta\t1\n2\tb\t0\n";

} // namespace

/// Reading of collections, and what is said about broken ones.
class TestCollection : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void tinyCollection();
    void withoutHeader();
    void numbersAndLineEnds();
    void missingFile_data();
    void missingFile();
    void brokenLine_data();
    void brokenLine();
    void brokenCorpusLineFailsAlone_data();
    void brokenCorpusLineFailsAlone();
    void lostDocumentMayBeJudged();
    void nothingRelevant();
    void sharedCollections_data();
    void sharedCollections();

private:
    bool write(const char *name, const QByteArray &content) const;
    QString path() const { return m_directory->path(); }

    std::unique_ptr<QTemporaryDir> m_directory;
};

bool TestCollection::write(const char *name, const QByteArray &content) const
{
    QFile file(m_directory->filePath(QLatin1String(name)));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

void TestCollection::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(write("corpus.jsonl", kCorpus));
    QVERIFY(write("queries.jsonl", kQueries));
    QVERIFY(write("qrels.tsv", kJudgements));
}

void TestCollection::tinyCollection()
{
    const auto collection = readCollection(qEnvironmentVariable("LLMEMORY_TEST_DATA") +
                                           QStringLiteral("/tiny_collection/"));
    VERIFY_RESULT(collection);
    QCOMPARE(collection->name, QStringLiteral("tiny_collection"));
    QCOMPARE(collection->documents.size(), 4);
    QCOMPARE(collection->emptyDocuments, 1);
    QVERIFY(collection->faults.isEmpty());
    QVERIFY(
        collection->documents.at(0).content().startsWith(QStringLiteral("The grey heron\nThe")));
    QVERIFY(collection->documents.at(2).content().startsWith(QStringLiteral("A loom")));
    QCOMPARE(collection->documents.at(3).line, 5);
    QCOMPARE(collection->queries.size(), 2); // the third has nothing relevant
    QCOMPARE(collection->queries.at(0).text, QStringLiteral("heron weir"));
    QCOMPARE(collection->queries.at(0).judgements.value(QStringLiteral("heron")), 2);
    QCOMPARE(collection->queries.at(1).judgements.value(QStringLiteral("heron")), -1);
}

void TestCollection::withoutHeader()
{
    const auto collection = readCollection(path());
    VERIFY_RESULT(collection);
    QCOMPARE(collection->queries.size(), 1);
    QCOMPARE(collection->queries.constFirst().id, QStringLiteral("1"));
}

void TestCollection::numbersAndLineEnds()
{
    QVERIFY(write("corpus.jsonl",
                  "\xEF\xBB\xBF{\"_id\": 17, \"title\": null, \"text\": \"x\"}\r\n\r\n"));
    QVERIFY(write("qrels.tsv", "query-id\tcorpus-id\tscore\r\n1\t17\t1\r\n1\t17\t1\r\n"));
    const auto collection = readCollection(path());
    VERIFY_RESULT(collection);
    QCOMPARE(collection->documents.constFirst().id, QStringLiteral("17"));
    QCOMPARE(collection->queries.constFirst().judgements.size(), 1);
}

void TestCollection::missingFile_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"corpus.jsonl", "queries.jsonl", "qrels.tsv"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestCollection::missingFile()
{
    QFETCH(QString, name);
    QVERIFY(QFile::remove(m_directory->filePath(name)));
    const auto collection = readCollection(path());
    QVERIFY(!collection);
    QCOMPARE(collection.error().kind, ErrorKind::NotFound);
    QVERIFY2(collection.error().message.contains(m_directory->filePath(name)),
             qPrintable(collection.error().message));
}

void TestCollection::brokenLine_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("told");
    const auto row =
        [](const char *name, const char *file, const QByteArray &content, const char *told) {
            QTest::newRow(name) << QByteArray(file) << content
                                << QString::fromLatin1(file) + QStringLiteral(":2: ")
                                << QString::fromLatin1(told);
        };
    const QByteArray query = R"({"_id": "1", "text": "first"})"
                             "\n";
    row("no JSON", "queries.jsonl", query + "{\"_id\": \n", "JSON");
    row("no object", "queries.jsonl", query + "[1]\n", "object");
    row("no text", "queries.jsonl", query + "{\"_id\": \"2\"}\n", "\"text\"");
    row("no id", "queries.jsonl", query + "{\"text\": \"second\"}\n", "\"_id\"");
    row("blank query", "queries.jsonl", query + "{\"_id\": \"2\", \"text\": \" \"}\n", "query");
    row("query twice", "queries.jsonl", query + query, "\"1\"");
    row("unknown query", "qrels.tsv", "1\ta\t1\n7\ta\t1\n", "\"7\"");
    row("unknown document", "qrels.tsv", "1\ta\t1\n1\tz\t1\n", "\"z\"");
    row("no number", "qrels.tsv", "1\ta\t1\n1\tb\tyes\n", "\"yes\"");
    row("two fields", "qrels.tsv", "1\ta\t1\n1 b\n", "tab");
    row("judged twice", "qrels.tsv", "1\ta\t1\n1\ta\t2\n", "twice");
}

void TestCollection::brokenLine()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, content);
    QFETCH(QString, place);
    QFETCH(QString, told);
    QVERIFY(write(file.constData(), content));
    const auto collection = readCollection(path());
    QVERIFY(!collection);
    QCOMPARE(collection.error().kind, ErrorKind::Validation);
    const QString &message = collection.error().message;
    QVERIFY2(message.contains(place) && message.contains(told), qPrintable(message));
}

void TestCollection::brokenCorpusLineFailsAlone_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("no JSON") << QByteArray("{\"_id\": \"c\", ");
    QTest::newRow("no id") << QByteArray(R"({"text": "x"})");
    QTest::newRow("no text") << QByteArray(R"({"_id": "c"})");
    QTest::newRow("list as text") << QByteArray(R"({"_id": "c", "text": ["x"]})");
    QTest::newRow("id twice") << QByteArray(R"({"_id": "a", "text": "another"})");
    QTest::newRow("control character") << QByteArray(R"({"_id": "c\u0007", "text": "x"})");
    QTest::newRow("not UTF-8") << QByteArray("{\"_id\": \"c\", \"text\": \"\xff\"}");
}

void TestCollection::brokenCorpusLineFailsAlone()
{
    QFETCH(QByteArray, line);
    QVERIFY(write("corpus.jsonl", kCorpus + line + "\n{\"_id\": \"d\", \"text\": \"four\"}"));
    const auto collection = readCollection(path());
    VERIFY_RESULT(collection);
    QCOMPARE(collection->documents.size(), 3);
    QCOMPARE(collection->documents.constLast().id, QStringLiteral("d"));
    QCOMPARE(collection->faults.size(), 1);
    QVERIFY2(collection->faults.constFirst().contains(QStringLiteral("corpus.jsonl:3: ")),
             qPrintable(collection->faults.constFirst()));
}

void TestCollection::lostDocumentMayBeJudged()
{
    QVERIFY(write("corpus.jsonl", QByteArray(kCorpus) + "{\"_id\": \"c\", \n"));
    QVERIFY(write("qrels.tsv", "1\ta\t1\n1\tc\t1\n"));
    const auto collection = readCollection(path());
    VERIFY_RESULT(collection);
    QCOMPARE(collection->queries.constFirst().judgements.size(), 2);
}

void TestCollection::nothingRelevant()
{
    QVERIFY(write("qrels.tsv", "1\ta\t0\n"));
    const auto collection = readCollection(path());
    QVERIFY(!collection);
    QVERIFY(collection.error().message.contains(path()));
}

void TestCollection::sharedCollections_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("documents");
    QTest::addColumn<int>("queries");
    QTest::newRow("cranfield") << QStringLiteral("cranfield") << 1398 << 225;
    QTest::newRow("cisi") << QStringLiteral("cisi") << 1460 << 76;
}

void TestCollection::sharedCollections()
{
    QFETCH(QString, name);
    const QString directory =
        qEnvironmentVariable("LLMEMORY_SHARED") + QStringLiteral("/eval/") + name;
    if (!QDir(directory).exists())
        QSKIP("the shared collections are not here");
    const auto collection = readCollection(directory);
    VERIFY_RESULT(collection);
    QTEST(int(collection->documents.size()), "documents");
    QTEST(int(collection->queries.size()), "queries");
    QVERIFY(collection->faults.isEmpty());
}

QTEST_GUILESS_MAIN(TestCollection)
#include "tst_collection.moc"
