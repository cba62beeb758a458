#include "core/memory.h"
#include "core/testing/await.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/sample_documents.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"

#include <QSignalSpy>

using namespace llmemory;
using testing::await;
using testing::DeterministicEmbedder;
using testing::manyWords;
using testing::plainDocument;
using testing::TemporarySchema;

/// The operations of the front door, as a program that embeds the library calls them.
class TestMemory : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void answersOnlyWhileOpen();
    void operationsCheckTheirInput_data();
    void operationsCheckTheirInput();
    void changesADocumentWithoutItsText();
    void refusesChangesOfNothing();
    void deletesOneDocument();
    void deletesByIdsOrMetadata();
    void pagesChunks();
    void readsVectorsOnRequest();
    void foreignDocumentsAreLikeMissingOnes();
    void failedEmbeddingKeepsTheDocument();
    void givenUpEmbeddingsAreListedAndRetried();
    void backgroundProcessingStartsAndStops();
    void pendingOfAllOwners();
    void searchesWithDocuments();
    void routesWhatNothingCanAnswer();
    void measuresRecall();
    void tellsThatAnOwnerChanged();
    void cancellingStopsTheOperation_data();
    void cancellingStopsTheOperation();

private:
    Memory &memory() { return *m_memory; }
    AddedDocument add(const QString &origin, const QString &text);

    std::unique_ptr<TemporarySchema> m_schema;
    std::shared_ptr<DeterministicEmbedder> m_embedder;
    std::unique_ptr<Memory> m_memory;
    OwnerId m_owner;
    OwnerId m_other;
};

void TestMemory::initTestCase()
{
    m_schema = std::make_unique<TemporarySchema>(false);
    if (!m_schema->isAvailable())
        QSKIP(qPrintable(m_schema->reason()));
    m_embedder = std::make_shared<DeterministicEmbedder>();
}

void TestMemory::init()
{
    static int number = 0;
    ++number;
    m_owner = *OwnerId::parse(QStringLiteral("owner-%1").arg(number));
    m_other = *OwnerId::parse(QStringLiteral("other-%1").arg(number));
    m_embedder->failNext(0);
    Config config = m_schema->config(false);
    config.embedding.embedder = m_embedder;
    m_memory = std::make_unique<Memory>(config);
    VERIFY_FUTURE(m_memory->initialize());
}

void TestMemory::cleanup()
{
    m_embedder->release();
    m_memory.reset();
}

AddedDocument TestMemory::add(const QString &origin, const QString &text)
{
    auto added = await(memory().addDocument(plainDocument(m_owner, origin, text)));
    return added ? *added : AddedDocument();
}

void TestMemory::answersOnlyWhileOpen()
{
    VERIFY_FUTURE(memory().initialize()); // a second time: nothing happens
    VERIFY_FUTURE(memory().listOwners());
    memory().close();
    memory().close();
    const auto closed = await(memory().listOwners());
    QVERIFY(!closed);
    QCOMPARE(closed.error().kind, ErrorKind::Unavailable);
    QCOMPARE(closed.error().code, QStringLiteral("not_open"));
    VERIFY_FUTURE(memory().initialize());
    VERIFY_FUTURE(memory().listOwners());
}

void TestMemory::operationsCheckTheirInput_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("field");
    QTest::newRow("no owner") << "owner"
                              << "owner_id";
    QTest::newRow("no text") << "content"
                             << "content";
    QTest::newRow("no origin") << "origin"
                               << "id_at_origin";
    QTest::newRow("metadata too deep") << "depth"
                                       << "metadata";
    QTest::newRow("metadata key with a space") << "key"
                                               << "metadata";
    QTest::newRow("unknown strategy") << "strategy"
                                      << "chunking_strategy";
    QTest::newRow("limit 0") << "limit"
                             << "limit";
    QTest::newRow("alpha above 1") << "alpha"
                                   << "alpha";
    QTest::newRow("dates in the wrong order") << "dates"
                                              << "date_from";
    QTest::newRow("list page too long") << "page"
                                        << "limit";
    QTest::newRow("negative offset") << "offset"
                                     << "offset";
    QTest::newRow("routing threshold above 1") << "threshold"
                                               << "routing_threshold";
}

