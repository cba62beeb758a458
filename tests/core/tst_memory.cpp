#include "core/memory.h"
#include "core/testing/await.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/sample_documents.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace llmemory;
using testing::await;
using testing::DeterministicEmbedder;
using testing::TemporarySchema;

namespace {

DocumentInput document(const OwnerId &owner, const QString &origin, const QString &text)
{
    DocumentInput input;
    input.owner = owner;
    input.idAtOrigin = origin;
    input.name = origin;
    input.content = text;
    return input;
}

QString manyWords(int count)
{
    QString text;
    for (int i = 0; i < count; ++i)
        text += QStringLiteral("word%1 and some more of them. ").arg(i);
    return text;
}

} // namespace

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
    void chunkSizesFollowTheConfiguration();
    void summariesFollowTheConfiguration();
    void searchesWithDocuments();
    void routesWhatNothingCanAnswer();
    void migratesByHand();
    void refusesASchemaThatIsOutOfDate();
    void tellsThatAnOwnerChanged();
    void opensAsAValueAndClosesItsConnections();
    void poolFollowsTheConfiguration();
    void appliesMigrationsOfTheProgram();
    void cancellingStopsTheOperation_data();
    void cancellingStopsTheOperation();
    void readsFromAServerThatOnlyReads();
    void modelsDoNotShareATable();
    void emptyDataDirectoryIsTheUsualOne();

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
    auto added = await(memory().addDocument(document(m_owner, origin, text)));
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
    DocumentInput input = document(m_owner, QStringLiteral("a"), QStringLiteral("Some text."));
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
            document(m_owner, QString::number(i), QStringLiteral("Text number %1.").arg(i));
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
        document(m_owner, QStringLiteral("a"), QStringLiteral("The lighthouse keeper."))));
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
    DocumentInput input = document(m_owner, QStringLiteral("a"), manyWords(300));
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
        DocumentInput input = document(owner, QStringLiteral("a"), QStringLiteral("Waiting text."));
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

void TestMemory::chunkSizesFollowTheConfiguration()
{
    const QString text = manyWords(600);
    const auto passages = [&](const Config &config, const Json &own) -> QList<Chunk> {
        Memory configured(config);
        if (auto ok = await(configured.initialize()); !ok)
            return {};
        DocumentInput input = document(m_owner, QStringLiteral("sized"), text);
        input.chunkingConfig = own;
        const auto added = await(configured.addDocument(input));
        if (!added)
            return {};
        const auto page =
            await(configured.documentChunks({.owner = m_owner, .document = added->document.id}));
        QList<Chunk> children;
        for (const Chunk &chunk : page ? page->chunks : QList<Chunk>()) {
            if (chunk.level == 1)
                children << chunk;
        }
        return children;
    };
    const auto longest = [](const QList<Chunk> &chunks) {
        int most = 0;
        for (const Chunk &chunk : chunks)
            most = std::max(most, chunk.tokenCount);
        return most;
    };
    Config config = memory().config();
    const QList<Chunk> usual = passages(config, {});
    config.chunking.chunkSize = 60;
    config.chunking.chunkOverlap = 0;
    const QList<Chunk> small = passages(config, {});
    QVERIFY(longest(usual) > 100);
    QVERIFY(longest(small) <= 60);
    QVERIFY(small.size() > usual.size());
    for (qsizetype i = 1; i < small.size(); ++i)
        QVERIFY(small.at(i).locator.charStart >= small.at(i - 1).locator.charEnd);
    config.chunking.chunkOverlap = 20;
    const QList<Chunk> overlapping = passages(config, {});
    QVERIFY(std::adjacent_find(
                overlapping.begin(), overlapping.end(), [](const Chunk &a, const Chunk &b) {
                    return a.parent == b.parent && b.locator.charStart < a.locator.charEnd;
                }) != overlapping.end());
    // A document's own sizes go before, the limit behind everything.
    QVERIFY(longest(passages(config, {{"child_size", 120}, {"parent_size", 240}})) > 60);
    config.chunking.maxChunkSize = 60;
    QVERIFY(longest(passages(config, {{"child_size", 120}, {"parent_size", 240}})) <= 60);
}

