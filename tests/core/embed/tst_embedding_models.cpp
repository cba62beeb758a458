#include "core/db/sql_array.h"
#include "core/documents/document_preparer.h"
#include "core/documents/document_writer.h"
#include "core/embed/embedding_model_repository.h"
#include "core/embed/embedding_worker.h"
#include "core/embed/model_activation.h"
#include "core/embed/openai_embedder.h"
#include "core/search/vector_search.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"
#include "tests/core/embed/embedding_service.h"
#include "tests/core/embed/scripted_embedder.h"

#include <QTest>

using namespace llmemory;
using embed::EmbeddingWorker;
using testing::documentInput;
using testing::DocumentStore;
using testing::EmbeddingService;
using testing::ownerId;
using testing::ScriptedEmbedder;
using testing::ServiceRequest;

namespace {

constexpr db::Statement kModel{
    "look_at_model",
    "SELECT provider_type, model_name, dimension FROM {{tables.embedding_providers}} "
    "WHERE provider_id = $1"};
constexpr db::Statement kJobs{"look_at_jobs",
                              "SELECT provider_id FROM {{tables.embedding_queue}} "
                              "WHERE owner_id = $1 ORDER BY provider_id"};
constexpr db::Statement kNearest{"nearest_by_index",
                                 "SELECT document_id FROM {{embeddings}} WHERE owner_id = $1 "
                                 "ORDER BY embedding <#> $2::halfvec LIMIT 1"};

bool never()
{
    return false;
}

/// Another model: the built-in one's vectors with something behind them.
std::shared_ptr<ScriptedEmbedder> model(const QString &id, int dimension)
{
    return std::make_shared<ScriptedEmbedder>(
        [dimension](const QList<QString> &texts, const embed::CancelTest &) {
            auto vectors = testing::DeterministicEmbedder().embedDocuments(texts);
            for (embed::Vector &vector : *vectors)
                vector.resize(size_t(dimension));
            return vectors;
        },
        id,
        dimension);
}

} // namespace

/// Several models in one schema: their tables, and going from one to the other.
class TestEmbeddingModels : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void refusesWhatCannotBeStored_data();
    void refusesWhatCannotBeStored();
    void w5_largeVectorsAreStoredAndFound();
    void oldDocumentsAreFoundAfterASwitch();
    void switchGoesOnWhereItStopped();
    void passagesInDeletionAreLeftOut();

private:
    db::DatabaseManager managerFor(const embed::Embedder &embedder);
    Result<> ensure(const embed::Embedder &embedder);
    Result<QString> bestHit(const embed::Embedder &embedder, const QString &query);
    QStringList jobs(const OwnerId &owner);

    std::unique_ptr<testing::TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
    OwnerId m_owner;
    int m_run = 0;
};

void TestEmbeddingModels::initTestCase()
{
    m_database = std::make_unique<testing::TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
}

void TestEmbeddingModels::init()
{
    m_owner = ownerId(QStringLiteral("owner%1").arg(++m_run));
}

db::DatabaseManager TestEmbeddingModels::managerFor(const embed::Embedder &embedder)
{
    const db::DatabaseManager base = m_database->manager(2);
    db::SqlNames names = base.names();
    names.setEmbeddingsTable(embed::vectorTableName(embedder.modelId()));
    return {base.pool(), names};
}

Result<> TestEmbeddingModels::ensure(const embed::Embedder &embedder)
{
    return managerFor(embedder)
        .run(db::Access::Write,
             [&](db::Session &session) { return embed::ensureModel(session, embedder, {}, {}); })
        .result();
}

/// Name of the owner's document nearest to the query.
Result<QString> TestEmbeddingModels::bestHit(const embed::Embedder &embedder, const QString &query)
{
    constexpr db::Statement kName{
        "name_of_chunk",
        "SELECT d.document_name FROM {{tables.documents}} d JOIN {{tables.document_chunks}} c "
        "USING (owner_id, document_id) WHERE d.owner_id = $1 AND c.chunk_id = $2::uuid"};
    const auto vector = embedder.embedQuery(query);
    if (!vector)
        return vector.error();
    SearchQuery search;
    search.owner = m_owner;
    search.text = query;
    return managerFor(embedder)
        .runInTransaction(
            db::Access::Read,
            "search",
            db::Scope::owner(m_owner),
            [&](db::Session &session) -> Result<QString> {
                auto ranked =
                    search::searchVectors(session, search, *vector, 3, HnswProfile::Balanced);
                if (!ranked)
                    return ranked.error();
                if (ranked->isEmpty())
                    return QString();
                auto name =
                    session.queryOne(kName, {m_owner.toString(), ranked->first().chunk.toString()});
                return name ? Result<QString>(name->text(0)) : Result<QString>(name.error());
            })
        .result();
}