void TestMemory::operationsCheckTheirInput()
{
    QFETCH(QString, what);
    QFETCH(QString, field);
    DocumentInput input = plainDocument(m_owner, QStringLiteral("a"), QStringLiteral("Some text."));
    SearchQuery query{.owner = m_owner, .text = QStringLiteral("text")};
    DocumentListQuery list{.owner = m_owner};
    RoutedQuery routed{.query = query};
    std::optional<Error> error;
    const auto failed = [&](const auto &result) {
        if (!result)
            error = result.error();
    };
    if (what == QLatin1String("limit") || what == QLatin1String("alpha") ||
        what == QLatin1String("dates")) {
        query.limit = what == QLatin1String("limit") ? 0 : 10;
        query.alpha = what == QLatin1String("alpha") ? 1.5 : 0.5;
        if (what == QLatin1String("dates")) {
            query.dateFrom = QDateTime(QDate(2024, 2, 1), QTime(0, 0), Qt::UTC);
            query.dateTo = QDateTime(QDate(2024, 1, 1), QTime(0, 0), Qt::UTC);
        }
        failed(await(memory().search(query)));
    } else if (what == QLatin1String("page") || what == QLatin1String("offset")) {
        list.limit = what == QLatin1String("page") ? 201 : 20;
        list.offset = what == QLatin1String("offset") ? -1 : 0;
        failed(await(memory().listDocuments(list)));
    } else if (what == QLatin1String("threshold")) {
        routed.threshold = 1.5;
        failed(await(memory().searchWithRouting(routed)));
    } else {
        if (what == QLatin1String("owner"))
            input.owner = {};
        else if (what == QLatin1String("content"))
            input.content = QStringLiteral(" \n");
        else if (what == QLatin1String("origin"))
            input.idAtOrigin.clear();
        else if (what == QLatin1String("strategy"))
            input.chunkingStrategy = QStringLiteral("fixed_size");
        else if (what == QLatin1String("key"))
            input.metadata = {{"a key", 1}};
        else
            input.metadata = Json::parse(R"({"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{}}}}}}}}})");
        failed(await(memory().addDocument(input)));
    }
    QVERIFY(error.has_value());
    QCOMPARE(error->kind, ErrorKind::Validation);
    QCOMPARE(error->field, field);
    QVERIFY(!error->message.isEmpty());
    // Nothing of it was stored.
    const auto owner = await(memory().owner(m_owner));
    QVERIFY(!owner);
    QCOMPARE(owner.error().kind, ErrorKind::NotFound);
}

void TestMemory::changesADocumentWithoutItsText()
{
    const AddedDocument added = add(QStringLiteral("a"), manyWords(300));
    const auto before =
        await(memory().document(m_owner, added.document.id, {.content = true, .chunks = true}));
    VERIFY_RESULT(before);
    const int calls = m_embedder->calls();
    DocumentChange change;
    change.name = QStringLiteral("New name");
    change.date = QDateTime(QDate(2024, 5, 1), QTime(12, 0), Qt::UTC);
    change.metadata = Json{{"tag", "new"}};
    const auto changed = await(memory().updateDocument(m_owner, added.document.id, change));
    VERIFY_RESULT(changed);
    QCOMPARE(changed->name, QStringLiteral("New name"));
    QCOMPARE(changed->date, *change.date);
    QVERIFY(changed->metadata == *change.metadata);
    QVERIFY(changed->updatedAt > added.document.updatedAt);
    QCOMPARE(changed->createdAt, added.document.createdAt);
    const auto after =
        await(memory().document(m_owner, added.document.id, {.content = true, .chunks = true}));
    VERIFY_RESULT(after);
    QCOMPARE(after->content, before->content);
    QCOMPARE(after->chunks.size(), before->chunks.size());
    QCOMPARE(after->chunks.first().id, before->chunks.first().id);
    QCOMPARE(m_embedder->calls(), calls);

    // What is not set stays; an invalid date removes it.
    change = {};
    change.date = QDateTime();
    const auto dateless = await(memory().updateDocument(m_owner, added.document.id, change));
    VERIFY_RESULT(dateless);
    QVERIFY(!dateless->date.isValid());
    QCOMPARE(dateless->name, QStringLiteral("New name"));
}

