#include "core/embed/vector_index_keeper.h"
#include "core/embed/vector_index_tuning.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"
#include "tests/core/embed/vector_rows.h"

#include <QTest>

using namespace llmemory;
using testing::ownerId;

namespace {

constexpr db::Statement kIndexes{
    "hnsw_indexes",
    "SELECT c.relname, array_to_string(c.reloptions, ','), c.relfilenode::bigint, i.indisvalid "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_catalog.pg_am a ON a.oid = c.relam JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid "
    "WHERE n.nspname = $1 AND a.amname = 'hnsw' ORDER BY 1"};
constexpr db::Statement kShrink{
    "shrink", "UPDATE {{tables.owners}} SET chunk_count = $2 WHERE owner_id = $1"};
constexpr db::Statement kQueue{
    "queue",
    "INSERT INTO {{tables.embedding_queue}} (owner_id, chunk_id, provider_id, document_id, "
    "content_hash) SELECT $1, chunk_id, 'deterministic', document_id, '' FROM "
    "{{tables.document_chunks}} WHERE owner_id = $1 LIMIT 1"};
constexpr db::Statement kAge{"age",
                             "UPDATE {{tables.documents}} SET created_at = now() - $2::interval "
                             "WHERE owner_id = $1"};
constexpr db::Statement kUnqueue{"unqueue",
                                 "DELETE FROM {{tables.embedding_queue}} WHERE owner_id = $1"};

constexpr db::Statement kComment{"comment",
                                 "SELECT coalesce(obj_description($1::regclass, 'pg_class'), '')"};

constexpr embed::VectorIndexLimits kLimits{100, 50, 1000};

} // namespace

/// Large owners get an index of their own, small ones none.
class TestVectorIndexKeeper : public QObject
{
    Q_OBJECT

private slots:
    void init();

    void largeOwnersGetTheirOwn();
    void w9_profileMakesTheIndex_data();
    void w9_profileMakesTheIndex();
    void w9_anotherProfileChangesNone();
    void waitsForAnImport();
    void waitsWhileAnOwnerGrows();
    void unfinishedIndexIsMadeAnew();
    void sharedIndexServesUntilAllHaveTheirs();
    void oldTablesGetTheDocumentIndex();
    void refusedWithoutTheTables();
    void measuresHowFarToSearch();
    void searchesFartherWhereItHasTo();
    void measuresLaterWhatFails();
    void keeperStopsAtOnce();

private:
    Result<> add(const char *owner, int passages);
    Result<embed::VectorIndexChanges> pass(HnswProfile profile = HnswProfile::Fast);
    QStringList indexes();
    /// What the comment of the owner's index says; as little as may be without one.
    embed::VectorIndexTuning tuningOf(const char *owner);
    QString nameFor(const char *owner)
    {
        return embed::vectorIndexName(m_store->session().names().embeddingsTable(),
                                      ownerId(QLatin1String(owner)));
    }
    Result<> script(const QString &sql)
    {
        return m_store->session().runScript(QStringLiteral("test"), sql);
    }

    std::unique_ptr<testing::TemporarySchema> m_database;
    std::unique_ptr<testing::DocumentStore> m_store;
};

void TestVectorIndexKeeper::init()
{
    m_store.reset();
    m_database = std::make_unique<testing::TemporarySchema>();
    QVERIFY2(m_database->isAvailable(), qPrintable(m_database->reason()));
    m_store = std::make_unique<testing::DocumentStore>(*m_database);
}

Result<> TestVectorIndexKeeper::add(const char *owner, int passages)
{
    return testing::addVectorRows(m_store->session(),
                                  {.owner = ownerId(QLatin1String(owner)),
                                   .passages = passages,
                                   .dimension = testing::DeterministicEmbedder::kDimension});
}

Result<embed::VectorIndexChanges> TestVectorIndexKeeper::pass(HnswProfile profile)
{
    return embed::keepVectorIndexes(m_store->session(), profile, kLimits);
}