void TestMemory::summariesFollowTheConfiguration()
{
    const QString text = manyWords(30);
    add(QStringLiteral("a"), text);
    const SearchQuery query{.owner = m_owner, .text = QStringLiteral("word3")};
    const auto without = await(memory().search(query));
    VERIFY_RESULT(without);
    QVERIFY(without->hits.first().summary.isEmpty());
    Config config = memory().config();
    config.chunking.summaries = true;
    config.chunking.summaryMaxTokens = 40;
    Memory summing(config);
    VERIFY_FUTURE(summing.initialize());
    const auto with = await(summing.search(query));
    VERIFY_RESULT(with);
    const QString summary = with->hits.first().summary;
    QVERIFY(summary.startsWith(QLatin1String("word0 and some")));
    QVERIFY(summary.endsWith(QLatin1String("...")));
    QCOMPARE(summary.split(QLatin1Char(' ')).size(), 20);
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

void TestMemory::migratesByHand()
{
    const TemporarySchema fresh(false);
    Config config = fresh.config(false);
    config.embedding.embedder = m_embedder;
    config.database.runMigrations = false;
    Memory byHand(config);
    const auto before = await(byHand.migrationStatus());
    VERIFY_RESULT(before);
    QCOMPARE(before->schema, fresh.schema());
    QVERIFY(before->pending > 0);
    const auto plan = await(byHand.planMigrations());
    VERIFY_RESULT(plan);
    QCOMPARE(plan->steps.size(), before->pending);
    QVERIFY(plan->createsSchema);
    QVERIFY(plan->steps.first().sql.contains(fresh.schema()));
    const auto unchanged = await(byHand.migrationStatus());
    VERIFY_RESULT(unchanged);
    QCOMPARE(unchanged->pending, before->pending);
    const auto applied = await(byHand.applyMigrations());
    VERIFY_RESULT(applied);
    QCOMPARE(*applied, before->pending);
    VERIFY_FUTURE(byHand.initialize());
    VERIFY_FUTURE(byHand.listOwners());
}

void TestMemory::refusesASchemaThatIsOutOfDate()
{
    const TemporarySchema fresh(false);
    Config config = fresh.config(false);
    config.database.runMigrations = false;
    Memory outdated(config);
    const auto opened = await(outdated.initialize());
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, ErrorKind::Configuration);
    QCOMPARE(opened.error().code, QStringLiteral("schema_outdated"));
    const auto status = await(outdated.migrationStatus());
    VERIFY_RESULT(status);
    QVERIFY(status->pending > 0); // nothing was changed
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

void TestMemory::opensAsAValueAndClosesItsConnections()
{
    static constexpr db::Statement kOpen{
        "open", "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"};
    const auto watcher = m_schema->manager(1);
    const QString name = QStringLiteral("raii_") + m_owner.toString();
    const auto connections = [&] {
        const auto row = await(watcher.run(db::Access::Read, [&](db::Session &session) {
            return session.queryOne(kOpen, {name});
        }));
        return row ? row->integer(0) : -1;
    };
    Config config = memory().config();
    config.database.connectionString += QStringLiteral(" application_name=") + name;
    {
        auto opened = Memory::open(config);
        VERIFY_RESULT(opened);
        VERIFY_FUTURE((*opened)->listOwners());
        QVERIFY(connections() >= 1);
    }
    QTRY_COMPARE(connections(), 0);
    config.database.maxPoolSize = 1000;
    const auto refused = Memory::open(config);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Configuration);
}