void TestMemory::refusesChangesOfNothing()
{
    const AddedDocument added = add(QStringLiteral("a"), QStringLiteral("Text."));
    const auto nothing = await(memory().updateDocument(m_owner, added.document.id, {}));
    QVERIFY(!nothing);
    QCOMPARE(nothing.error().kind, ErrorKind::Validation);
    DocumentChange nameless;
    nameless.name = QString();
    const auto unnamed = await(memory().updateDocument(m_owner, added.document.id, nameless));
    QVERIFY(!unnamed);
    QCOMPARE(unnamed.error().field, QStringLiteral("document_name"));
}

void TestMemory::deletesOneDocument()
{
    const AddedDocument added = add(QStringLiteral("a"), QStringLiteral("Text."));
    VERIFY_FUTURE(memory().deleteDocument(m_owner, added.document.id));
    const auto again = await(memory().deleteDocument(m_owner, added.document.id));
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::NotFound);
    const auto owner = await(memory().owner(m_owner));
    VERIFY_RESULT(owner);
    QCOMPARE(owner->documentCount, 0);
    QCOMPARE(owner->chunkCount, 0);
}

void TestMemory::deletesByIdsOrMetadata()
{
    QList<DocumentId> ids;
    for (int i = 0; i < 4; ++i) {
        DocumentInput input =
            plainDocument(m_owner, QString::number(i), QStringLiteral("Text number %1.").arg(i));
        input.metadata = {{"parity", i % 2}};
        const auto added = await(memory().addDocument(input));
        VERIFY_RESULT(added);
        ids << added->document.id;
    }
    const auto odd =
        await(memory().deleteDocuments(m_owner, {.ids = {}, .metadataFilter = {{"parity", 1}}}));
    VERIFY_RESULT(odd);
    QCOMPARE(QSet<DocumentId>(odd->begin(), odd->end()), (QSet<DocumentId>{ids[1], ids[3]}));
    const auto one = await(memory().deleteDocuments(
        m_owner, {.ids = {ids[0], DocumentId::create()}, .metadataFilter = {}}));
    VERIFY_RESULT(one);
    QCOMPARE(*one, QList<DocumentId>{ids[0]});
    for (const Json &filter : {Json(), Json::object()}) {
        const auto all =
            await(memory().deleteDocuments(m_owner, {.ids = {}, .metadataFilter = filter}));
        QVERIFY(!all); // an empty filter must not mean everything
        QCOMPARE(all.error().kind, ErrorKind::Validation);
    }
    const auto owner = await(memory().owner(m_owner));
    VERIFY_RESULT(owner);
    QCOMPARE(owner->documentCount, 1);
}

void TestMemory::pagesChunks()
{
    const AddedDocument added = add(QStringLiteral("a"), manyWords(400));
    const auto count = await(memory().chunkCount(m_owner, added.document.id));
    VERIFY_RESULT(count);
    QVERIFY(*count > 5);
    const auto all =
        await(memory().documentChunks({.owner = m_owner, .document = added.document.id}));
    VERIFY_RESULT(all);
    QCOMPARE(all->total, *count);
    QCOMPARE(all->chunks.size(), *count);
    const auto page = await(memory().documentChunks(
        {.owner = m_owner, .document = added.document.id, .limit = 2, .offset = 3}));
    VERIFY_RESULT(page);
    QCOMPARE(page->total, *count);
    QCOMPARE(page->chunks.size(), 2);
    QCOMPARE(page->chunks.first().id, all->chunks.at(3).id);
    // Without a limit an offset counts as well; the reference ignores it then.
    const auto tail = await(memory().documentChunks(
        {.owner = m_owner, .document = added.document.id, .offset = int(*count) - 1}));
    VERIFY_RESULT(tail);
    QCOMPARE(tail->chunks.size(), 1);
}

