#include "core/documents/chunk_repository.h"
#include "core/documents/document_repository.h"
#include "core/documents/document_writer.h"
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

namespace {

constexpr Statement kStored{
    "stored",
    "SELECT (SELECT count(*) FROM {{tables.document_chunks}} WHERE owner_id = $1), "
    "(SELECT count(*) FROM {{tables.embedding_queue}} WHERE owner_id = $1), "
    "(SELECT count(*) FROM {{embeddings}} WHERE owner_id = $1)"};

struct Stored
{
    int chunks = -1;
    int jobs = -1;
    int vectors = -1;
};

} // namespace

/// Adding documents: new, the same again, with other fields, with another text, at once.
class TestDocumentWriter : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void added();
    void unchanged();
    void otherFieldsOnly_data();
    void otherFieldsOnly();
    void replacedTextKeepsTheId();
    void otherTypeCutsAnew();
    void severalInOneTransaction();
    void rolledBackLeavesTheOldVersion();
    void addedTwiceAtOnce();
    void replacedTwiceAtOnce();
    void manyOfOneOwnerAtOnce();
    void sameOriginOfTwoOwners();
    void charactersOfNoText();
    void withPagesAndHeadings();
    void large();
    void refused_data();
    void refused();

private:
    Session &session() { return m_store->session(); }
    Stored stored();
    void verifyCounts(qint64 documents, qint64 passages);
    QString content(const DocumentId &id);

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
    OwnerId m_owner; // a new one each test
};

void TestDocumentWriter::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
}

void TestDocumentWriter::init()
{
    m_owner = ownerId(QUuid::createUuid().toString(QUuid::WithoutBraces));
}

Stored TestDocumentWriter::stored()
{
    const auto row =
        m_store->as(m_owner, [&](Session &s) { return s.queryOne(kStored, {m_owner.toString()}); });
    return row ? Stored{row->integer(0), row->integer(1), row->integer(2)} : Stored();
}

void TestDocumentWriter::verifyCounts(qint64 documents, qint64 passages)
{
    const auto owner = tenants::findOwner(session(), m_owner);
    VERIFY_RESULT(owner);
    QCOMPARE(owner->documentCount, documents);
    QCOMPARE(owner->chunkCount, passages);
}

QString TestDocumentWriter::content(const DocumentId &id)
{
    const auto text = m_store->as(
        m_owner, [&](Session &s) { return documents::documentContent(s, m_owner, id); });
    return text ? *text : text.error().message;
}

void TestDocumentWriter::added()
{
    DocumentInput input = documentInput(m_owner, QStringLiteral("/a.txt"), englishText(100));
    input.metadata = Json{{"k", {1, "two", nullptr}}};
    input.date = QDateTime(QDate(2024, 5, 1), QTime(1, 0), Qt::OffsetFromUTC, 7200);
    const auto added = m_store->add(input);
    VERIFY_RESULT(added);
    QCOMPARE(added->status, AddStatus::Added);
    QVERIFY(added->chunksCreated > 1);
    const Document &document = added->document;
    QVERIFY(!document.id.isNull());
    QCOMPARE(document.owner, m_owner);
    QCOMPARE(document.idAtOrigin, input.idAtOrigin);
    QCOMPARE(document.date, input.date);
    QVERIFY(document.metadata == input.metadata);
    QCOMPARE(document.language, QStringLiteral("en"));
    QCOMPARE(document.characters, input.content.size());
    QCOMPARE(document.chunkCount, added->chunksCreated);
    QCOMPARE(document.embeddingsPending, added->chunksCreated);
    QVERIFY(content(document.id) == input.content);
    verifyCounts(1, added->chunksCreated);

    const auto chunks = m_store->as(m_owner, [&](Session &s) {
        return documents::chunksOfDocument(s, {.owner = m_owner, .document = document.id});
    });
    VERIFY_RESULT(chunks);
    QHash<ChunkId, Chunk> parents;
    for (const Chunk &chunk : chunks->chunks) {
        if (chunk.level == 2)
            parents.insert(chunk.id, chunk);
    }
    QVERIFY(!parents.isEmpty());
    int passages = 0;
    int lastIndex = -1;
    for (const Chunk &chunk : chunks->chunks) {
        QVERIFY(input.content
                    .mid(chunk.locator.charStart, chunk.locator.charEnd - chunk.locator.charStart)
                    .contains(chunk.content));
        if (chunk.level != 1)
            continue;
        QVERIFY(chunk.index > lastIndex);
        lastIndex = chunk.index;
        ++passages;
        QVERIFY(chunk.parent.isNull() || parents.contains(chunk.parent)); // null: an only child
    }
    QCOMPARE(passages, added->chunksCreated);
    QCOMPARE(stored().jobs, passages);
}

