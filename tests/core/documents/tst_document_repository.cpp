#include "core/documents/chunk_repository.h"
#include "core/documents/document_repository.h"
#include "core/tenants/owner_repository.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"

using namespace llmemory;
using db::Session;
using testing::documentInput;
using testing::DocumentStore;
using testing::englishText;
using testing::ownerId;
using testing::TemporarySchema;

Q_DECLARE_METATYPE(DocumentListQuery)

namespace {

/// All documents of an owner, a page of @p limit.
DocumentListQuery everythingOf(const OwnerId &owner, int limit = 20)
{
    DocumentListQuery query;
    query.owner = owner;
    query.limit = limit;
    return query;
}

} // namespace

/// Listing, reading and deleting, each within one tenant.
class TestDocumentRepository : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void listed_data();
    void listed();
    void pagesFollowEachOther_data();
    void pagesFollowEachOther();
    void totalsOfPages();
    void refusedLists_data();
    void refusedLists();
    void othersDocumentIsLikeAMissingOne();
    void othersPassageIsLikeAMissingOne();
    void deleted();
    void deletingIgnoresForeignIds();

private:
    Result<DocumentPage> list(const DocumentListQuery &query);

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
    OwnerId m_owner; // with six documents
};

void TestDocumentRepository::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
    m_owner = ownerId(QStringLiteral("reader"));
    struct Entry
    {
        QString id;
        QString name;
        DocumentType type;
        Json metadata;
    };
    const Entry entries[] = {
        {QStringLiteral("1"), QStringLiteral("100% wool"), DocumentType::Text, {{"k", 1}}},
        {QStringLiteral("2"),
         QStringLiteral("1000 sheep"),
         DocumentType::Report,
         {{"k", 2}, {"tags", {"a", "b"}}}},
        {QStringLiteral("3"),
         QStringLiteral("snake_case"),
         DocumentType::Text,
         {{"k", 1}, {"deep", {{"er", true}}}}},
        {QStringLiteral("4"), QStringLiteral("snakeXcase"), DocumentType::Code, Json::object()},
        {QStringLiteral("5"), QStringLiteral("back\\slash"), DocumentType::Text, Json::object()},
        {QStringLiteral("/\u00dcber/6"),
         QStringLiteral("a name"),
         DocumentType::Text,
         Json::object()},
    };
    for (const Entry &entry : entries) {
        DocumentInput input =
            documentInput(m_owner, entry.id, QStringLiteral("Text of ") + entry.name);
        input.name = entry.name;
        input.type = entry.type;
        input.metadata = entry.metadata;
        VERIFY_RESULT(m_store->add(input));
    }
    VERIFY_RESULT(m_store->add(
        documentInput(ownerId(QStringLiteral("stranger")), QStringLiteral("1"), englishText(1))));
}

Result<DocumentPage> TestDocumentRepository::list(const DocumentListQuery &query)
{
    return m_store->as(query.owner, [&](Session &s) { return documents::listDocuments(s, query); });
}

