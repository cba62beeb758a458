#include "tests/core/http/served_memory.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::http;
using namespace llmemory::testing;

namespace {

constexpr db::Statement kGiveUp{
    "give_up",
    "UPDATE {{tables.embedding_queue}} SET status = 'failed', attempts = 9, error_message = 'no' "
    "WHERE owner_id = $1"};

} // namespace

/// The queue of passages that wait for their vectors.
class TestServerEmbeddings : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();

    void embedsWhatWaits();
    void embedsForAllOwners();
    void stopsAfterSoManyBatches();
    void triesFailedOnesAgain();
    void triesThoseOfADocumentAgain();
    void refusesBadRequests_data();
    void refusesBadRequests();

private:
    /// The id of a new document whose passages are not embedded yet.
    std::string add(const char *owner, const char *origin);
    int count(const char *owner, const char *state)
    {
        return m_served.client()
            .get(QByteArray("/v1/embeddings?owner_id=") + owner)
            .json()[state]
            .get<int>();
    }
    int post(const char *action, const Json &body, const char *answer)
    {
        const HttpReply reply =
            m_served.client().post(QByteArray("/v1/embeddings/") + action, body);
        return reply.status == 200 ? reply.json()[answer].get<int>() : -reply.status;
    }
    int process(const Json &body) { return post("process", body, "embeddings_created"); }
    int retry(const Json &body) { return post("retry", body, "embeddings_queued"); }
    void giveUp(const char *owner);

    ServedMemory m_served;
};

std::string TestServerEmbeddings::add(const char *owner, const char *origin)
{
    Json document = documentJson(QString::fromLatin1(owner),
                                 QString::fromLatin1(origin),
                                 QStringLiteral("Text of ") + QString::fromLatin1(origin));
    document["generate_embeddings"] = false;
    return m_served.client()
        .post("/v1/documents", document)
        .json()["document"]["document_id"]
        .get<std::string>();
}

void TestServerEmbeddings::giveUp(const char *owner)
{
    const OwnerId id = OwnerId::parse(QString::fromLatin1(owner)).value_or(OwnerId());
    VERIFY_RESULT(m_served.database()
                      .manager(1)
                      .runInTransaction(db::Access::Write,
                                        "give_up",
                                        db::Scope::owner(id),
                                        [id](db::Session &session) {
                                            return session.execute(kGiveUp, {id.toString()});
                                        })
                      .result());
}

void TestServerEmbeddings::initTestCase()
{
    if (const QString reason = m_served.open(); !reason.isEmpty())
        QSKIP(qPrintable(reason));
}

void TestServerEmbeddings::cleanupTestCase()
{
    m_served.close();
}

void TestServerEmbeddings::embedsWhatWaits()
{
    add("one", "a");
    add("one", "b");
    add("two", "a");
    QCOMPARE(count("one", "pending"), 2);
    QCOMPARE(process({{"owner_id", "one"}}), 2);
    QCOMPARE(count("one", "pending"), 0);
    QCOMPARE(count("one", "embedded"), 2);
    QCOMPARE(count("two", "pending"), 1);
    QCOMPARE(process({{"owner_id", "one"}}), 0);
}

void TestServerEmbeddings::embedsForAllOwners()
{
    add("three", "a");
    add("four", "a");
    QVERIFY(process(Json::object()) >= 2);
    QCOMPARE(count("three", "pending"), 0);
    QCOMPARE(count("four", "pending"), 0);
}

void TestServerEmbeddings::stopsAfterSoManyBatches()
{
    for (const char *origin : {"a", "b", "c"})
        add("batches", origin);
    QCOMPARE(process({{"owner_id", "batches"}, {"batch_size", 1}, {"max_batches", 2}}), 2);
    QCOMPARE(count("batches", "pending"), 1);
}

void TestServerEmbeddings::triesFailedOnesAgain()
{
    add("unlucky", "a");
    giveUp("unlucky");
    QCOMPARE(count("unlucky", "failed"), 1);
    QCOMPARE(process({{"owner_id", "unlucky"}}), 0);
    QCOMPARE(retry({{"owner_id", "unlucky"}}), 1);
    QCOMPARE(count("unlucky", "failed"), 0);
    QCOMPARE(process({{"owner_id", "unlucky"}}), 1);
    QCOMPARE(retry({{"owner_id", "unlucky"}}), 0);
}

void TestServerEmbeddings::triesThoseOfADocumentAgain()
{
    const std::string first = add("picky", "a");
    add("picky", "b");
    add("other", "a");
    giveUp("picky");
    giveUp("other");
    QCOMPARE(retry({{"owner_id", "other"}, {"document_ids", {first}}}), 0);
    QCOMPARE(retry({{"owner_id", "picky"}, {"document_ids", {first}}}), 1);
    QCOMPARE(count("picky", "failed"), 1);
    QCOMPARE(retry(Json::object()), 2);
}

void TestServerEmbeddings::refusesBadRequests_data()
{
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *name, const char *action, const char *body, const char *field) {
        QTest::newRow(name) << QByteArray(action) << QByteArray(body) << QString::fromLatin1(field);
    };
    row("owner", "process", R"({"owner_id": "a b"})", "owner_id");
    row("batch", "process", R"({"batch_size": 0})", "batch_size");
    row("batches", "process", R"({"max_batches": -1})", "max_batches");
    row("word", "process", R"({"max_batches": "all"})", "max_batches");
    row("unknown", "process", R"({"limit": 1})", "limit");
    row("id", "retry", R"({"owner_id": "a", "document_ids": ["a"]})", "document_ids");
    row("no ids", "retry", R"({"owner_id": "a", "document_ids": []})", "document_ids");
    row("ids of nobody",
        "retry",
        R"({"document_ids": ["00000000-0000-4000-8000-000000000000"]})",
        "owner_id");
    row("unknown in retry", "retry", R"({"force": true})", "force");
}

void TestServerEmbeddings::refusesBadRequests()
{
    QFETCH(QByteArray, action);
    QFETCH(QByteArray, body);
    QFETCH(QString, field);
    const HttpReply reply = m_served.client().send("POST", "/v1/embeddings/" + action, body);
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.text("field"), field);
}

QTEST_GUILESS_MAIN(TestServerEmbeddings)
#include "tst_server_embeddings.moc"
