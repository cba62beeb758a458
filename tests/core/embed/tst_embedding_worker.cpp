#include "core/embed/embedding_worker.h"
#include "core/embed/failed_embedding_repository.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"
#include "tests/core/embed/scripted_embedder.h"

#include <QElapsedTimer>
#include <QTest>

#include <limits>

using namespace llmemory;
using embed::EmbeddingWorker;
using std::chrono::seconds;
using testing::documentInput;
using testing::DocumentStore;
using testing::ownerId;
using testing::ScriptedEmbedder;

namespace {

using Vectors = Result<std::vector<embed::Vector>>;

constexpr db::Statement kQueue{
    "look_at_queue",
    "SELECT status, attempts, coalesce(error_message, ''), run_after > now() "
    "FROM {{tables.embedding_queue}} WHERE owner_id = $1 ORDER BY status, attempts"};
constexpr db::Statement kExpire{
    "expire", "UPDATE {{tables.embedding_queue}} SET run_after = now() WHERE owner_id = $1"};
constexpr db::Statement kEmpty{"empty_queue", "DELETE FROM {{tables.embedding_queue}}"};

const QString kPoison = QStringLiteral("poison");

Vectors vectorsFor(const QList<QString> &texts)
{
    return testing::DeterministicEmbedder().embedDocuments(texts);
}

bool never()
{
    return false;
}

std::shared_ptr<ScriptedEmbedder> scripted(ScriptedEmbedder::Answer answer)
{
    return std::make_shared<ScriptedEmbedder>(std::move(answer));
}

std::shared_ptr<ScriptedEmbedder> working()
{
    return scripted(
        [](const QList<QString> &texts, const embed::CancelTest &) { return vectorsFor(texts); });
}

} // namespace

/// The worker beside a real queue, with models that do as they like.
class TestEmbeddingWorker : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void refusedTextFailsAlone();
    void uselessAnswerIsTriedTwice();
    void pauseCostsNoAttempt_data();
    void pauseCostsNoAttempt();
    void noAnswerCostsAnAttempt();
    void documentTellsItsFirstError();
    void worksForAllOwnersUpToItsLimit();
    void givesAtMost64TextsAtATime();
    void refusesLimits_data();
    void refusesLimits();
    void startsAndStopsAgain();
    void stopInterruptsASlowModel();
    void leavesAPausedModelAlone();
    void tellsTheModelTheContext();

private:
    void add(const OwnerId &owner, const QStringList &texts);
    db::Rows queue(const OwnerId &owner);
    qsizetype pending(const OwnerId &owner);
    void change(const db::Statement &statement, const OwnerId &owner);
    EmbeddingWorker makeWorker(std::shared_ptr<const embed::Embedder> embedder,
                               EmbeddingWorker::Callbacks callbacks = {});

    std::unique_ptr<testing::TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
    OwnerId m_owner;
    int m_run = 0;
};

void TestEmbeddingWorker::initTestCase()
{
    m_database = std::make_unique<testing::TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
}

void TestEmbeddingWorker::init()
{
    VERIFY_RESULT(db::inTransaction(
        m_store->session(), "empty", db::Scope::queue(), [](db::Session &session) {
            return session.execute(kEmpty);
        }));
    m_owner = ownerId(QStringLiteral("owner%1").arg(++m_run));
}

void TestEmbeddingWorker::add(const OwnerId &owner, const QStringList &texts)
{
    int number = 0;
    for (const QString &text : texts)
        VERIFY_RESULT(
            m_store->add(documentInput(owner, QStringLiteral("d%1").arg(++number), text)));
}

db::Rows TestEmbeddingWorker::queue(const OwnerId &owner)
{
    return m_store
        ->as(owner, [&](db::Session &session) { return session.query(kQueue, {owner.toString()}); })
        .value_or(db::Rows());
}

qsizetype TestEmbeddingWorker::pending(const OwnerId &owner)
{
    return queue(owner).size();
}

void TestEmbeddingWorker::change(const db::Statement &statement, const OwnerId &owner)
{
    VERIFY_RESULT(m_store->as(owner, [&](db::Session &session) {
        return session.execute(statement, {owner.toString()});
    }));
}

EmbeddingWorker TestEmbeddingWorker::makeWorker(std::shared_ptr<const embed::Embedder> embedder,
                                                EmbeddingWorker::Callbacks callbacks)
{
    return EmbeddingWorker(m_database->manager(2), std::move(embedder), std::move(callbacks));
}

