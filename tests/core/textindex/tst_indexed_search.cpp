#include "core/documents/document_writer.h"
#include "core/search/hybrid_search.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"

#include <QTest>

using namespace llmemory;
using testing::DocumentStore;
using testing::ownerId;
using testing::TemporarySchema;

/// The text leg over the index: what filters, phrases and exclusions refuse is left out before
/// anything is cut off, however far down the rest is.
class TestIndexedSearch : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void asManyAsThereAre_data();
    void asManyAsThereAre();
    void orderIsTheSameWithAFilter();
    void deletedPassages();
    void strangers();

private:
    Result<AddedDocument> add(const OwnerId &owner, const QString &id, const QStringList &passages);
    search::LegAnswer find(const OwnerId &owner,
                           const QString &text,
                           int most,
                           const QStringList &documents = {});

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
    OwnerId m_owner;
};

void TestIndexedSearch::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
    m_owner = ownerId(QStringLiteral("many"));
    QStringList best;
    for (int i = 0; i < 1500; ++i)
        best << QStringLiteral("apple banana");
    QStringList middle;
    for (int i = 0; i < 400; ++i)
        middle << QStringLiteral("apple banana in much longer words about fruit");
    const QString padding = QStringLiteral(" tree garden summer ladder basket").repeated(10);
    QStringList worst;
    for (int i = 0; i < 30; ++i)
        worst << QStringLiteral("banana apple cherry%1").arg(i) + padding;
    VERIFY_RESULT(add(m_owner, QStringLiteral("best"), best));
    VERIFY_RESULT(add(m_owner, QStringLiteral("middle"), middle));
    VERIFY_RESULT(add(m_owner, QStringLiteral("worst"), worst));
    VERIFY_RESULT(add(m_owner, QStringLiteral("plain"), {QStringLiteral("apple") + padding}));
}

Result<AddedDocument> TestIndexedSearch::add(const OwnerId &owner,
                                             const QString &id,
                                             const QStringList &passages)
{
    documents::PreparedDocument document;
    document.input = testing::documentInput(owner, id, passages.join(QLatin1Char('\n')));
    document.language = QStringLiteral("en");
    document.textConfig = QStringLiteral("english");
    document.contentHash = id;
    document.chunkFingerprint = id + document.input.content;
    for (const QString &passage : passages) {
        chunk::ChunkDraft draft;
        draft.index = int(document.chunks.size());
        draft.content = passage;
        document.chunks.append(draft);
    }
    return m_store->as(owner, [&](db::Session &s) {
        return documents::writeDocument(s, document, QStringLiteral("none"));
    });
}

search::LegAnswer TestIndexedSearch::find(const OwnerId &owner,
                                          const QString &text,
                                          int most,
                                          const QStringList &documents)
{
    SearchQuery query;
    query.owner = owner;
    query.text = text;
    query.mode = SearchMode::Text;
    query.idsAtOrigin = documents;
    auto matches = m_store->as(owner, [&](db::Session &s) {
        return search::searchByWords(
            s, query, {search::parseTextQuery(text), {}}, {.candidates = most});
    });
    if (!matches)
        qWarning("%s", qPrintable(matches.error().detail));
    return matches ? *matches : search::LegAnswer();
}

void TestIndexedSearch::asManyAsThereAre_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("documents");
    QTest::addColumn<int>("count"); ///< of all, whatever is asked for
    const auto row =
        [](const char *name, const char *text, const QStringList &documents, int count) {
            QTest::newRow(name) << QString::fromLatin1(text) << documents << count;
        };
    const QStringList worst{QStringLiteral("worst")};
    const QStringList middle{QStringLiteral("middle")};
    row("everything", "apple banana", {}, 1931);
    row("one word", "banana", {}, 1930);
    row("rare word", "cherry7", {}, 1);
    row("filter to the worst", "apple banana", worst, 30);
    row("filter to the middle", "apple banana", middle, 400);
    row("filter to two", "apple banana", worst + middle, 430);
    row("filter to nothing", "apple banana", {QStringLiteral("absent")}, 0);
    row("phrase of the worst", "\"banana apple\"", {}, 30);
    row("phrase and a word", "\"banana apple\" fruit", {}, 30);
    row("phrase that is nowhere", "\"cherry1 banana\"", {}, 0);
    row("exclusion of the best", "apple -banana", {}, 1);
    row("exclusion of all", "apple -apple", {}, 0);
    row("exclusion and filter", "apple banana -fruit", worst + middle, 30);
    row("phrase and filter", "\"apple banana\"", worst, 0);
}