QStringList TestVectorIndexKeeper::indexes()
{
    QStringList found;
    const auto rows = m_store->session().query(kIndexes, {m_database->schema()});
    for (const db::Row &row : rows.value_or(db::Rows()))
        found += row.boolean(3) ? row.text(0) : QLatin1String("invalid ") + row.text(0);
    return found;
}

embed::VectorIndexTuning TestVectorIndexKeeper::tuningOf(const char *owner)
{
    const auto comment = m_store->session().queryOne(
        kComment,
        {embed::vectorIndexIdentifier(m_store->session().names(), ownerId(QLatin1String(owner)))});
    return embed::tuningFromComment(comment ? comment->text(0) : QString())
        .value_or(embed::VectorIndexTuning());
}

void TestVectorIndexKeeper::largeOwnersGetTheirOwn()
{
    VERIFY_RESULT(add("large", 101));
    VERIFY_RESULT(add("small", 100));
    QCOMPARE(indexes(), QStringList());
    auto changes = pass();
    VERIFY_RESULT(changes);
    QCOMPARE(changes->built, 1);
    QCOMPARE(indexes(), QStringList{nameFor("large")});
    QVERIFY(nameFor("large").size() <= 63);
    changes = pass();
    VERIFY_RESULT(changes);
    QCOMPARE(changes->built + changes->dropped, 0);
    // Not dropped and built again around the limit.
    VERIFY_RESULT(m_store->session().execute(kShrink, {QStringLiteral("large"), 50}));
    VERIFY_RESULT(pass());
    QCOMPARE(indexes(), QStringList{nameFor("large")});
    VERIFY_RESULT(m_store->session().execute(kShrink, {QStringLiteral("large"), 49}));
    changes = pass();
    VERIFY_RESULT(changes);
    QCOMPARE(changes->dropped, 1);
    QCOMPARE(indexes(), QStringList());
}

void TestVectorIndexKeeper::w9_profileMakesTheIndex_data()
{
    QTest::addColumn<HnswProfile>("profile");
    QTest::addColumn<QString>("options");
    QTest::newRow("fast") << HnswProfile::Fast << "m=8,ef_construction=80";
    QTest::newRow("balanced") << HnswProfile::Balanced << "m=32,ef_construction=256";
    QTest::newRow("accurate") << HnswProfile::Accurate << "m=32,ef_construction=400";
}

void TestVectorIndexKeeper::w9_profileMakesTheIndex()
{
    QFETCH(HnswProfile, profile);
    QFETCH(QString, options);
    VERIFY_RESULT(add("large", 101));
    VERIFY_RESULT(pass(profile));
    const auto row = m_store->session().queryOne(kIndexes, {m_database->schema()});
    VERIFY_RESULT(row);
    QCOMPARE(row->text(1), options);
}

void TestVectorIndexKeeper::w9_anotherProfileChangesNone()
{
    VERIFY_RESULT(add("large", 101));
    VERIFY_RESULT(pass(HnswProfile::Accurate));
    const auto made = m_store->session().queryOne(kIndexes, {m_database->schema()});
    VERIFY_RESULT(made);
    // Neither relabelled nor rebuilt.
    VERIFY_RESULT(pass(HnswProfile::Fast));
    const auto kept = m_store->session().queryOne(kIndexes, {m_database->schema()});
    VERIFY_RESULT(kept);
    QCOMPARE(kept->text(1), made->text(1));
    QCOMPARE(kept->bigint(2), made->bigint(2));
}