void TestDocumentRepository::listed_data()
{
    QTest::addColumn<DocumentListQuery>("query");
    QTest::addColumn<QString>("ids");
    const OwnerId owner = ownerId(QStringLiteral("reader"));
    const auto row = [&](const char *name,
                         const QString &ids,
                         const std::function<void(DocumentListQuery &)> &change) {
        DocumentListQuery query = everythingOf(owner);
        change(query);
        QTest::newRow(name) << query << ids;
    };
    const QString last = QStringLiteral("/\u00dcber/6");
    row("newest first", QString(last + QStringLiteral(" 5 4 3 2 1")), [](auto &) {});
    row("oldest first", QString(QStringLiteral("1 2 3 4 5 ") + last), [](auto &q) {
        q.descending = false;
    });
    row("by name", QString(QStringLiteral("1 2 ") + last + QStringLiteral(" 5 4 3")), [](auto &q) {
        q.order = DocumentOrder::Name;
        q.descending = false;
    });
    row("by name, backwards",
        QString(QStringLiteral("3 4 5 ") + last + QStringLiteral(" 2 1")),
        [](auto &q) { q.order = DocumentOrder::Name; });
    row("by update", QString(last + QStringLiteral(" 5 4 3 2 1")), [](auto &q) {
        q.order = DocumentOrder::UpdatedAt;
    });
    row("page", QStringLiteral("4 3"), [](auto &q) {
        q.offset = 2;
        q.limit = 2;
    });
    row("behind the end", QString(), [](auto &q) { q.offset = 100; });
    row("type", QStringLiteral("2"), [](auto &q) { q.type = DocumentType::Report; });
    row("metadata", QStringLiteral("3 1"), [](auto &q) { q.metadataFilter = Json{{"k", 1}}; });
    row("metadata in a list", QStringLiteral("2"), [](auto &q) {
        q.metadataFilter = Json{{"tags", {"b"}}};
    });
    row("metadata inside", QStringLiteral("3"), [](auto &q) {
        q.metadataFilter = Json{{"deep", {{"er", true}}}};
    });
    row("metadata of another type", QString(), [](auto &q) {
        q.metadataFilter = Json{{"k", "1"}};
    });
    row("empty metadata filter", QString(last + QStringLiteral(" 5 4 3 2 1")), [](auto &q) {
        q.metadataFilter = Json::object();
    });
    row("metadata with U+0000", QString(), [](auto &q) {
        q.metadataFilter = Json{{"k", std::string("\0x", 2)}};
    });
    row("metadata with quotes", QString(), [](auto &q) {
        q.metadataFilter = Json{{"it's", "\\\"; --"}};
    });
    row("percent sign", QStringLiteral("1"), [](auto &q) {
        q.nameContains = QStringLiteral("100%");
    });
    row("underscore", QStringLiteral("3"), [](auto &q) { q.nameContains = QStringLiteral("e_c"); });
    row("backslash", QStringLiteral("5"), [](auto &q) { q.nameContains = QStringLiteral("\\"); });
    row("any case", QStringLiteral("4 3"), [](auto &q) {
        q.nameContains = QStringLiteral("SNAKE");
    });
    row("origin", last, [](auto &q) { q.nameContains = QStringLiteral("ber/6"); });
    row("U+0000 in the name", QStringLiteral("2"), [](auto &q) {
        q.nameContains = QStringLiteral("sh") + QChar(u'\0') + QStringLiteral("eep");
    });
    row("everything together", QStringLiteral("3"), [](auto &q) {
        q.type = DocumentType::Text;
        q.metadataFilter = Json{{"k", 1}};
        q.nameContains = QStringLiteral("snake");
    });
}

void TestDocumentRepository::listed()
{
    QFETCH(DocumentListQuery, query);
    QFETCH(QString, ids);
    const auto page = list(query);
    VERIFY_RESULT(page);
    QStringList found;
    for (const Document &document : page->documents)
        found << document.idAtOrigin;
    QCOMPARE(found.join(QLatin1Char(' ')), ids);
    QCOMPARE(page->limit, query.limit);
    QCOMPARE(page->offset, query.offset);
}

void TestDocumentRepository::pagesFollowEachOther_data()
{
    QTest::addColumn<int>("order");
    QTest::addColumn<bool>("descending");
    for (const auto order :
         {DocumentOrder::CreatedAt, DocumentOrder::UpdatedAt, DocumentOrder::Name}) {
        for (const bool descending : {false, true})
            QTest::addRow("order %d, descending %d", int(order), int(descending))
                << int(order) << descending;
    }
}

void TestDocumentRepository::pagesFollowEachOther()
{
    QFETCH(int, order);
    QFETCH(bool, descending);
    // Added in one transaction under one name: only the id tells them apart.
    const OwnerId owner = ownerId(QStringLiteral("pages.%1.%2").arg(order).arg(int(descending)));
    static constexpr db::Statement kSame{"same",
                                         "UPDATE {{tables.documents}} SET created_at = now(), "
                                         "updated_at = now(), document_name = 'same' "
                                         "WHERE owner_id = $1"};
    for (int i = 0; i < 11; ++i)
        VERIFY_RESULT(
            m_store->add(documentInput(owner, QString::number(i), QStringLiteral("Text"))));
    VERIFY_RESULT(
        m_store->as(owner, [&](Session &s) { return s.execute(kSame, {owner.toString()}); }));

    DocumentListQuery query = everythingOf(owner, 3);
    query.order = DocumentOrder(order);
    query.descending = descending;
    QSet<DocumentId> seen;
    for (query.offset = 0; query.offset < 12; query.offset += 3) {
        const auto page = list(query);
        VERIFY_RESULT(page);
        QCOMPARE(page->total, 11);
        for (const Document &document : page->documents) {
            QVERIFY(!seen.contains(document.id));
            seen.insert(document.id);
        }
    }
    QCOMPARE(seen.size(), 11);
}