void TestDocumentWriter::unchanged()
{
    const DocumentInput input = documentInput(m_owner, QStringLiteral("/a.txt"), englishText(40));
    const auto first = m_store->addEmbedded(input);
    VERIFY_RESULT(first);
    const auto second = m_store->add(input);
    VERIFY_RESULT(second);
    QCOMPARE(second->status, AddStatus::Unchanged);
    QCOMPARE(second->chunksCreated, 0);
    QCOMPARE(second->document.id, first->document.id);
    QCOMPARE(second->document.updatedAt, first->document.updatedAt);
    QCOMPARE(stored().jobs, 0);
    QCOMPARE(stored().vectors, first->chunksCreated);
    verifyCounts(1, first->chunksCreated);
}

void TestDocumentWriter::otherFieldsOnly_data()
{
    QTest::addColumn<QString>("field");
    for (const char *field : {"name", "metadata", "date"})
        QTest::newRow(field) << QString::fromLatin1(field);
}

void TestDocumentWriter::otherFieldsOnly()
{
    QFETCH(QString, field);
    DocumentInput input = documentInput(m_owner, QStringLiteral("/a.txt"), englishText(40));
    const auto first = m_store->addEmbedded(input);
    VERIFY_RESULT(first);
    if (field == QLatin1String("name"))
        input.name = QStringLiteral("Other");
    else if (field == QLatin1String("metadata"))
        input.metadata = Json{{"k", 1}};
    else
        input.date = QDateTime(QDate(2024, 5, 1), QTime(0, 0), Qt::UTC);
    const auto second = m_store->add(input);
    VERIFY_RESULT(second);
    QCOMPARE(second->status, AddStatus::Updated);
    QCOMPARE(second->chunksCreated, 0);
    QCOMPARE(second->document.id, first->document.id);
    QCOMPARE(second->document.name, input.name);
    QVERIFY(second->document.metadata == input.metadata);
    QCOMPARE(second->document.date, input.date);
    // Nothing is embedded again.
    QCOMPARE(stored().jobs, 0);
    QCOMPARE(stored().vectors, first->chunksCreated);
    verifyCounts(1, first->chunksCreated);
}

void TestDocumentWriter::replacedTextKeepsTheId()
{
    const auto first =
        m_store->addEmbedded(documentInput(m_owner, QStringLiteral("/a.txt"), englishText(100)));
    VERIFY_RESULT(first);
    const auto second = m_store->add(
        documentInput(m_owner, QStringLiteral("/a.txt"), QStringLiteral("Short now.")));
    VERIFY_RESULT(second);
    QCOMPARE(second->status, AddStatus::Updated);
    QCOMPARE(second->chunksCreated, 1);
    QCOMPARE(second->document.id, first->document.id);
    QCOMPARE(second->document.createdAt, first->document.createdAt);
    QVERIFY(second->document.contentHash != first->document.contentHash);
    QCOMPARE(content(second->document.id), QStringLiteral("Short now."));
    QCOMPARE(stored().jobs, 1);
    QCOMPARE(stored().vectors, 0);
    verifyCounts(1, 1);

    const auto third =
        m_store->add(documentInput(m_owner, QStringLiteral("/a.txt"), englishText(100)));
    VERIFY_RESULT(third);
    QCOMPARE(third->chunksCreated, first->chunksCreated);
    QCOMPARE(stored().jobs, first->chunksCreated);
    verifyCounts(1, first->chunksCreated);
}

void TestDocumentWriter::otherTypeCutsAnew()
{
    DocumentInput input = documentInput(m_owner, QStringLiteral("/a.txt"), englishText(100));
    const auto first = m_store->addEmbedded(input);
    VERIFY_RESULT(first);
    input.type = DocumentType::Email;
    const auto second = m_store->add(input);
    VERIFY_RESULT(second);
    QCOMPARE(second->status, AddStatus::Updated);
    QCOMPARE(second->document.type, DocumentType::Email);
    QVERIFY(second->chunksCreated > 0);
    QCOMPARE(stored().vectors, 0);
    verifyCounts(1, second->chunksCreated);
}

void TestDocumentWriter::severalInOneTransaction()
{
    const auto first =
        documents::prepareDocument(documentInput(m_owner, QStringLiteral("1"), englishText(40)));
    const auto second =
        documents::prepareDocument(documentInput(m_owner, QStringLiteral("2"), englishText(3)));
    VERIFY_RESULT(first);
    VERIFY_RESULT(second);
    int passages = 0;
    const auto outcome = m_store->as(m_owner, [&](Session &s) -> Result<int> {
        for (const auto *prepared : {&*first, &*second}) {
            auto added = documents::writeDocument(s, *prepared, m_store->embedder().modelId());
            if (!added)
                return added.error();
            passages += added->chunksCreated;
        }
        return passages;
    });
    VERIFY_RESULT(outcome);
    QCOMPARE(stored().jobs, passages);
    verifyCounts(2, passages);
}