void TestVectorIndexKeeper::waitsForAnImport()
{
    VERIFY_RESULT(add("importing", 101));
    VERIFY_RESULT(add("endless", 1001));
    for (const char *owner : {"importing", "endless"}) {
        VERIFY_RESULT(m_store->as(ownerId(QLatin1String(owner)), [&](db::Session &s) {
            return s.execute(kQueue, {QLatin1String(owner)});
        }));
    }
    auto changes = pass();
    VERIFY_RESULT(changes);
    QCOMPARE(changes->waiting, 1);
    QCOMPARE(indexes(), QStringList{nameFor("endless")});
    VERIFY_RESULT(m_store->as(ownerId(QStringLiteral("importing")), [&](db::Session &s) {
        return s.execute(kUnqueue, {QStringLiteral("importing")});
    }));
    VERIFY_RESULT(pass());
    QCOMPARE(indexes().size(), 2);
}

void TestVectorIndexKeeper::waitsWhileAnOwnerGrows()
{
    VERIFY_RESULT(add("growing", 2000));
    const auto make = [&](const char *age) {
        return m_store->as(ownerId(QStringLiteral("growing")), [&](db::Session &s) {
            return s.execute(kAge, {QStringLiteral("growing"), QLatin1String(age)});
        });
    };
    VERIFY_RESULT(make("1 second"));
    auto changes = pass();
    VERIFY_RESULT(changes);
    QCOMPARE(changes->waiting, 1);
    QCOMPARE(indexes(), QStringList());
    VERIFY_RESULT(make("2 minutes"));
    changes = pass();
    VERIFY_RESULT(changes);
    QCOMPARE(changes->waiting, 0);
    QCOMPARE(indexes(), QStringList{nameFor("growing")});
}

void TestVectorIndexKeeper::unfinishedIndexIsMadeAnew()
{
    VERIFY_RESULT(add("large", 101));
    VERIFY_RESULT(pass());
    // As a build leaves it that is killed.
    auto administrator = db::Connection::open(m_database->administrator());
    VERIFY_RESULT(administrator);
    VERIFY_RESULT(
        (*administrator)
            ->runScript(QStringLiteral("break"),
                        QStringLiteral("UPDATE pg_catalog.pg_index SET indisvalid = false "
                                       "WHERE indexrelid = '\"%1\".\"%2\"'::regclass")
                            .arg(m_database->schema(), nameFor("large"))));
    QCOMPARE(indexes(), QStringList{QLatin1String("invalid ") + nameFor("large")});
    const auto changes = pass();
    VERIFY_RESULT(changes);
    QCOMPARE(changes->built, 1);
    QCOMPARE(indexes(), QStringList{nameFor("large")});
}

void TestVectorIndexKeeper::sharedIndexServesUntilAllHaveTheirs()
{
    const QString shared = m_store->session().names().embeddingsTable() + QLatin1String("_hnsw");
    VERIFY_RESULT(add("large", 101));
    VERIFY_RESULT(m_store->as(ownerId(QStringLiteral("large")), [&](db::Session &s) {
        return s.runScript(QStringLiteral("test"),
                           QStringLiteral("CREATE INDEX %1 ON {{embeddings}} USING hnsw "
                                          "(embedding halfvec_ip_ops)")
                               .arg(shared));
    }));
    VERIFY_RESULT(m_store->as(ownerId(QStringLiteral("large")), [&](db::Session &s) {
        return s.execute(kQueue, {QStringLiteral("large")});
    }));
    VERIFY_RESULT(pass());
    QCOMPARE(indexes(), QStringList{shared});
    VERIFY_RESULT(m_store->as(ownerId(QStringLiteral("large")), [&](db::Session &s) {
        return s.execute(kUnqueue, {QStringLiteral("large")});
    }));
    VERIFY_RESULT(pass());
    QCOMPARE(indexes(), QStringList{nameFor("large")});
}

void TestVectorIndexKeeper::oldTablesGetTheDocumentIndex()
{
    const QString name =
        m_store->session().names().embeddingsTable() + QLatin1String("_by_document");
    VERIFY_RESULT(script(QStringLiteral("DROP INDEX {{schema}}.%1").arg(name)));
    VERIFY_RESULT(pass());
    // Fails when it is not there.
    VERIFY_RESULT(script(QStringLiteral("DROP INDEX {{schema}}.%1").arg(name)));
}

