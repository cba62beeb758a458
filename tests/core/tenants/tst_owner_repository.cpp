#include "core/documents/document_repository.h"
#include "core/tenants/owner_repository.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"

using namespace llmemory;
using db::Session;
using db::Statement;
using testing::documentInput;
using testing::DocumentStore;
using testing::englishText;
using testing::ownerId;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

constexpr Statement kRowsOf{
    "rows_of",
    "SELECT (SELECT count(*) FROM {{tables.documents}} WHERE owner_id = $1) "
    "+ (SELECT count(*) FROM {{tables.document_contents}} WHERE owner_id = $1) "
    "+ (SELECT count(*) FROM {{tables.document_chunks}} WHERE owner_id = $1) "
    "+ (SELECT count(*) FROM {{tables.embedding_queue}} WHERE owner_id = $1) "
    "+ (SELECT count(*) FROM {{embeddings}} WHERE owner_id = $1)"};

} // namespace

/// The registry of tenants.
class TestOwnerRepository : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void added();
    void nameIsTheIdUnlessGiven();
    void twiceIsAConflict();
    void ensuredOnce();
    void listedByName();
    void renamed();
    void absent();
    void statisticsOfAnOwner();
    void statisticsWithoutDocuments();
    void deletedWithEverything();

private:
    Session &session() { return m_store->session(); }

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
};

void TestOwnerRepository::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
}

void TestOwnerRepository::added()
{
    const auto owner = tenants::insertOwner(
        session(), ownerId(QStringLiteral("added")), QStringLiteral("Ad's \"team\""));
    VERIFY_RESULT(owner);
    const auto found = tenants::findOwner(session(), owner->id);
    VERIFY_RESULT(found);
    QCOMPARE(found->displayName, QStringLiteral("Ad's \"team\""));
    QCOMPARE(found->documentCount, 0);
    QCOMPARE(found->chunkCount, 0);
    QVERIFY(found->createdAt.isValid());
    QCOMPARE(found->createdAt.timeSpec(), Qt::UTC);
}

void TestOwnerRepository::nameIsTheIdUnlessGiven()
{
    const auto owner = tenants::insertOwner(session(), ownerId(QStringLiteral("nameless")), {});
    VERIFY_RESULT(owner);
    QCOMPARE(owner->displayName, QStringLiteral("nameless"));
}

void TestOwnerRepository::twiceIsAConflict()
{
    const OwnerId id = ownerId(QStringLiteral("twice"));
    VERIFY_RESULT(tenants::insertOwner(session(), id, QStringLiteral("First")));
    const auto again = tenants::insertOwner(session(), id, QStringLiteral("Second"));
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::Conflict);
    QCOMPARE(again.error().code, QStringLiteral("owner_exists"));
    const auto found = tenants::findOwner(session(), id);
    VERIFY_RESULT(found);
    QCOMPARE(found->displayName, QStringLiteral("First"));
}

void TestOwnerRepository::ensuredOnce()
{
    const OwnerId id = ownerId(QStringLiteral("ensured"));
    VERIFY_RESULT(tenants::ensureOwner(session(), id));
    VERIFY_RESULT(tenants::renameOwner(session(), id, QStringLiteral("Kept")));
    VERIFY_RESULT(tenants::ensureOwner(session(), id));
    const auto found = tenants::findOwner(session(), id);
    VERIFY_RESULT(found);
    QCOMPARE(found->displayName, QStringLiteral("Kept"));
}

void TestOwnerRepository::listedByName()
{
    const TemporarySchema database;
    ThreadSession own(database);
    VERIFY_RESULT(tenants::insertOwner(*own, ownerId(QStringLiteral("a")), QStringLiteral("zoo")));
    VERIFY_RESULT(
        tenants::insertOwner(*own, ownerId(QStringLiteral("b")), QStringLiteral("Bakery")));
    VERIFY_RESULT(
        tenants::insertOwner(*own, ownerId(QStringLiteral("c")), QStringLiteral("archive")));
    const auto owners = tenants::listOwners(*own);
    VERIFY_RESULT(owners);
    QStringList names;
    for (const Owner &owner : *owners)
        names << owner.displayName;
    QCOMPARE(
        names,
        QStringList({QStringLiteral("archive"), QStringLiteral("Bakery"), QStringLiteral("zoo")}));
}

void TestOwnerRepository::renamed()
{
    const OwnerId id = ownerId(QStringLiteral("renamed"));
    VERIFY_RESULT(tenants::insertOwner(session(), id, {}));
    const QString name = QStringLiteral("M\u00fcller \U0001F600");
    const auto owner = tenants::renameOwner(session(), id, name);
    VERIFY_RESULT(owner);
    QCOMPARE(owner->displayName, name);
    QCOMPARE(owner->id, id);
}

