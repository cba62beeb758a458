#include "core/documents/document_repository.h"
#include "core/tenants/owner_repository.h"
#include "core/testing/verify_result.h"
#include "core/textindex/dictionary.h"
#include "core/textindex/lexemes.h"
#include "core/textindex/segment_merger.h"
#include "core/textindex/segment_repository.h"
#include "index_check.h"
#include "tests/core/documents/document_store.h"

#include <QMap>
#include <QRandomGenerator>
#include <QTest>

#include <atomic>
#include <thread>
#include <utility>

using namespace llmemory;
using db::Statement;
using testing::documentInput;
using testing::DocumentStore;
using testing::ownerId;
using testing::TemporarySchema;
using testing::TextIndexContent;

namespace {

constexpr Statement kSums{"all_sums",
                          "SELECT coalesce(sum(passages), 0)::bigint, coalesce(sum(total_length), "
                          "0)::bigint, count(*) FROM {{tables.text_segments}} WHERE owner_id = $1"};

constexpr Statement kScans{"scans",
                           "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables "
                           "WHERE schemaname = $1 AND relname = 'text_postings'"};

} // namespace

/// The stored index always says what the passages say: after adding, replacing, deleting, failing
/// and merging.
class TestTextIndex : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void addingReplacingDeleting();
    void unchangedDocuments();
    void rollback();
    void deletingManyByMetadata();
    void deletingTheOwner();
    void manySmallDocuments();
    void mergingIsAllOrNothing();
    void twoWriters();
    void mergingBesideWriters();
    void onlyTheOwnersOwn();
    void findsWithFewBlocks();
    void findsTermsWithoutTheirLists();
    void looksAtFewRows();

private:
    Result<AddedDocument> add(DocumentStore &store,
                              const OwnerId &owner,
                              const QString &id,
                              const QString &text);
    TextIndexContent stored(const OwnerId &owner) { return testing::storedIndex(*m_store, owner); }
    void verifyIndex(const OwnerId &owner)
    {
        QCOMPARE(testing::indexFault(*m_store, owner), QString());
    }
    QString randomText(int words) { return testing::randomText(m_random, words); }

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
    QRandomGenerator m_random{7};
};

void TestTextIndex::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
}

Result<AddedDocument> TestTextIndex::add(DocumentStore &store,
                                         const OwnerId &owner,
                                         const QString &id,
                                         const QString &text)
{
    return store.add(documentInput(owner, id, text));
}

void TestTextIndex::addingReplacingDeleting()
{
    const OwnerId owner = ownerId(QStringLiteral("changes"));
    QList<DocumentId> ids;
    for (int round = 0; round < 120; ++round) {
        const int which = m_random.bounded(25);
        const QString id = QStringLiteral("d%1").arg(which);
        if (m_random.bounded(4) == 0 && !ids.isEmpty()) {
            const DocumentId gone = ids.takeAt(m_random.bounded(ids.size()));
            VERIFY_RESULT(m_store->as(owner, [&](db::Session &s) {
                return documents::deleteDocuments(s, owner, {.ids = {gone}, .metadataFilter = {}});
            }));
        } else {
            const auto added = add(*m_store, owner, id, randomText(5 + m_random.bounded(900)));
            VERIFY_RESULT(added);
            if (!ids.contains(added->document.id))
                ids << added->document.id;
        }
        if (round % 10 == 0)
            verifyIndex(owner);
    }
    verifyIndex(owner);
    VERIFY_RESULT(m_store->as(owner, [&](db::Session &s) {
        return documents::deleteDocuments(s, owner, {.ids = ids, .metadataFilter = {}});
    }));
    verifyIndex(owner);
}

void TestTextIndex::unchangedDocuments()
{
    const OwnerId owner = ownerId(QStringLiteral("unchanged"));
    VERIFY_RESULT(add(*m_store, owner, QStringLiteral("a"), QStringLiteral("apple banana")));
    const TextIndexContent before = stored(owner);
    const auto again = add(*m_store, owner, QStringLiteral("a"), QStringLiteral("apple banana"));
    VERIFY_RESULT(again);
    QCOMPARE(again->status, AddStatus::Unchanged);
    QVERIFY(stored(owner) == before);
    // Another name, the same passages, found by it.
    DocumentInput renamed =
        documentInput(owner, QStringLiteral("a"), QStringLiteral("apple banana"));
    renamed.name = QStringLiteral("other");
    const auto updated = m_store->add(renamed);
    VERIFY_RESULT(updated);
    QCOMPARE(updated->status, AddStatus::Updated);
    QCOMPARE(updated->chunksCreated, 0);
    verifyIndex(owner);
}