void TestDocumentRepository::totalsOfPages()
{
    const auto all = list(everythingOf(m_owner, 2));
    VERIFY_RESULT(all);
    QCOMPARE(all->total, 6);
    QCOMPARE(all->documents.size(), 2);
    DocumentListQuery texts = everythingOf(m_owner, 1);
    texts.type = DocumentType::Text;
    const auto some = list(texts);
    VERIFY_RESULT(some);
    QCOMPARE(some->total, 4);
    const auto unknown = list(everythingOf(ownerId(QStringLiteral("unknown"))));
    VERIFY_RESULT(unknown);
    QCOMPARE(unknown->total, 0);
    QVERIFY(unknown->documents.isEmpty());
}

void TestDocumentRepository::refusedLists_data()
{
    QTest::addColumn<DocumentListQuery>("query");
    QTest::addColumn<QString>("field");
    const OwnerId owner = ownerId(QStringLiteral("reader"));
    QTest::newRow("no owner") << DocumentListQuery{} << QStringLiteral("owner_id");
    QTest::newRow("limit 0") << everythingOf(owner, 0) << QStringLiteral("limit");
    QTest::newRow("limit 201") << everythingOf(owner, 201) << QStringLiteral("limit");
    DocumentListQuery before = everythingOf(owner);
    before.offset = -1;
    QTest::newRow("offset -1") << before << QStringLiteral("offset");
    DocumentListQuery noObject = everythingOf(owner);
    noObject.metadataFilter = Json("x");
    QTest::newRow("filter is no object") << noObject << QStringLiteral("metadata_filter");
}

void TestDocumentRepository::refusedLists()
{
    QFETCH(DocumentListQuery, query);
    QFETCH(QString, field);
    const auto page = list(query);
    QVERIFY(!page);
    QCOMPARE(page.error().kind, ErrorKind::Validation);
    QCOMPARE(page.error().field, field);
}

void TestDocumentRepository::othersDocumentIsLikeAMissingOne()
{
    const OwnerId owner = ownerId(QStringLiteral("victim"));
    const OwnerId thief = ownerId(QStringLiteral("thief"));
    const auto added =
        m_store->add(documentInput(owner, QStringLiteral("a"), QStringLiteral("Mine alone.")));
    VERIFY_RESULT(added);
    const auto ask = [&](const DocumentId &id) {
        return m_store->as(thief,
                           [&](Session &s) { return documents::findDocument(s, thief, id); });
    };
    const auto foreign = ask(added->document.id);
    const auto missing = ask(DocumentId::create());
    QVERIFY(!foreign);
    QVERIFY(!missing);
    QCOMPARE(foreign.error().kind, ErrorKind::NotFound);
    QCOMPARE(foreign.error().message, missing.error().message);
    QCOMPARE(foreign.error().detail, missing.error().detail);
    const auto text = m_store->as(thief, [&](Session &s) {
        return documents::documentContent(s, thief, added->document.id);
    });
    QVERIFY(!text);
    QCOMPARE(text.error().kind, ErrorKind::NotFound);
}