QStringList TestEmbeddingModels::jobs(const OwnerId &owner)
{
    const auto rows = m_store->as(
        owner, [&](db::Session &session) { return session.query(kJobs, {owner.toString()}); });
    QStringList models;
    for (const db::Row &row : rows.value_or(db::Rows()))
        models << row.text(0);
    return models;
}

void TestEmbeddingModels::refusesWhatCannotBeStored_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<int>("dimension");
    QTest::newRow("too long a vector") << "long" << 4001;
    QTest::newRow("no vector") << "none" << 0;
    QTest::newRow("no id") << "" << 400;
    QTest::newRow("capitals") << "Model" << 400;
    QTest::newRow("an injection") << "x\" (a int); --" << 400;
    QTest::newRow("long id") << QString(41, u'x') << 400;
    QTest::newRow("another dimension") << testing::DeterministicEmbedder().modelId() << 400;
}

void TestEmbeddingModels::refusesWhatCannotBeStored()
{
    QFETCH(QString, id);
    QFETCH(int, dimension);
    const auto ok = ensure(*model(id, dimension));
    QVERIFY(!ok);
    QCOMPARE(ok.error().kind, ErrorKind::Configuration);
}

void TestEmbeddingModels::w5_largeVectorsAreStoredAndFound()
{
    EmbeddingService service(
        [](const ServiceRequest &request) { return EmbeddingService::vectors(request, 3072); });
    embed::OpenAiEmbedder::Options options;
    options.url = service.url();
    options.model = QStringLiteral("text-embedding-3-large");
    const auto large = embed::OpenAiEmbedder::create(options);
    VERIFY_RESULT(large);
    QCOMPARE((*large)->dimension(), 3072);
    VERIFY_RESULT(ensure(**large));
    const db::DatabaseManager database = managerFor(**large);
    const auto add = [&](const char *name, const char *text) {
        const auto prepared = documents::prepareDocument(
            documentInput(m_owner, QString::fromLatin1(name), QString::fromLatin1(text)));
        return database
            .runInTransaction(db::Access::Write,
                              "add",
                              db::Scope::owner(m_owner),
                              [&](db::Session &session) {
                                  return documents::writeDocument(
                                      session, *prepared, (*large)->modelId());
                              })
            .result();
    };
    VERIFY_RESULT(add("boats", "The harbour is full of fishing boats."));
    VERIFY_RESULT(add("bread", "Knead the dough and let it rest for an hour."));
    EmbeddingWorker worker(database, *large, {});
    const auto stored = worker.process({.owner = m_owner}, never);
    VERIFY_RESULT(stored);
    QCOMPARE(*stored, 2);
    QCOMPARE(bestHit(**large, QStringLiteral("boats in the harbour")).value_or(QString()),
             QStringLiteral("boats"));
    QCOMPARE(bestHit(**large, QStringLiteral("how long rests a dough")).value_or(QString()),
             QStringLiteral("bread"));
    // Through the index as well: 3,072 dimensions are more than pgvector's "vector" could index.
    const auto vector = (*large)->embedQuery(QStringLiteral("boats in the harbour"));
    VERIFY_RESULT(vector);
    const auto plan = database.runInTransaction(
        db::Access::Read,
        "by_index",
        db::Scope::owner(m_owner),
        [&](db::Session &session) -> Result<QString> {
            if (auto ok = session.runScript(QStringLiteral("no_scan"),
                                            QStringLiteral("SET LOCAL enable_seqscan = off; "
                                                           "SET LOCAL enable_sort = off"));
                !ok)
                return ok.error();
            auto nearest =
                session.queryOne(kNearest, {m_owner.toString(), db::vectorLiteral(*vector)});
            return nearest ? Result<QString>(nearest->text(0)) : Result<QString>(nearest.error());
        });
    VERIFY_RESULT(plan.result());
    QVERIFY(!plan.result()->isEmpty());
}