void TestVectorIndexKeeper::refusedWithoutTheTables()
{
    VERIFY_RESULT(script(QStringLiteral("DROP TABLE {{tables.owners}} CASCADE")));
    const auto changes = pass();
    QVERIFY(!changes);
    QCOMPARE(changes.error().kind, ErrorKind::Database);
}

void TestVectorIndexKeeper::measuresHowFarToSearch()
{
    const testing::DeterministicEmbedder embedder;
    const auto passWith = [&] {
        return embed::keepVectorIndexes(m_store->session(), HnswProfile::Fast, kLimits, &embedder);
    };
    VERIFY_RESULT(add("large", 101));
    auto changes = passWith();
    VERIFY_RESULT(changes);
    QCOMPARE(changes->measured, 1);
    const embed::VectorIndexTuning tuning = tuningOf("large");
    QCOMPARE(tuning.efSearch, 100); // finds all of so few
    QCOMPARE(tuning.recallAt10, 1.0);
    QCOMPARE(tuning.passages, 101);
    // Once, until the owner has grown or shrunk.
    QCOMPARE(passWith()->measured, 0);
    VERIFY_RESULT(m_store->session().execute(kShrink, {QStringLiteral("large"), 151}));
    QCOMPARE(passWith()->measured, 0);
    VERIFY_RESULT(m_store->session().execute(kShrink, {QStringLiteral("large"), 152}));
    QCOMPARE(passWith()->measured, 1);
    VERIFY_RESULT(m_store->session().execute(kShrink, {QStringLiteral("large"), 102}));
    QCOMPARE(passWith()->measured, 0);
    VERIFY_RESULT(m_store->session().execute(kShrink, {QStringLiteral("large"), 101}));
    QCOMPARE(passWith()->measured, 1);
}

void TestVectorIndexKeeper::searchesFartherWhereItHasTo()
{
    const testing::DeterministicEmbedder embedder;
    // Vectors without any order in them, which are the hardest.
    VERIFY_RESULT(add("large", 4'000));
    const auto changes =
        embed::keepVectorIndexes(m_store->session(), HnswProfile::Fast, kLimits, &embedder);
    VERIFY_RESULT(changes);
    QCOMPARE(changes->measured, 1);
    const embed::VectorIndexTuning tuning = tuningOf("large");
    QVERIFY2(tuning.efSearch > 100, qPrintable(embed::toComment(tuning)));
    QVERIFY2(tuning.recallAt10 >= 0.98, qPrintable(embed::toComment(tuning)));
    QVERIFY2(tuning.recallAt10 < 1.0, qPrintable(embed::toComment(tuning)));
}

void TestVectorIndexKeeper::measuresLaterWhatFails()
{
    testing::DeterministicEmbedder embedder;
    embedder.failNext(1);
    VERIFY_RESULT(add("large", 101));
    const auto passWith = [&] {
        return embed::keepVectorIndexes(m_store->session(), HnswProfile::Fast, kLimits, &embedder);
    };
    auto changes = passWith();
    VERIFY_RESULT(changes);
    QCOMPARE(changes->built, 1);
    QCOMPARE(changes->measured, 0);
    changes = passWith();
    VERIFY_RESULT(changes);
    QCOMPARE(changes->measured, 1);
}

void TestVectorIndexKeeper::keeperStopsAtOnce()
{
    QElapsedTimer timer;
    timer.start();
    {
        embed::VectorIndexKeeper keeper(m_database->manager(1), nullptr, HnswProfile::Fast);
        keeper.wake();
    }
    QVERIFY(timer.elapsed() < 5'000);
}

QTEST_GUILESS_MAIN(TestVectorIndexKeeper)
#include "tst_vector_index_keeper.moc"