void TestIndexedSearch::asManyAsThereAre()
{
    QFETCH(QString, text);
    QFETCH(QStringList, documents);
    QFETCH(int, count);
    for (const int most : {1, 20, 100, 300, 5000}) {
        const auto matches = find(m_owner, text, most, documents);
        QCOMPARE(matches.ranked.size(), std::min(most, count));
        QSet<ChunkId> different;
        for (qsizetype i = 0; i < matches.ranked.size(); ++i) {
            different.insert(matches.ranked.at(i).chunk);
            QVERIFY(matches.ranked.at(i).score > 0);
            QVERIFY(i == 0 || matches.ranked.at(i).score <= matches.ranked.at(i - 1).score);
        }
        QCOMPARE(different.size(), matches.ranked.size());
    }
}

void TestIndexedSearch::orderIsTheSameWithAFilter()
{
    const auto all = find(m_owner, QStringLiteral("apple banana cherry3 fruit"), 5000);
    const auto filtered = find(m_owner,
                               QStringLiteral("apple banana cherry3 fruit"),
                               50,
                               {QStringLiteral("worst"), QStringLiteral("plain")});
    QCOMPARE(filtered.ranked.size(), 31);
    // Scores are those of the whole collection, and the order is that of the whole list.
    qsizetype at = 0;
    for (const search::Ranked &entry : filtered.ranked) {
        while (at < all.ranked.size() && all.ranked.at(at).chunk != entry.chunk)
            ++at;
        QVERIFY(at < all.ranked.size());
        QCOMPARE(entry.score, all.ranked.at(at).score);
    }
}

void TestIndexedSearch::deletedPassages()
{
    const OwnerId owner = ownerId(QStringLiteral("deleted"));
    VERIFY_RESULT(add(owner, QStringLiteral("a"), {QStringLiteral("apple pie")}));
    VERIFY_RESULT(add(owner, QStringLiteral("b"), {QStringLiteral("apple cake")}));
    const auto cake = find(owner, QStringLiteral("cake"), 5);
    QCOMPARE(cake.ranked.size(), 1);
    // Replaced by something of the same length: nothing changes for the other.
    VERIFY_RESULT(add(owner, QStringLiteral("a"), {QStringLiteral("cherry pie")}));
    QCOMPARE(find(owner, QStringLiteral("cake"), 5).ranked.first().score,
             cake.ranked.first().score);
    QCOMPARE(find(owner, QStringLiteral("apple"), 5).ranked.size(), 1);
    QCOMPARE(find(owner, QStringLiteral("cherry"), 5).ranked.size(), 1);
    VERIFY_RESULT(add(owner, QStringLiteral("b"), {QStringLiteral("plum")}));
    QCOMPARE(find(owner, QStringLiteral("apple cake"), 5).ranked.size(), 0);
    QCOMPARE(find(owner, QStringLiteral("plum cherry"), 5).ranked.size(), 2);
}

void TestIndexedSearch::strangers()
{
    const OwnerId owner = ownerId(QStringLiteral("alone"));
    VERIFY_RESULT(add(owner, QStringLiteral("a"), {QStringLiteral("apple pie")}));
    VERIFY_RESULT(add(owner, QStringLiteral("b"), {QStringLiteral("cake pie")}));
    const auto before = find(owner, QStringLiteral("apple"), 5);
    QCOMPARE(before.ranked.size(), 1);
    VERIFY_RESULT(add(ownerId(QStringLiteral("other")),
                      QStringLiteral("a"),
                      {QStringLiteral("apple apple"), QStringLiteral("apple")}));
    const auto after = find(owner, QStringLiteral("apple"), 5);
    QCOMPARE(after.ranked.size(), 1);
    QCOMPARE(after.ranked.first().score, before.ranked.first().score);
}

QTEST_GUILESS_MAIN(TestIndexedSearch)
#include "tst_indexed_search.moc"