void TestTextIndex::rollback()
{
    const OwnerId owner = ownerId(QStringLiteral("rollback"));
    VERIFY_RESULT(add(*m_store, owner, QStringLiteral("a"), QStringLiteral("apple banana")));
    const auto before = stored(owner);
    const auto failed = m_store->as(owner, [&](db::Session &s) -> Result<> {
        const auto deleted =
            documents::deleteDocuments(s, owner, {.ids = {}, .metadataFilter = Json{{"none", 1}}});
        if (!deleted)
            return deleted.error();
        if (auto ok = add(*m_store, owner, QStringLiteral("b"), QStringLiteral("cherry")); !ok)
            return ok.error();
        if (auto ok = add(*m_store, owner, QStringLiteral("a"), QStringLiteral("cherry")); !ok)
            return ok.error();
        return Error::internal(QStringLiteral("crash"));
    });
    QVERIFY(!failed);
    QVERIFY(stored(owner) == before);
    verifyIndex(owner);
}

void TestTextIndex::deletingManyByMetadata()
{
    const OwnerId owner = ownerId(QStringLiteral("metadata"));
    for (int i = 0; i < 30; ++i) {
        DocumentInput input = documentInput(owner, QStringLiteral("d%1").arg(i), randomText(20));
        input.metadata = Json{{"third", i % 3}};
        VERIFY_RESULT(m_store->add(input));
    }
    const auto deleted = m_store->as(owner, [&](db::Session &s) {
        return documents::deleteDocuments(
            s, owner, {.ids = {}, .metadataFilter = Json{{"third", 1}}});
    });
    VERIFY_RESULT(deleted);
    QCOMPARE(deleted->size(), 10);
    verifyIndex(owner);
    // Nothing is taken back twice.
    const auto again = m_store->as(owner, [&](db::Session &s) {
        return documents::deleteDocuments(s, owner, {.ids = *deleted, .metadataFilter = {}});
    });
    VERIFY_RESULT(again);
    QVERIFY(again->isEmpty());
    verifyIndex(owner);
}

void TestTextIndex::deletingTheOwner()
{
    const OwnerId owner = ownerId(QStringLiteral("leaving"));
    VERIFY_RESULT(add(*m_store, owner, QStringLiteral("a"), randomText(500)));
    VERIFY_RESULT(
        m_store->as(owner, [&](db::Session &s) { return tenants::deleteOwner(s, owner); }));
    QVERIFY(stored(owner).isEmpty());
    VERIFY_RESULT(add(*m_store, owner, QStringLiteral("a"), QStringLiteral("apple")));
    verifyIndex(owner);
}

void TestTextIndex::manySmallDocuments()
{
    const OwnerId owner = ownerId(QStringLiteral("many"));
    for (int i = 0; i < 200; ++i)
        VERIFY_RESULT(add(*m_store, owner, QStringLiteral("d%1").arg(i), randomText(10)));
    verifyIndex(owner);
    const auto sums =
        m_store->as(owner, [&](db::Session &s) { return s.queryOne(kSums, {owner.toString()}); });
    VERIFY_RESULT(sums);
    QVERIFY2(sums->bigint(2) <= 3 * textindex::kMergeFactor,
             qPrintable(QString::number(sums->bigint(2))));
}

void TestTextIndex::mergingIsAllOrNothing()
{
    const OwnerId owner = ownerId(QStringLiteral("merging"));
    for (int i = 0; i < 5; ++i)
        VERIFY_RESULT(add(*m_store, owner, QStringLiteral("d%1").arg(i), randomText(400)));
    const auto mergeAll = [&](db::Session &s) -> Result<bool> {
        const auto segments = textindex::listSegments(s, owner);
        if (!segments)
            return segments.error();
        const auto id = textindex::reserveNumbers(s, owner, 1);
        if (!id)
            return id.error();
        return textindex::mergeSegments(s, owner, *segments, *id);
    };
    const auto segments =
        m_store->as(owner, [&](db::Session &s) { return textindex::listSegments(s, owner); });
    const auto crashed = m_store->as(owner, [&](db::Session &s) -> Result<> {
        const auto merged = mergeAll(s);
        return merged ? Error::internal(QStringLiteral("crash")) : merged.error();
    });
    QVERIFY(!crashed);
    QCOMPARE(crashed.error().kind, ErrorKind::Internal);
    const auto after =
        m_store->as(owner, [&](db::Session &s) { return textindex::listSegments(s, owner); });
    QCOMPARE(*after, *segments);
    verifyIndex(owner);

    const auto merged = m_store->as(owner, mergeAll);
    VERIFY_RESULT(merged);
    QVERIFY(*merged);
    const auto one =
        m_store->as(owner, [&](db::Session &s) { return textindex::listSegments(s, owner); });
    QCOMPARE(one->size(), 1);
    verifyIndex(owner);
}

