#include "core/documents/document_writer.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"

using namespace llmemory;
using db::Scope;
using db::Session;
using db::Statement;
using testing::documentInput;
using testing::DocumentStore;
using testing::englishText;
using testing::ownerId;
using testing::TemporarySchema;

namespace {

// Statements whose author forgot the owner.
constexpr Statement kAllOwners{"all_owners",
                               "SELECT coalesce(string_agg(DISTINCT owner_id, ','), '') FROM ("
                               "SELECT owner_id FROM {{tables.documents}} UNION ALL SELECT "
                               "owner_id FROM {{tables.document_contents}} "
                               "UNION ALL SELECT owner_id FROM {{tables.document_chunks}} UNION "
                               "ALL SELECT owner_id FROM {{embeddings}} "
                               "UNION ALL SELECT owner_id FROM {{tables.embedding_queue}} UNION "
                               "ALL SELECT owner_id FROM {{tables.ingest_batches}} "
                               "UNION ALL SELECT owner_id FROM {{tables.ingest_files}}) rows"};
constexpr Statement kDocumentRows{
    "document_rows",
    "SELECT (SELECT count(*) FROM {{tables.documents}}) + "
    "(SELECT count(*) FROM {{tables.document_contents}}) + "
    "(SELECT count(*) FROM {{tables.document_chunks}}) + (SELECT count(*) FROM {{embeddings}})"};
constexpr Statement kQueueRows{"queue_rows", "SELECT count(*) FROM {{tables.embedding_queue}}"};
constexpr Statement kUpdateAll{"update_all",
                               "UPDATE {{tables.documents}} SET document_name = 'taken'"};
constexpr Statement kDeleteAll{"delete_all", "DELETE FROM {{tables.document_chunks}}"};
constexpr Statement kGiveAway{"give_away", "UPDATE {{tables.document_contents}} SET owner_id = $1"};
constexpr Statement kNames{
    "names", "SELECT string_agg(DISTINCT document_name, ',') FROM {{tables.documents}}"};

} // namespace

/// Row-level security: what holds when a statement forgets its owner.
class TestTenantIsolation : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void scopeSeesItsOwnerOnly();
    void noScopeSeesNothing();
    void noScopeInsertsNothing();
    void queueScopeSeesNoText();
    void foreignRowsAreNotWritten();
    void rowsCannotBeGivenAway();
    void documentOfAnotherOwnerIsRefused();
    void chunksCannotJoinAForeignDocument();

private:
    /// Number in the only column of a statement under a scope; -1 when it fails.
    qint64 number(const Scope &scope, const Statement &statement);
    QString text(const Scope &scope, const Statement &statement);

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
    OwnerId m_alice;
    OwnerId m_bob;
    DocumentId m_alicesDocument;
};

void TestTenantIsolation::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
    m_alice = ownerId(QStringLiteral("alice"));
    m_bob = ownerId(QStringLiteral("bob"));
    for (const OwnerId &owner : {m_alice, m_bob}) {
        const auto embedded =
            m_store->addEmbedded(documentInput(owner, QStringLiteral("/a.txt"), englishText(40)));
        VERIFY_RESULT(embedded);
        VERIFY_RESULT(m_store->add(documentInput(owner, QStringLiteral("/b.txt"), englishText(3))));
        if (owner == m_alice)
            m_alicesDocument = embedded->document.id;
    }
}

qint64 TestTenantIsolation::number(const Scope &scope, const Statement &statement)
{
    const auto row = db::inTransaction(
        m_store->session(), "test", scope, [&](Session &s) { return s.queryOne(statement); });
    return row ? row->bigint(0) : -1;
}

QString TestTenantIsolation::text(const Scope &scope, const Statement &statement)
{
    const auto row = db::inTransaction(
        m_store->session(), "test", scope, [&](Session &s) { return s.queryOne(statement); });
    return row ? row->text(0) : row.error().message;
}

void TestTenantIsolation::scopeSeesItsOwnerOnly()
{
    QCOMPARE(text(Scope::owner(m_alice), kAllOwners), QStringLiteral("alice"));
    QCOMPARE(text(Scope::owner(m_bob), kAllOwners), QStringLiteral("bob"));
    QCOMPARE(text(Scope::owner(ownerId(QStringLiteral("carol"))), kAllOwners), QString());
    QVERIFY(number(Scope::owner(m_alice), kDocumentRows) > 0);
}