void TestMemory::readsVectorsOnRequest()
{
    const AddedDocument added = add(QStringLiteral("a"), QStringLiteral("A short text."));
    const auto without = await(memory().document(m_owner, added.document.id, {.chunks = true}));
    VERIFY_RESULT(without);
    QVERIFY(without->chunks.first().embedding.empty());
    const auto with = await(memory().document(m_owner, added.document.id, {.embeddings = true}));
    VERIFY_RESULT(with);
    const std::vector<float> &vector = with->chunks.first().embedding;
    QCOMPARE(int(vector.size()), m_embedder->dimension());
    double length = 0;
    for (const float value : vector)
        length += double(value) * double(value);
    QVERIFY(std::abs(length - 1.0) < 0.01);
}

void TestMemory::foreignDocumentsAreLikeMissingOnes()
{
    const AddedDocument added = add(QStringLiteral("a"), QStringLiteral("Mine."));
    VERIFY_FUTURE(memory().addOwner(m_other));
    const DocumentId ids[] = {added.document.id, DocumentId::create()};
    DocumentChange change;
    change.name = QStringLiteral("stolen");
    QList<Error> errors[2];
    for (int i = 0; i < 2; ++i) {
        const auto note = [&](const auto &result) {
            QVERIFY(!result);
            errors[i] << result.error();
        };
        note(await(memory().document(m_other, ids[i])));
        note(await(memory().updateDocument(m_other, ids[i], change)));
        note(await(memory().deleteDocument(m_other, ids[i])));
        note(await(memory().documentChunks({.owner = m_other, .document = ids[i]})));
        note(await(memory().chunkCount(m_other, ids[i])));
    }
    QCOMPARE(errors[0].size(), 5);
    for (int i = 0; i < 5; ++i) {
        QCOMPARE(errors[0][i].kind, ErrorKind::NotFound);
        QCOMPARE(errors[0][i].message, errors[1][i].message);
        QCOMPARE(errors[0][i].detail, errors[1][i].detail);
        QCOMPARE(errors[0][i].code, errors[1][i].code);
    }
    const auto kept = await(memory().document(m_owner, added.document.id));
    VERIFY_RESULT(kept);
    QCOMPARE(kept->document.name, QStringLiteral("a"));
}

void TestMemory::failedEmbeddingKeepsTheDocument()
{
    m_embedder->failNext(1000);
    const auto added = await(memory().addDocument(
        plainDocument(m_owner, QStringLiteral("a"), QStringLiteral("The lighthouse keeper."))));
    VERIFY_RESULT(added);
    QCOMPARE(added->status, AddStatus::Added);
    QCOMPARE(added->embeddingsCreated, 0);
    QCOMPARE(added->embeddingsPending, added->chunksCreated);
    QVERIFY(added->embeddingError.has_value());
    QCOMPARE(added->embeddingError->kind, ErrorKind::Embedding);
    const SearchQuery query{
        .owner = m_owner, .text = QStringLiteral("lighthouse"), .mode = SearchMode::Text};
    const auto found = await(memory().search(query));
    VERIFY_RESULT(found);
    QCOMPARE(found->hits.size(), 1);
    const auto status = await(memory().embeddingStatus(m_owner));
    VERIFY_RESULT(status);
    QCOMPARE(status->pending + status->failed, qint64(added->chunksCreated));
}