void TestDocumentRepository::othersPassageIsLikeAMissingOne()
{
    const OwnerId owner = ownerId(QStringLiteral("victim2"));
    const OwnerId thief = ownerId(QStringLiteral("thief2"));
    const auto added =
        m_store->add(documentInput(owner, QStringLiteral("a"), QStringLiteral("Mine alone.")));
    VERIFY_RESULT(added);
    const auto chunks = m_store->as(owner, [&](Session &s) {
        return documents::chunksOfDocument(s, {.owner = owner, .document = added->document.id});
    });
    VERIFY_RESULT(chunks);
    QVERIFY(!chunks->chunks.isEmpty());
    const ChunkId id = chunks->chunks.first().id;
    VERIFY_RESULT(
        m_store->as(owner, [&](Session &s) { return documents::findChunk(s, owner, id); }));
    const auto foreign =
        m_store->as(thief, [&](Session &s) { return documents::findChunk(s, thief, id); });
    QVERIFY(!foreign);
    QCOMPARE(foreign.error().kind, ErrorKind::NotFound);
    const auto foreignList = m_store->as(thief, [&](Session &s) {
        return documents::chunksOfDocument(s, {.owner = thief, .document = added->document.id});
    });
    QVERIFY(!foreignList);
    QCOMPARE(foreignList.error().kind, ErrorKind::NotFound);
}

void TestDocumentRepository::deleted()
{
    static constexpr db::Statement kLeft{
        "left",
        "SELECT (SELECT count(*) FROM {{tables.document_contents}} WHERE owner_id = $1) "
        "+ (SELECT count(*) FROM {{tables.document_chunks}} WHERE owner_id = $1) "
        "+ (SELECT count(*) FROM {{tables.embedding_queue}} WHERE owner_id = $1) "
        "+ (SELECT count(*) FROM {{embeddings}} WHERE owner_id = $1)"};
    const OwnerId owner = ownerId(QStringLiteral("deleter"));
    const auto first =
        m_store->addEmbedded(documentInput(owner, QStringLiteral("1"), englishText(40)));
    const auto second = m_store->add(documentInput(owner, QStringLiteral("2"), englishText(40)));
    VERIFY_RESULT(first);
    VERIFY_RESULT(second);
    const auto remove = [&](const QList<DocumentId> &ids) {
        return m_store->as(owner, [&](Session &s) {
            return documents::deleteDocuments(s, owner, {.ids = ids, .metadataFilter = {}});
        });
    };
    const auto one = remove({first->document.id, DocumentId::create(), first->document.id});
    VERIFY_RESULT(one);
    QCOMPARE(*one, QList<DocumentId>{first->document.id});
    auto counts = tenants::findOwner(m_store->session(), owner);
    VERIFY_RESULT(counts);
    QCOMPARE(counts->documentCount, 1);
    QCOMPARE(counts->chunkCount, second->chunksCreated);

    const auto rest = remove({second->document.id});
    VERIFY_RESULT(rest);
    QCOMPARE(rest->size(), 1);
    counts = tenants::findOwner(m_store->session(), owner);
    VERIFY_RESULT(counts);
    QCOMPARE(counts->documentCount, 0);
    QCOMPARE(counts->chunkCount, 0);
    const auto left =
        m_store->as(owner, [&](Session &s) { return s.queryOne(kLeft, {owner.toString()}); });
    VERIFY_RESULT(left);
    QCOMPARE(left->integer(0), 0);

    const auto nothing = remove({});
    QVERIFY(!nothing);
    QCOMPARE(nothing.error().field, QStringLiteral("document_ids"));
}

void TestDocumentRepository::deletingIgnoresForeignIds()
{
    const OwnerId owner = ownerId(QStringLiteral("kept"));
    const OwnerId other = ownerId(QStringLiteral("deleting"));
    const auto kept =
        m_store->add(documentInput(owner, QStringLiteral("a"), QStringLiteral("Stays.")));
    const auto own =
        m_store->add(documentInput(other, QStringLiteral("a"), QStringLiteral("Goes.")));
    VERIFY_RESULT(kept);
    VERIFY_RESULT(own);
    const auto deleted = m_store->as(other, [&](Session &s) {
        return documents::deleteDocuments(
            s, other, {.ids = {kept->document.id, own->document.id}, .metadataFilter = {}});
    });
    VERIFY_RESULT(deleted);
    QCOMPARE(*deleted, QList<DocumentId>{own->document.id});
    VERIFY_RESULT(m_store->as(
        owner, [&](Session &s) { return documents::findDocument(s, owner, kept->document.id); }));
    const auto counts = tenants::findOwner(m_store->session(), owner);
    VERIFY_RESULT(counts);
    QCOMPARE(counts->documentCount, 1);
}

QTEST_GUILESS_MAIN(TestDocumentRepository)
#include "tst_document_repository.moc"