void TestTenantIsolation::noScopeSeesNothing()
{
    QCOMPARE(text(Scope::registry(), kAllOwners), QString());
    QCOMPARE(text(Scope::owner({}), kAllOwners), QString());
    const auto outside = m_store->session().queryOne(kAllOwners); // without a transaction
    VERIFY_RESULT(outside);
    QCOMPARE(outside->text(0), QString());
}

void TestTenantIsolation::noScopeInsertsNothing()
{
    static constexpr Statement kInsert{
        "insert_content",
        "INSERT INTO {{tables.ingest_batches}} (owner_id, batch_id, host, options, lease_token, "
        "lease_until) VALUES ($1, gen_random_uuid(), 'h', '{}', gen_random_uuid(), now())"};
    for (const Scope &scope : {Scope::registry(), Scope::owner({}), Scope::owner(m_bob)}) {
        const auto inserted = db::inTransaction(m_store->session(), "test", scope, [&](Session &s) {
            return s.execute(kInsert, {m_alice.toString()});
        });
        QVERIFY(!inserted);
        QCOMPARE(inserted.error().sqlState, QStringLiteral("42501"));
        QCOMPARE(inserted.error().kind, ErrorKind::Permission);
    }
}

void TestTenantIsolation::queueScopeSeesNoText()
{
    QVERIFY(number(Scope::queue(), kQueueRows) >= 2);
    QCOMPARE(number(Scope::queue(), kDocumentRows), 0);
}

void TestTenantIsolation::foreignRowsAreNotWritten()
{
    const qint64 before = number(Scope::owner(m_alice), kDocumentRows);
    const auto done = m_store->as(m_bob, [](Session &s) -> Result<qint64> {
        if (auto ok = s.execute(kUpdateAll); !ok)
            return ok;
        return s.execute(kDeleteAll);
    });
    VERIFY_RESULT(done);
    QCOMPARE(number(Scope::owner(m_alice), kDocumentRows), before);
    QCOMPARE(text(Scope::owner(m_alice), kNames), QStringLiteral("/a.txt,/b.txt"));
    QCOMPARE(text(Scope::owner(m_bob), kNames), QStringLiteral("taken"));
}

void TestTenantIsolation::rowsCannotBeGivenAway()
{
    const auto done = m_store->as(
        m_alice, [this](Session &s) { return s.execute(kGiveAway, {m_bob.toString()}); });
    QVERIFY(!done);
    QCOMPARE(text(Scope::owner(m_bob), kAllOwners), QStringLiteral("bob"));
}

void TestTenantIsolation::documentOfAnotherOwnerIsRefused()
{
    const auto prepared = documents::prepareDocument(
        documentInput(m_alice, QStringLiteral("/c.txt"), englishText(1)));
    VERIFY_RESULT(prepared);
    const auto added = m_store->as(m_bob, [&](Session &s) {
        return documents::writeDocument(s, *prepared, m_store->embedder().modelId());
    });
    QVERIFY(!added);
    QCOMPARE(added.error().kind, ErrorKind::Permission);
}

void TestTenantIsolation::chunksCannotJoinAForeignDocument()
{
    static constexpr Statement kInsert{
        "insert_content",
        "INSERT INTO {{tables.document_contents}} (owner_id, document_id, content, structure) "
        "VALUES ($1, $2::uuid, 'x', '{}')"};
    const auto inserted = m_store->as(m_bob, [&](Session &s) {
        return s.execute(kInsert, {m_bob.toString(), m_alicesDocument.toString()});
    });
    QVERIFY(!inserted);
    // As for a document that does not exist.
    const auto missing = m_store->as(m_bob, [&](Session &s) {
        return s.execute(kInsert, {m_bob.toString(), DocumentId::create().toString()});
    });
    QVERIFY(!missing);
    QCOMPARE(inserted.error().sqlState, missing.error().sqlState);
    QCOMPARE(inserted.error().detail, missing.error().detail);
}

QTEST_GUILESS_MAIN(TestTenantIsolation)
#include "tst_tenant_isolation.moc"