void TestEmbeddingWorker::refusedTextFailsAlone()
{
    add(m_owner,
        {QStringLiteral("a heron"),
         QStringLiteral("a weir"),
         kPoison,
         QStringLiteral("the tide"),
         QStringLiteral("a quay")});
    QList<QString> told;
    EmbeddingWorker::Callbacks callbacks;
    callbacks.failed = [&](const OwnerId &owner, const Error &error) {
        told << owner.toString() + QLatin1Char(' ') + error.code;
    };
    EmbeddingWorker worker =
        makeWorker(scripted([](const QList<QString> &texts, const embed::CancelTest &) -> Vectors {
                       if (texts.contains(kPoison))
                           return Error{.kind = ErrorKind::Embedding,
                                        .message = QStringLiteral("It refused the text (400)."),
                                        .code = QStringLiteral("text_refused")};
                       return vectorsFor(texts);
                   }),
                   callbacks);
    const auto stored = worker.process({.owner = m_owner}, never);
    VERIFY_RESULT(stored);
    QCOMPARE(*stored, 4);
    QCOMPARE(told, QList<QString>{m_owner.toString() + QStringLiteral(" text_refused")});
    const db::Rows rows = queue(m_owner);
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.first().text(0), QStringLiteral("failed"));
    const auto failed =
        embed::failedJobs(m_store->session(), m_store->embedder().modelId(), m_owner, 10, 0);
    VERIFY_RESULT(failed);
    QCOMPARE(failed->first().excerpt, kPoison);
    QCOMPARE(failed->first().reason, QStringLiteral("It refused the text (400)."));
}

void TestEmbeddingWorker::uselessAnswerIsTriedTwice()
{
    add(m_owner, {QStringLiteral("a heron"), kPoison});
    EmbeddingWorker worker =
        makeWorker(scripted([](const QList<QString> &texts, const embed::CancelTest &) {
            auto vectors = vectorsFor(texts);
            const qsizetype at = texts.indexOf(kPoison);
            if (at >= 0)
                vectors->at(size_t(at)).assign(3, 1.0F);
            return vectors;
        }));
    // Once more in the same call, perhaps: the pause after a first failure is random, up to 2 s.
    (void)worker.process({.owner = m_owner, .batchSize = 2, .maxBatches = 1}, never);
    QCOMPARE(queue(m_owner).size(), 1);
    QCOMPARE(queue(m_owner).first().text(0), QStringLiteral("pending"));
    QCOMPARE(queue(m_owner).first().integer(1), 1);
    change(kExpire, m_owner);
    QVERIFY(!worker.process({.owner = m_owner, .batchSize = 2, .maxBatches = 1}, never));
    QCOMPARE(queue(m_owner).first().text(0), QStringLiteral("failed"));
    QCOMPARE(queue(m_owner).first().integer(1), 2);
}

void TestEmbeddingWorker::pauseCostsNoAttempt_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("retryAfterS");
    QTest::newRow("asked to wait")
        << ErrorKind::Unavailable << QStringLiteral("provider_limited") << 7;
    QTest::newRow("key refused") << ErrorKind::Embedding << QStringLiteral("provider_auth") << 0;
    QTest::newRow("wrong address") << ErrorKind::Configuration << QString() << 0;
}

void TestEmbeddingWorker::pauseCostsNoAttempt()
{
    QFETCH(ErrorKind, kind);
    QFETCH(QString, code);
    QFETCH(int, retryAfterS);
    add(m_owner, {QStringLiteral("a heron"), QStringLiteral("a weir"), QStringLiteral("the tide")});
    EmbeddingWorker worker =
        makeWorker(scripted([=](const QList<QString> &, const embed::CancelTest &) -> Vectors {
            return Error{.kind = kind,
                         .message = QStringLiteral("Not now."),
                         .code = code,
                         .retryAfterS = retryAfterS};
        }));
    for (int i = 0; i < 10; ++i) {
        const auto stored = worker.process({.owner = m_owner}, never);
        QVERIFY(!stored);
        QCOMPARE(stored.error().kind, kind);
        QCOMPARE(stored.error().retryAfterS, retryAfterS);
    }
    const db::Rows rows = queue(m_owner);
    QCOMPARE(rows.size(), 3);
    for (const db::Row &row : rows) {
        QCOMPARE(row.text(0), QStringLiteral("pending"));
        QCOMPARE(row.integer(1), 0);
        QVERIFY(!row.boolean(3)); // due at once
    }
}

void TestEmbeddingWorker::noAnswerCostsAnAttempt()
{
    add(m_owner, {QStringLiteral("a heron")});
    EmbeddingWorker worker =
        makeWorker(scripted([](const QList<QString> &, const embed::CancelTest &) -> Vectors {
            return Error{.kind = ErrorKind::Unavailable, .message = QStringLiteral("Gone.")};
        }));
    for (int attempt = 1; attempt <= embed::kMostAttempts; ++attempt) {
        change(kExpire, m_owner);
        QVERIFY(!worker.process({.owner = m_owner}, never));
        QCOMPARE(queue(m_owner).first().integer(1), attempt);
    }
    QCOMPARE(queue(m_owner).first().text(0), QStringLiteral("failed"));
}