void TestDocumentWriter::rolledBackLeavesTheOldVersion()
{
    const DocumentInput old = documentInput(m_owner, QStringLiteral("/a.txt"), englishText(40));
    const auto first = m_store->addEmbedded(old);
    VERIFY_RESULT(first);
    const auto prepared = documents::prepareDocument(
        documentInput(m_owner, QStringLiteral("/a.txt"), englishText(5)));
    VERIFY_RESULT(prepared);
    const auto outcome = m_store->as(m_owner, [&](Session &s) -> Result<int> {
        auto added = documents::writeDocument(s, *prepared, m_store->embedder().modelId());
        return added ? Error::cancelled() : added.error();
    });
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Cancelled);
    QVERIFY(content(first->document.id) == old.content);
    QCOMPARE(stored().vectors, first->chunksCreated);
    QCOMPARE(stored().jobs, 0);
    verifyCounts(1, first->chunksCreated);
}

/// Adds all of @p inputs at the same time on connections of their own.
static QList<Result<AddedDocument>> addAtOnce(const TemporarySchema &database,
                                              const QList<DocumentInput> &inputs)
{
    const auto manager = database.manager(int(inputs.size()));
    const QString model = testing::DeterministicEmbedder().modelId();
    QList<QFuture<Result<AddedDocument>>> futures;
    for (const DocumentInput &input : inputs) {
        futures << manager.runInTransaction(
            db::Access::Write,
            "add",
            db::Scope::owner(input.owner),
            [model, prepared = documents::prepareDocument(input).value()](Session &s) {
                return documents::writeDocument(s, prepared, model);
            });
    }
    QList<Result<AddedDocument>> outcomes;
    for (auto &future : futures)
        outcomes << future.result();
    return outcomes;
}

void TestDocumentWriter::addedTwiceAtOnce()
{
    const DocumentInput input = documentInput(m_owner, QStringLiteral("/a.txt"), englishText(100));
    const auto outcomes = addAtOnce(*m_database, {input, input, input, input});
    int added = 0;
    for (const auto &outcome : outcomes) {
        VERIFY_RESULT(outcome);
        QCOMPARE(outcome->document.id, outcomes.first()->document.id);
        QVERIFY(outcome->status != AddStatus::Updated);
        added += outcome->status == AddStatus::Added ? 1 : 0;
    }
    QCOMPARE(added, 1);
    verifyCounts(1, outcomes.first()->document.chunkCount);
    QCOMPARE(stored().jobs, outcomes.first()->document.chunkCount);
}

void TestDocumentWriter::replacedTwiceAtOnce()
{
    const auto first =
        m_store->add(documentInput(m_owner, QStringLiteral("/a.txt"), englishText(3)));
    VERIFY_RESULT(first);
    QList<DocumentInput> inputs;
    for (int paragraphs : {10, 20, 30, 40})
        inputs << documentInput(m_owner, QStringLiteral("/a.txt"), englishText(paragraphs));
    const auto outcomes = addAtOnce(*m_database, inputs);
    for (const auto &outcome : outcomes) {
        VERIFY_RESULT(outcome);
        QCOMPARE(outcome->status, AddStatus::Updated);
        QCOMPARE(outcome->document.id, first->document.id);
    }
    // One version won; its text, passages, jobs and counts belong together.
    const auto last = m_store->as(m_owner, [&](Session &s) {
        return documents::findDocument(s, m_owner, first->document.id);
    });
    VERIFY_RESULT(last);
    QCOMPARE(content(last->id).size(), last->characters);
    QCOMPARE(stored().jobs, last->chunkCount);
    verifyCounts(1, last->chunkCount);
}

void TestDocumentWriter::manyOfOneOwnerAtOnce()
{
    QList<DocumentInput> inputs;
    for (int i = 0; i < 12; ++i)
        inputs << documentInput(m_owner, QString::number(i), englishText(10 + i));
    int passages = 0;
    const auto outcomes = addAtOnce(*m_database, inputs);
    for (const auto &outcome : outcomes) {
        VERIFY_RESULT(outcome);
        passages += outcome->chunksCreated;
    }
    verifyCounts(12, passages);
}

void TestDocumentWriter::sameOriginOfTwoOwners()
{
    const OwnerId other = ownerId(m_owner.toString() + QStringLiteral(".other"));
    const auto mine =
        m_store->add(documentInput(m_owner, QStringLiteral("/a.txt"), QStringLiteral("Mine.")));
    const auto theirs =
        m_store->add(documentInput(other, QStringLiteral("/a.txt"), QStringLiteral("Theirs.")));
    VERIFY_RESULT(mine);
    VERIFY_RESULT(theirs);
    QCOMPARE(theirs->status, AddStatus::Added);
    QVERIFY(mine->document.id != theirs->document.id);
    QCOMPARE(content(mine->document.id), QStringLiteral("Mine."));
    verifyCounts(1, 1);
}