void TestTextIndex::twoWriters()
{
    const OwnerId owner = ownerId(QStringLiteral("two"));
    VERIFY_RESULT(add(*m_store, owner, QStringLiteral("first"), QStringLiteral("apple")));
    QStringList texts;
    for (int i = 0; i < 60; ++i)
        texts << randomText(60);
    std::atomic_int failures = 0;
    const auto write = [&](int from) {
        DocumentStore store(*m_database);
        for (int i = from; i < 60; i += 2) {
            // Both write every third document.
            const QString id = QStringLiteral("d%1").arg(i % 3 == 0 ? i / 2 : i);
            if (!add(store, owner, id, texts.at(i)))
                ++failures;
        }
    };
    std::thread other(write, 1);
    write(0);
    other.join();
    QCOMPARE(failures.load(), 0);
    verifyIndex(owner);
}

void TestTextIndex::mergingBesideWriters()
{
    const OwnerId owner = ownerId(QStringLiteral("beside"));
    for (int i = 0; i < 6; ++i)
        VERIFY_RESULT(add(*m_store, owner, QStringLiteral("d%1").arg(i), randomText(400)));
    // A merge that is not finished yet holds its segments; who writes goes on beside it.
    DocumentStore other(*m_database);
    const auto id =
        m_store->as(owner, [&](db::Session &s) { return textindex::reserveNumbers(s, owner, 1); });
    VERIFY_RESULT(id);
    const auto merged = other.as(owner, [&](db::Session &s) -> Result<bool> {
        const auto segments = textindex::listSegments(s, owner);
        if (!segments)
            return segments.error();
        auto done = textindex::mergeSegments(s, owner, *segments, *id);
        if (!done)
            return done;
        for (int i = 3; i < 30; ++i) {
            if (auto ok = add(*m_store, owner, QStringLiteral("d%1").arg(i), randomText(30)); !ok)
                return ok.error();
        }
        const auto again = m_store->as(owner, [&](db::Session &mine) -> Result<bool> {
            const auto fresh = textindex::reserveNumbers(mine, owner, 1);
            return fresh ? textindex::mergeSegments(mine, owner, *segments, *fresh)
                         : Result<bool>(fresh.error());
        });
        if (!again)
            return again;
        return *done && !*again;
    });
    VERIFY_RESULT(merged);
    QVERIFY(*merged);
    verifyIndex(owner);
}

void TestTextIndex::onlyTheOwnersOwn()
{
    const OwnerId mine = ownerId(QStringLiteral("mine"));
    const OwnerId theirs = ownerId(QStringLiteral("theirs"));
    VERIFY_RESULT(add(*m_store, mine, QStringLiteral("a"), QStringLiteral("apple")));
    for (int i = 0; i < 5; ++i)
        VERIFY_RESULT(
            add(*m_store, theirs, QStringLiteral("d%1").arg(i), QStringLiteral("apple banana")));
    const auto own = m_store->as(mine, [&](db::Session &s) {
        return textindex::loadTerms(s, mine, {"appl", "apple"});
    });
    VERIFY_RESULT(own);
    QCOMPARE(own->collection.passages, 1);
    QCOMPARE(own->collection.totalLength, 1 + textindex::kNameWeight);
    QCOMPARE(own->blocks.size(), 1);
    // Row-level security: with another's scope there is nothing.
    const auto foreign = m_store->as(mine, [&](db::Session &s) {
        return textindex::loadTerms(s, theirs, {"appl", "apple"});
    });
    VERIFY_RESULT(foreign);
    QCOMPARE(foreign->collection.passages, 0);
    QVERIFY(foreign->blocks.isEmpty());
}

void TestTextIndex::findsWithFewBlocks()
{
    const OwnerId owner = ownerId(QStringLiteral("blocks"));
    QString text;
    for (int i = 0; i < 3000; ++i)
        text += QStringLiteral("term%1 ").arg(i);
    VERIFY_RESULT(add(*m_store, owner, QStringLiteral("a"), text));
    const TextIndexContent index = testing::indexOfPassages(*m_store, owner);
    QVERIFY(index.size() > 2000);
    for (auto term = index.cbegin(); term != index.cend(); ++term) {
        if (m_random.bounded(40) != 0)
            continue;
        const auto found = m_store->as(
            owner, [&](db::Session &s) { return textindex::loadTerms(s, owner, {term.key()}); });
        VERIFY_RESULT(found);
        QCOMPARE(found->blocks.size(), 1);
        const auto lists = textindex::listsOf({{term.key(), 1}}, found->blocks);
        QCOMPARE(lists->size(), 1);
        QCOMPARE(lists->first().passages, term->size());
    }
    const auto none = m_store->as(owner, [&](db::Session &s) {
        return textindex::loadTerms(s, owner, {"!", "zzzz"});
    });
    QVERIFY(none->blocks.isEmpty());
}