void TestMemory::poolFollowsTheConfiguration()
{
    Config config = memory().config();
    config.database.minPoolSize = 2;
    config.database.maxPoolSize = 3;
    config.database.connectTimeoutS = 4;
    config.database.acquireTimeoutS = 5;
    config.database.statementTimeoutS = 6;
    config.database.lockTimeoutS = 7;
    config.database.idleTimeoutS = 8;
    Memory configured(config);
    VERIFY_FUTURE(configured.initialize());
    const auto database = configured.databaseManager();
    VERIFY_RESULT(database);
    const db::PoolOptions &pool = database->pool()->options();
    using std::chrono::seconds;
    QCOMPARE(pool.minConnections, 2);
    QCOMPARE(pool.maxConnections, 3);
    QVERIFY(pool.connectTimeout == seconds(4));
    QVERIFY(pool.acquireTimeout == seconds(5));
    QVERIFY(pool.timeouts.statement == seconds(6));
    QVERIFY(pool.timeouts.lock == seconds(7));
    QVERIFY(pool.idleTimeout == seconds(8));
    // They hold in the server.
    static constexpr db::Statement kSettings{
        "settings", "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"};
    const auto settings = await(database->runInTransaction(
        db::Access::Read, "settings", db::Scope::registry(), [](db::Session &session) {
            return session.queryOne(kSettings);
        }));
    VERIFY_RESULT(settings);
    QCOMPARE(settings->text(0), QStringLiteral("6s"));
    QCOMPARE(settings->text(1), QStringLiteral("7s"));
}

void TestMemory::appliesMigrationsOfTheProgram()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("1_notes.sql")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("CREATE TABLE {{tables.program_notes}} (note text PRIMARY KEY);");
    file.close();
    const TemporarySchema fresh(false);
    Config config = fresh.config(false);
    config.embedding.embedder = m_embedder;
    config.migrations = {{QStringLiteral("program"), folder.path()}};
    Memory own(config);
    VERIFY_FUTURE(own.initialize());
    const auto status = await(own.migrationStatus());
    VERIFY_RESULT(status);
    QCOMPARE(status->entries.last().module, QStringLiteral("program"));
    QVERIFY(status->entries.last().applied);
    static constexpr db::Statement kInsert{"note",
                                           "INSERT INTO {{tables.program_notes}} VALUES ($1)"};
    const auto database = own.databaseManager();
    VERIFY_RESULT(database);
    const auto inserted = await(database->run(db::Access::Write, [](db::Session &session) {
        return session.execute(kInsert, {QStringLiteral("mine")});
    }));
    VERIFY_RESULT(inserted);
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
            document(m_owner, QStringLiteral("a"), QStringLiteral("The new text.")));
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

void TestMemory::readsFromAServerThatOnlyReads()
{
    add(QStringLiteral("a"), QStringLiteral("The lighthouse."));
    Config config = memory().config();
    config.database.connectionString +=
        QStringLiteral(" options='-c default_transaction_read_only=on'");
    config.database.runMigrations = false;
    Memory reading(config);
    VERIFY_FUTURE(reading.initialize());
    const auto answer =
        await(reading.search({.owner = m_owner, .text = QStringLiteral("lighthouse")}));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 1);
    VERIFY_FUTURE(reading.listDocuments({.owner = m_owner}));
    VERIFY_FUTURE(reading.statistics(m_owner));
    const auto refused = await(reading.addDocument(
        document(m_owner, QStringLiteral("b"), QStringLiteral("No room here."))));
    QVERIFY(!refused);
    QCOMPARE(refused.error().sqlState, QStringLiteral("25006"));
}

void TestMemory::modelsDoNotShareATable()
{
    /// The same table name as "deterministic-64".
    class Underscored final : public embed::Embedder
    {
    public:
        QString modelId() const override { return QStringLiteral("deterministic_64"); }
        int dimension() const override { return m_model.dimension(); }
        Result<std::vector<embed::Vector>> embedDocuments(
            const QList<QString> &texts) const override
        {
            return m_model.embedDocuments(texts);
        }
        Result<embed::Vector> embedQuery(const QString &text) const override
        {
            return m_model.embedQuery(text);
        }

    private:
        DeterministicEmbedder m_model;
    };
    Config config = memory().config();
    config.embedding.embedder = std::make_shared<Underscored>();
    const auto opened = Memory::open(config);
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, ErrorKind::Configuration);
    QVERIFY(opened.error().message.contains(QLatin1String("deterministic-64")));
}

void TestMemory::emptyDataDirectoryIsTheUsualOne()
{
    const Memory unnamed{Config()};
    QVERIFY(QDir::isAbsolutePath(unnamed.config().dataDirectory));
    QVERIFY(unnamed.config().dataDirectory.endsWith(QLatin1String("/llmemory")));
}

QTEST_GUILESS_MAIN(TestMemory)
#include "tst_memory.moc"