void TestMemory::givenUpEmbeddingsAreListedAndRetried()
{
    m_embedder->failNext(1000);
    const AddedDocument added = add(QStringLiteral("a"), QStringLiteral("Given up."));
    QVERIFY(!added.document.id.isNull());
    // As after the last of its attempts.
    const auto dead = await(m_schema->manager(1).runInTransaction(
        db::Access::Write, "kill", db::Scope::owner(m_owner), [this](db::Session &session) {
            static constexpr db::Statement kKill{
                "kill_job",
                "UPDATE {{tables.embedding_queue}} SET status = 'failed', attempts = 8, "
                "error_message = 'no luck' WHERE owner_id = $1"};
            return session.execute(kKill, {m_owner.toString()});
        }));
    VERIFY_RESULT(dead);
    QCOMPARE(*dead, 1);
    const auto failed = await(memory().failedEmbeddings(m_owner));
    VERIFY_RESULT(failed);
    QCOMPARE(failed->size(), 1);
    QCOMPARE(failed->first().document, added.document.id);
    QCOMPARE(failed->first().reason, QStringLiteral("no luck"));
    QCOMPARE(failed->first().excerpt, QStringLiteral("Given up."));
    const auto foreign = await(memory().failedEmbeddings(m_other));
    VERIFY_RESULT(foreign);
    QVERIFY(foreign->isEmpty());

    m_embedder->failNext(0);
    const auto retried =
        await(memory().retryEmbeddings({.owner = m_owner, .documents = {}, .chunks = {}}));
    VERIFY_RESULT(retried);
    QCOMPARE(*retried, 1);
    PendingEmbeddings request;
    request.owner = m_owner;
    const auto embedded = await(memory().processPendingEmbeddings(request));
    VERIFY_RESULT(embedded);
    QCOMPARE(*embedded, 1);
}

void TestMemory::backgroundProcessingStartsAndStops()
{
    const auto refused = memory().startBackgroundProcessing(0);
    QVERIFY(!refused);
    QCOMPARE(refused.error().field, QStringLiteral("interval_seconds"));
    DocumentInput input = plainDocument(m_owner, QStringLiteral("a"), manyWords(300));
    input.generateEmbeddings = false;
    for (int round = 0; round < 2; ++round) {
        input.content += QStringLiteral(" More in round %1.").arg(round);
        const auto added = await(memory().addDocument(input));
        VERIFY_RESULT(added);
        QCOMPARE(added->embeddingsCreated, 0);
        VERIFY_RESULT(memory().startBackgroundProcessing(1, 3));
        const auto pending = [&] {
            const auto status = await(memory().embeddingStatus(m_owner));
            return status ? status->pending : -1;
        };
        QTRY_COMPARE_WITH_TIMEOUT(pending(), 0, testing::kPatienceMs);
        memory().stopBackgroundProcessing();
        memory().stopBackgroundProcessing();
    }
}

void TestMemory::pendingOfAllOwners()
{
    for (const OwnerId &owner : {m_owner, m_other}) {
        DocumentInput input =
            plainDocument(owner, QStringLiteral("a"), QStringLiteral("Waiting text."));
        input.generateEmbeddings = false;
        VERIFY_FUTURE(memory().addDocument(input));
    }
    const auto done = await(memory().processPendingEmbeddings({}));
    VERIFY_RESULT(done);
    QVERIFY(*done >= 2);
    for (const OwnerId &owner : {m_owner, m_other}) {
        const auto status = await(memory().embeddingStatus(owner));
        VERIFY_RESULT(status);
        QCOMPARE(status->pending, 0);
        QCOMPARE(status->embedded, 1);
    }
}

void TestMemory::searchesWithDocuments()
{
    for (const testing::SampleDocument &sample : testing::sampleDocuments(m_owner))
        VERIFY_FUTURE(memory().addDocument(sample.input));
    const testing::SampleDocument sample = testing::sampleDocuments(m_owner).first();
    const SearchQuery query{
        .owner = m_owner, .text = sample.words.first(), .mode = SearchMode::Text};
    const auto answer = await(memory().searchWithDocuments(query));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->documents.size(), 1);
    QCOMPARE(answer->documents.first().name, sample.input.name);
    QVERIFY(answer->documents.first().metadata == sample.input.metadata);
    const auto bare = await(memory().searchWithDocuments(query, false));
    VERIFY_RESULT(bare);
    QVERIFY(bare->documents.first().metadata.empty());
}

void TestMemory::routesWhatNothingCanAnswer()
{
    RoutedQuery routed;
    routed.query = {.owner = m_owner, .text = QStringLiteral("How tall is the lighthouse?")};
    const auto nothing = await(memory().searchWithRouting(routed));
    VERIFY_RESULT(nothing);
    QCOMPARE(nothing->route, Route::Unanswerable);
    QVERIFY(!nothing->answer);
    QVERIFY(!nothing->message.isEmpty());
    add(QStringLiteral("a"), QStringLiteral("The lighthouse is forty metres tall."));
    const auto found = await(memory().searchWithRouting(routed));
    VERIFY_RESULT(found);
    QCOMPARE(found->route, Route::Retrieval);
    QCOMPARE(found->answer->hits.size(), 1);
}