void TestEmbeddingWorker::documentTellsItsFirstError()
{
    const auto added =
        m_store->add(documentInput(m_owner, QStringLiteral("long"), testing::englishText(100)));
    VERIFY_RESULT(added);
    const int passages = added->chunksCreated;
    QVERIFY(passages > 4);
    int calls = 0;
    EmbeddingWorker worker =
        makeWorker(scripted([&](const QList<QString> &texts, const embed::CancelTest &) -> Vectors {
            if (++calls == 1)
                return Error{.kind = ErrorKind::Embedding,
                             .message = QStringLiteral("Refused."),
                             .code = QStringLiteral("text_refused")};
            return vectorsFor(texts);
        }));
    // Halved, both halves are taken: everything is stored, and the failure is still told.
    const auto stored = worker.process(m_owner, added->document.id, never);
    QVERIFY(!stored);
    QCOMPARE(stored.error().message, QStringLiteral("Refused."));
    QCOMPARE(pending(m_owner), 0);
}

void TestEmbeddingWorker::worksForAllOwnersUpToItsLimit()
{
    QList<OwnerId> owners;
    for (const char *name : {"-a", "-b", "-c"}) {
        owners << ownerId(m_owner.toString() + QLatin1String(name));
        add(owners.last(), {QStringLiteral("a heron"), QStringLiteral("a weir")});
    }
    const auto left = [&] {
        qsizetype sum = 0;
        for (const OwnerId &owner : owners)
            sum += pending(owner);
        return sum;
    };
    EmbeddingWorker worker = makeWorker(working());
    auto stored = worker.process({.batchSize = 2, .maxBatches = 2}, never);
    VERIFY_RESULT(stored);
    QCOMPARE(*stored, 4);
    QCOMPARE(left(), 2);
    stored = worker.process({}, never);
    VERIFY_RESULT(stored);
    QCOMPARE(*stored, 2);
    QCOMPARE(left(), 0);
    stored = worker.process({}, never);
    VERIFY_RESULT(stored);
    QCOMPARE(*stored, 0);

    add(owners.first(), {QStringLiteral("a heron in spring")});
    const auto cancelled = worker.process({}, [] { return true; });
    QVERIFY(!cancelled);
    QCOMPARE(cancelled.error().kind, ErrorKind::Cancelled);
    QCOMPARE(left(), 1);
}

void TestEmbeddingWorker::givesAtMost64TextsAtATime()
{
    QStringList texts;
    for (int i = 0; i < 70; ++i)
        texts << QStringLiteral("text number %1").arg(i);
    add(m_owner, texts);
    QList<qsizetype> sizes;
    EmbeddingWorker worker =
        makeWorker(scripted([&](const QList<QString> &part, const embed::CancelTest &) {
            sizes << part.size();
            return vectorsFor(part);
        }));
    VERIFY_RESULT(worker.process({.owner = m_owner, .batchSize = 100}, never));
    QCOMPARE(sizes, (QList<qsizetype>{64, 6}));
}

void TestEmbeddingWorker::refusesLimits_data()
{
    QTest::addColumn<int>("intervalS");
    QTest::addColumn<int>("batchSize");
    QTest::addColumn<int>("maxBatches");
    QTest::addColumn<QString>("field");
    QTest::newRow("no batch") << 60 << 0 << 10 << "batch_size";
    QTest::newRow("negative batch") << 60 << -1 << 10 << "batch_size";
    QTest::newRow("huge batch") << 60 << 1001 << 10 << "batch_size";
    QTest::newRow("no batches") << 60 << 100 << 0 << "max_batches";
    QTest::newRow("too many batches") << 60 << 100 << 10'001 << "max_batches";
    QTest::newRow("no interval") << 0 << 100 << 10 << "interval_seconds";
    QTest::newRow("long interval") << 3601 << 100 << 10 << "interval_seconds";
}

void TestEmbeddingWorker::refusesLimits()
{
    QFETCH(int, intervalS);
    QFETCH(int, batchSize);
    QFETCH(int, maxBatches);
    QFETCH(QString, field);
    EmbeddingWorker worker = makeWorker(working());
    Result<> refused;
    if (field != QLatin1String("max_batches")) {
        refused = worker.start(seconds(intervalS), batchSize);
        QVERIFY(!worker.isRunning());
    }
    if (field != QLatin1String("interval_seconds")) {
        const auto processed = worker.process(
            {.owner = m_owner, .batchSize = batchSize, .maxBatches = maxBatches}, never);
        QVERIFY(!processed);
        refused = processed.error();
    }
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Validation);
    QCOMPARE(refused.error().field, field);
}