void TestDocumentWriter::charactersOfNoText()
{
    const QChar nul(u'\0');
    const QChar lone(0xD800);
    const QChar replacement(QChar::ReplacementCharacter);
    DocumentInput input = documentInput(m_owner,
                                        QStringLiteral("a") + lone,
                                        QStringLiteral("one") + nul + QStringLiteral(" two") +
                                            lone + QStringLiteral(" \U0001F600"));
    input.name = QStringLiteral("n") + nul + QStringLiteral("ame");
    input.metadata = Json{{std::string("k\0ey", 4),
                           {{"deep", Json::array({std::string("a\0b", 3), "\xed\xa0\x80", 1.5})}}}};
    const auto added = m_store->add(input);
    VERIFY_RESULT(added);
    QCOMPARE(added->document.name, QStringLiteral("name"));
    QCOMPARE(added->document.idAtOrigin, QString(QStringLiteral("a") + replacement));
    QCOMPARE(content(added->document.id),
             QString(QStringLiteral("one two") + replacement + QStringLiteral(" \U0001F600")));
    const Json deep = added->document.metadata.at("key").at("deep");
    QCOMPARE(toQString(deep.at(0)), QStringLiteral("ab"));
    QVERIFY(toQString(deep.at(1)).contains(replacement));
    QCOMPARE(deep.at(2).get<double>(), 1.5);
    const auto again = m_store->add(input);
    VERIFY_RESULT(again);
    QCOMPARE(again->status, AddStatus::Unchanged);
}

void TestDocumentWriter::withPagesAndHeadings()
{
    DocumentInput input = documentInput(m_owner, QStringLiteral("/a.pdf"), {});
    const QString title = QStringLiteral("Title \\ \t\"one\"");
    input.content = title + QStringLiteral("\n\n") + englishText(60);
    const qsizetype second = input.content.size();
    input.content += QStringLiteral("Part two\n\n") + englishText(60);
    input.structure.pageStarts = {0, second};
    input.structure.headings = {{1, 0, title}, {2, second, QStringLiteral("Part two")}};
    const auto added = m_store->add(input);
    VERIFY_RESULT(added);
    QCOMPARE(added->document.pageCount, 2);
    const auto chunks = m_store->as(m_owner, [&](Session &s) {
        return documents::chunksOfDocument(s, {.owner = m_owner, .document = added->document.id});
    });
    VERIFY_RESULT(chunks);
    const Chunk *lastPassage = nullptr;
    for (const Chunk &chunk : chunks->chunks) {
        if (chunk.level == 1)
            lastPassage = &chunk;
    }
    QVERIFY(lastPassage);
    QCOMPARE(lastPassage->locator.page, 2);
    QCOMPARE(lastPassage->locator.headingPath,
             QStringList({title.simplified(), QStringLiteral("Part two")}));
}

void TestDocumentWriter::large()
{
    const QString text = englishText(9000);
    QVERIFY(text.size() > 2'000'000);
    const auto added = m_store->add(documentInput(m_owner, QStringLiteral("/large.txt"), text));
    VERIFY_RESULT(added);
    QVERIFY(added->chunksCreated > 1000);
    QCOMPARE(stored().jobs, added->chunksCreated);
    QVERIFY(content(added->document.id) == text);
    verifyCounts(1, added->chunksCreated);
}

void TestDocumentWriter::refused_data()
{
    QTest::addColumn<QString>("field");
    for (const char *field :
         {"owner_id", "id_at_origin", "document_name", "content", "metadata", "chunking_strategy"})
        QTest::newRow(field) << QString::fromLatin1(field);
}

void TestDocumentWriter::refused()
{
    QFETCH(QString, field);
    DocumentInput input = documentInput(m_owner, QStringLiteral("/a.txt"), QStringLiteral("Text."));
    if (field == QLatin1String("owner_id"))
        input.owner = {};
    else if (field == QLatin1String("id_at_origin"))
        input.idAtOrigin = QStringLiteral("a\n");
    else if (field == QLatin1String("document_name"))
        input.name = QString(QChar(u'\0'));
    else if (field == QLatin1String("content"))
        input.content = QString(QChar(u'\0')) + QStringLiteral(" \n");
    else if (field == QLatin1String("metadata"))
        input.metadata = Json::array();
    else
        input.chunkingStrategy = QStringLiteral("magic");
    const auto added = m_store->add(input);
    QVERIFY(!added);
    QCOMPARE(added.error().kind, ErrorKind::Validation);
    QCOMPARE(added.error().field, field);
}

QTEST_GUILESS_MAIN(TestDocumentWriter)
#include "tst_document_writer.moc"