void TestMemory::measuresRecall()
{
    const auto nobody = await(memory().measureRecall(m_owner));
    QVERIFY(!nobody);
    QCOMPARE(nobody.error().kind, ErrorKind::NotFound);
    QCOMPARE(await(memory().measureRecall({})).error().field, QStringLiteral("owner_id"));
    add(QStringLiteral("a"), QStringLiteral("The lighthouse is forty metres tall."));
    const auto check = await(memory().measureRecall(m_owner));
    VERIFY_RESULT(check);
    QCOMPARE(check->passages, 1);
    QVERIFY(!check->hasIndex);
}

void TestMemory::tellsThatAnOwnerChanged()
{
    QSignalSpy spy(&memory(), &Memory::ownerChanged);
    const AddedDocument added = add(QStringLiteral("a"), QStringLiteral("Text."));
    QTRY_VERIFY(!spy.isEmpty());
    spy.clear();
    VERIFY_FUTURE(memory().deleteDocument(m_owner, added.document.id));
    QTRY_COMPARE(spy.size(), 1);
    QCOMPARE(spy.first().first().value<OwnerId>(), m_owner);
}

void TestMemory::cancellingStopsTheOperation_data()
{
    QTest::addColumn<bool>("adding");
    QTest::newRow("change") << false;
    QTest::newRow("add") << true;
}

void TestMemory::cancellingStopsTheOperation()
{
    QFETCH(bool, adding);
    const AddedDocument added = add(QStringLiteral("a"), QStringLiteral("The old text."));
    // Somebody holds the row: whoever changes it waits in the server.
    const auto names = db::SqlNames::forSchema(m_schema->schema());
    auto blocker = db::Connection::open(m_schema->params());
    VERIFY_RESULT(blocker);
    db::Session session(**blocker, *names);
    auto holding = db::Transaction::begin(session, "hold", db::Scope::owner(m_owner));
    VERIFY_RESULT(holding);
    static constexpr db::Statement kHold{
        "hold", "SELECT 1 FROM {{tables.documents}} WHERE owner_id = $1 FOR UPDATE"};
    VERIFY_RESULT(session.query(kHold, {m_owner.toString()}));
    static constexpr db::Statement kWaiting{
        "waiting",
        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted "
        "AND $1 = ANY (SELECT jsonb_array_elements_text(to_jsonb(pg_blocking_pids(l.pid)))::int)"};
    static constexpr db::Statement kPid{"pid", "SELECT pg_backend_pid()"};
    const auto pid = session.queryOne(kPid);
    VERIFY_RESULT(pid);
    const auto watcher = m_schema->manager(1);
    const auto waiting = [&] {
        const auto row = await(watcher.run(db::Access::Read, [&](db::Session &s) {
            return s.queryOne(kWaiting, {pid->integer(0)});
        }));
        return row ? row->integer(0) : -1;
    };
    DocumentChange change;
    change.name = QStringLiteral("renamed");
    QFuture<Result<AddedDocument>> replaced;
    QFuture<Result<Document>> changed;
    if (adding)
        replaced = memory().addDocument(
            plainDocument(m_owner, QStringLiteral("a"), QStringLiteral("The new text.")));
    else
        changed = memory().updateDocument(m_owner, added.document.id, change);
    QTRY_COMPARE(waiting(), 1);
    replaced.cancel();
    changed.cancel();
    QTRY_COMPARE(waiting(), 0);
    QTRY_VERIFY(adding ? replaced.isFinished() : changed.isFinished());
    *holding = nullptr; // rolls back
    const auto kept = await(memory().document(m_owner, added.document.id, {.content = true}));
    VERIFY_RESULT(kept);
    QCOMPARE(kept->content, QStringLiteral("The old text."));
    QCOMPARE(kept->document.name, QStringLiteral("a"));
}

QTEST_GUILESS_MAIN(TestMemory)
#include "tst_memory.moc"