void TestEmbeddingModels::oldDocumentsAreFoundAfterASwitch()
{
    const OwnerId other = ownerId(m_owner.toString() + QLatin1String("-other"));
    const auto add = [&](const OwnerId &owner, const char *name, const char *text) {
        return m_store->add(
            documentInput(owner, QString::fromLatin1(name), QString::fromLatin1(text)));
    };
    VERIFY_RESULT(add(m_owner, "boats", "The harbour is full of fishing boats."));
    VERIFY_RESULT(add(m_owner, "bread", "Knead the dough and let it rest for an hour."));
    VERIFY_RESULT(m_store->embed(m_owner));
    VERIFY_RESULT(add(other, "stars", "The telescope was moved south.")); // still waits
    const testing::DeterministicEmbedder old;
    QCOMPARE(bestHit(old, QStringLiteral("fishing boats")).value_or(QString()),
             QStringLiteral("boats"));

    const auto fresh = model(QStringLiteral("fresh"), 512);
    VERIFY_RESULT(ensure(*fresh));
    EmbeddingWorker worker(managerFor(*fresh), fresh, {});
    VERIFY_RESULT(worker.process({}, never));
    QCOMPARE(bestHit(*fresh, QStringLiteral("fishing boats")).value_or(QString()),
             QStringLiteral("boats"));
    QVERIFY(jobs(m_owner).isEmpty());
    QVERIFY(jobs(other).isEmpty());

    // Back again: the old vectors are still there, only what is new is embedded.
    VERIFY_RESULT(embed::activateModel(managerFor(old), old.modelId(), never));
    QVERIFY(jobs(m_owner).isEmpty());
    QCOMPARE(jobs(other), QStringList{old.modelId()});
}

void TestEmbeddingModels::switchGoesOnWhereItStopped()
{
    QList<OwnerId> owners;
    for (const char *name : {"-a", "-b", "-c"}) {
        owners << ownerId(m_owner.toString() + QLatin1String(name));
        VERIFY_RESULT(m_store->add(documentInput(
            owners.last(), QStringLiteral("one"), QStringLiteral("The tide is out."))));
    }
    const auto next = model(QStringLiteral("next"), 400);
    VERIFY_RESULT(ensure(*next));
    const db::DatabaseManager database = managerFor(*next);
    const auto isActive = [&] {
        return database
            .run(db::Access::Read,
                 [&](db::Session &session) {
                     return embed::isActiveModel(session, next->modelId());
                 })
            .result()
            .value_or(true);
    };
    // Stopped in the middle of it.
    int asked = 0;
    const auto stopped =
        embed::activateModel(database, next->modelId(), [&] { return ++asked > 2; });
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
    QVERIFY(!isActive());

    const auto rest = embed::activateModel(database, next->modelId(), never);
    VERIFY_RESULT(rest);
    QVERIFY(isActive());
    for (const OwnerId &owner : owners)
        QCOMPARE(jobs(owner), QStringList{next->modelId()});
    const auto again = embed::activateModel(database, next->modelId(), never);
    VERIFY_RESULT(again);
    QCOMPARE(*again, 0);
}

void TestEmbeddingModels::passagesInDeletionAreLeftOut()
{
    const auto added = m_store->add(
        documentInput(m_owner, QStringLiteral("one"), QStringLiteral("The tide is out.")));
    VERIFY_RESULT(added);
    VERIFY_RESULT(m_store->embed(m_owner)); // so that no job is there to wait for
    const auto late = model(QStringLiteral("late-%1").arg(m_run), 400);
    VERIFY_RESULT(ensure(*late));
    const db::DatabaseManager database = managerFor(*late);
    const auto queue = [&](int most) {
        return database.run(db::Access::Write, [&, most](db::Session &session) {
            return embed::queueMissing(session, late->modelId(), m_owner, most);
        });
    };
    constexpr db::Statement kDelete{
        "delete_document",
        "DELETE FROM {{tables.documents}} WHERE owner_id = $1 AND document_id = $2::uuid"};
    // The delete is not committed yet when the passages are looked for.
    QFuture<Result<qint64>> queued;
    VERIFY_RESULT(m_store->as(m_owner, [&](db::Session &session) -> Result<qint64> {
        auto deleted =
            session.execute(kDelete, {m_owner.toString(), added->document.id.toString()});
        queued = queue(10);
        QTest::qSleep(300);
        return deleted;
    }));
    VERIFY_RESULT(queued.result());
    QCOMPARE(*queued.result(), 0);

    // A model that is not in use has no table to look into.
    const auto wrong =
        m_database->manager(1)
            .run(db::Access::Write,
                 [&](db::Session &session) {
                     return embed::queueMissing(session, late->modelId(), m_owner, 10);
                 })
            .result();
    QVERIFY(!wrong);
}

QTEST_GUILESS_MAIN(TestEmbeddingModels)
#include "tst_embedding_models.moc"