void TestEmbeddingWorker::startsAndStopsAgain()
{
    EmbeddingWorker worker = makeWorker(working());
    worker.stop(); // before it ever ran
    for (int round = 1; round <= 3; ++round) {
        add(m_owner, {QStringLiteral("round %1").arg(round)});
        VERIFY_RESULT(worker.start(seconds(3600), 10));
        VERIFY_RESULT(worker.start(seconds(1), 10)); // goes on with the new values
        QVERIFY(worker.isRunning());
        QTRY_COMPARE(pending(m_owner), 0);
        worker.stop();
        worker.stop();
        QVERIFY(!worker.isRunning());
        add(m_owner, {QStringLiteral("after round %1").arg(round)});
        worker.wake();
        QTest::qWait(200);
        QCOMPARE(pending(m_owner), 1);
    }
    // Looks by itself every interval: nobody wakes it.
    VERIFY_RESULT(worker.start(seconds(1), 10));
    QTRY_COMPARE(pending(m_owner), 0);
    add(m_owner, {QStringLiteral("found by looking")});
    QTRY_COMPARE(pending(m_owner), 0);
    worker.start(); // the defaults
    QVERIFY(worker.isRunning());
}

void TestEmbeddingWorker::stopInterruptsASlowModel()
{
    add(m_owner, {QStringLiteral("a heron"), QStringLiteral("a weir")});
    std::atomic_bool asked = false;
    EmbeddingWorker worker = makeWorker(
        scripted([&](const QList<QString> &, const embed::CancelTest &isCancelled) -> Vectors {
            asked = true;
            while (!isCancelled())
                QTest::qSleep(10);
            return Error::cancelled();
        }));
    worker.start();
    QTRY_VERIFY(asked.load());
    QElapsedTimer timer;
    timer.start();
    worker.stop();
    QVERIFY(timer.elapsed() < 3000);
    for (const db::Row &row : queue(m_owner)) {
        QCOMPARE(row.integer(1), 0);
        QVERIFY(!row.boolean(3));
    }
    QCOMPARE(pending(m_owner), 2);
}

void TestEmbeddingWorker::leavesAPausedModelAlone()
{
    add(m_owner, {QStringLiteral("a heron")});
    std::atomic_int calls = 0;
    EmbeddingWorker worker =
        makeWorker(scripted([&](const QList<QString> &texts, const embed::CancelTest &) -> Vectors {
            if (++calls == 1)
                return Error{.kind = ErrorKind::Unavailable,
                             .message = QStringLiteral("Wait."),
                             .retryAfterS = 2};
            return vectorsFor(texts);
        }));
    VERIFY_RESULT(worker.start(seconds(1), 10));
    QTRY_COMPARE(calls.load(), 1);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 1200) {
        worker.wake();
        QTest::qSleep(20);
    }
    QCOMPARE(calls.load(), 1);
    QTRY_COMPARE(pending(m_owner), 0);
    QCOMPARE(calls.load(), 2);
}

void TestEmbeddingWorker::tellsTheModelTheContext()
{
    DocumentInput input = documentInput(m_owner, QStringLiteral("d1"), QStringLiteral("A heron."));
    input.name = QStringLiteral("Birds of the river");
    input.type = DocumentType::Report;
    const auto added = m_store->add(input);
    VERIFY_RESULT(added);
    QList<QString> seen;
    const auto model = scripted([&](const QList<QString> &texts, const embed::CancelTest &) {
        seen << texts;
        return vectorsFor(texts);
    });
    EmbeddingWorker worker(m_database->manager(2), model, {}, embed::PassageText::Contextual);
    VERIFY_RESULT(worker.process({.owner = m_owner}, never));
    QCOMPARE(
        seen,
        QList<QString>{QStringLiteral("Document: Birds of the river\nType: report\n\nA heron.")});
    constexpr db::Statement kContent{
        "content", "SELECT content FROM {{tables.document_chunks}} WHERE owner_id = $1"};
    const auto stored = m_store->as(m_owner, [&](db::Session &session) {
        return session.queryOne(kContent, {m_owner.toString()});
    });
    VERIFY_RESULT(stored);
    QCOMPARE(stored->text(0), QStringLiteral("A heron."));
}

QTEST_GUILESS_MAIN(TestEmbeddingWorker)
#include "tst_embedding_worker.moc"