void TestTextIndex::findsTermsWithoutTheirLists()
{
    // Lists of all lengths, in several segments, and passages that are gone.
    const OwnerId owner = ownerId(QStringLiteral("dictionary"));
    for (int i = 0; i < 30; ++i)
        VERIFY_RESULT(
            add(*m_store, owner, QStringLiteral("d%1").arg(i % 25), randomText(200 + i * 40)));
    const TextIndexContent index = testing::indexOfPassages(*m_store, owner);
    QSet<QByteArray> asked{"aaaa", "word", "word1x", "word99999", "zzzz"};
    for (const QByteArray &term : index.keys()) {
        if (m_random.bounded(2) == 0)
            asked << term;
    }
    const auto found =
        m_store->as(owner, [&](db::Session &s) { return textindex::findTerms(s, owner, asked); });
    VERIFY_RESULT(found);
    const auto sums =
        m_store->as(owner, [&](db::Session &s) { return textindex::loadTerms(s, owner, {}); });
    QCOMPARE(found->collection.passages, sums->collection.passages);
    QCOMPARE(found->collection.totalLength, sums->collection.totalLength);
    const auto beginning = m_store->as(owner, [&](db::Session &s) {
        return textindex::termsWithPrefixes(
            s, owner, {QStringLiteral("word1"), QStringLiteral("word27")});
    });
    VERIFY_RESULT(beginning);
    QMap<QByteArray, qint64> passages;
    QMap<QByteArray, qint64> passagesOfBeginning;
    for (auto term = index.cbegin(); term != index.cend(); ++term) {
        if (asked.contains(term.key()))
            passages.insert(term.key(), term->size());
        if (term.key().startsWith("word1") || term.key().startsWith("word27"))
            passagesOfBeginning.insert(term.key(), term->size());
    }
    QVERIFY(passages.size() > 50);
    const auto compare = [&](const QList<textindex::KnownTerm> &terms,
                             const QMap<QByteArray, qint64> &counts) {
        QMap<QByteArray, qint64> known;
        bool exampleIsThere = true;
        for (const textindex::KnownTerm &term : terms) {
            known.insert(term.term, term.passages);
            exampleIsThere =
                exampleIsThere &&
                std::any_of(term.examples.begin(), term.examples.end(), [&](quint32 chunk) {
                    return index[term.term].contains(chunk);
                });
        }
        QCOMPARE(known, counts);
        QVERIFY(exampleIsThere);
    };
    compare(found->terms, passages);
    compare(*beginning, passagesOfBeginning);
    const auto none =
        m_store->as(owner, [&](db::Session &s) { return textindex::findTerms(s, owner, {}); });
    QVERIFY(none->terms.isEmpty());
}

void TestTextIndex::looksAtFewRows()
{
    const OwnerId owner = ownerId(QStringLiteral("plans"));
    for (int i = 0; i < 10; ++i)
        VERIFY_RESULT(add(*m_store, owner, QStringLiteral("d%1").arg(i), randomText(3000)));
    // Counts of this session, which the server has not summed up yet.
    using Counts = std::pair<qint64, qint64>;
    const auto counted = m_store->as(owner, [&](db::Session &s) -> Result<Counts> {
        const auto before = s.queryOne(kScans, {m_database->schema()});
        const auto found = textindex::loadTerms(s, owner, {"word3", "word70", "none"});
        const auto after = s.queryOne(kScans, {m_database->schema()});
        if (!before || !found || !after || found->blocks.isEmpty())
            return Error::internal(QStringLiteral("nothing was found"));
        return Counts(after->bigint(0) - before->bigint(0), after->bigint(1) - before->bigint(1));
    });
    VERIFY_RESULT(counted);
    const auto segments =
        m_store->as(owner, [&](db::Session &s) { return textindex::listSegments(s, owner); });
    VERIFY_RESULT(segments);
    const auto &[sequential, fetched] = *counted;
    QCOMPARE(sequential, 0);
    // Two rows at the most for each term and segment: the one that is looked up, and its bytes.
    QVERIFY(fetched > 0);
    QVERIFY(fetched <= 2 * 3 * segments->size());
}

QTEST_GUILESS_MAIN(TestTextIndex)
#include "tst_text_index.moc"