void TestOwnerRepository::absent()
{
    const OwnerId id = ownerId(QStringLiteral("absent"));
    const auto found = tenants::findOwner(session(), id);
    QVERIFY(!found);
    QCOMPARE(found.error().kind, ErrorKind::NotFound);
    const auto renamed = tenants::renameOwner(session(), id, QStringLiteral("x"));
    QVERIFY(!renamed);
    QCOMPARE(renamed.error().kind, ErrorKind::NotFound);
    const auto figures =
        m_store->as(id, [&](Session &s) { return tenants::statistics(s, id, true); });
    QVERIFY(!figures);
    QCOMPARE(figures.error().kind, ErrorKind::NotFound);
    const auto deleted = m_store->as(id, [&](Session &s) { return tenants::deleteOwner(s, id); });
    QVERIFY(!deleted);
    QCOMPARE(deleted.error().kind, ErrorKind::NotFound);
}

void TestOwnerRepository::statisticsOfAnOwner()
{
    const OwnerId id = ownerId(QStringLiteral("counted"));
    DocumentInput report = documentInput(id, QStringLiteral("a"), englishText(40));
    report.type = DocumentType::Report;
    const auto first = m_store->addEmbedded(report);
    VERIFY_RESULT(first);
    const auto second =
        m_store->add(documentInput(id, QStringLiteral("b"), QStringLiteral("Gr\u00fc\u00dfe")));
    VERIFY_RESULT(second);

    const auto figures =
        m_store->as(id, [&](Session &s) { return tenants::statistics(s, id, true); });
    VERIFY_RESULT(figures);
    QCOMPARE(figures->owner, id);
    QCOMPARE(figures->documentCount, 2);
    QCOMPARE(figures->chunkCount, first->chunksCreated + second->chunksCreated);
    QCOMPARE(figures->totalSizeBytes, report.content.toUtf8().size() + 7);
    QCOMPARE(figures->embeddingsPending, second->chunksCreated);
    QCOMPARE(figures->embeddingsFailed, 0);
    QCOMPARE(figures->documentsByType,
             (QMap<QString, qint64>{{QStringLiteral("report"), 1}, {QStringLiteral("text"), 1}}));
    QVERIFY(figures->firstCreatedAt.isValid());
    QVERIFY(figures->firstCreatedAt <= figures->lastCreatedAt);

    const auto brief =
        m_store->as(id, [&](Session &s) { return tenants::statistics(s, id, false); });
    VERIFY_RESULT(brief);
    QVERIFY(brief->documentsByType.isEmpty());
}

void TestOwnerRepository::statisticsWithoutDocuments()
{
    const OwnerId id = ownerId(QStringLiteral("idle"));
    VERIFY_RESULT(tenants::insertOwner(session(), id, {}));
    const auto figures =
        m_store->as(id, [&](Session &s) { return tenants::statistics(s, id, true); });
    VERIFY_RESULT(figures);
    QCOMPARE(figures->documentCount, 0);
    QCOMPARE(figures->totalSizeBytes, 0);
    QVERIFY(!figures->firstCreatedAt.isValid());
    QVERIFY(!figures->lastCreatedAt.isValid());
}

void TestOwnerRepository::deletedWithEverything()
{
    const OwnerId gone = ownerId(QStringLiteral("gone"));
    const OwnerId neighbour = ownerId(QStringLiteral("neighbour"));
    for (const OwnerId &id : {gone, neighbour}) {
        VERIFY_RESULT(
            m_store->addEmbedded(documentInput(id, QStringLiteral("a"), englishText(40))));
        VERIFY_RESULT(m_store->add(documentInput(id, QStringLiteral("b"), englishText(3))));
    }
    ThreadSession administrator(*m_database, m_database->administrator());
    const auto before = administrator->queryOne(kRowsOf, {neighbour.toString()});
    VERIFY_RESULT(before);

    const auto deleted =
        m_store->as(gone, [&](Session &s) { return tenants::deleteOwner(s, gone); });
    VERIFY_RESULT(deleted);
    QCOMPARE(*deleted, 2);
    const auto left = administrator->queryOne(kRowsOf, {gone.toString()});
    VERIFY_RESULT(left);
    QCOMPARE(left->integer(0), 0);
    const auto found = tenants::findOwner(session(), gone);
    QVERIFY(!found);
    const auto after = administrator->queryOne(kRowsOf, {neighbour.toString()});
    VERIFY_RESULT(after);
    QVERIFY(before->integer(0) > 0);
    QCOMPARE(after->integer(0), before->integer(0));
}

QTEST_GUILESS_MAIN(TestOwnerRepository)
#include "tst_owner_repository.moc"
