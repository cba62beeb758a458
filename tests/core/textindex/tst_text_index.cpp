#include "core/documents/document_repository.h"
#include "core/search/text_search.h"
#include "core/tenants/owner_repository.h"
#include "core/testing/verify_result.h"
#include "core/textindex/dictionary.h"
#include "core/textindex/lexemes.h"
#include "core/textindex/segment_merger.h"
#include "core/textindex/segment_repository.h"
#include "core/textindex/text_index_worker.h"
#include "tests/core/documents/document_store.h"

#include <QMap>
#include <QRandomGenerator>
#include <QTest>

#include <atomic>
#include <cmath>
#include <thread>
#include <utility>

using namespace llmemory;
using db::Statement;
using testing::documentInput;
using testing::DocumentStore;
using testing::ownerId;
using testing::TemporarySchema;

namespace {

constexpr Statement kVectors{"all_vectors",
                             "SELECT chunk_no, search_vector::text FROM {{tables.document_chunks}} "
                             "WHERE owner_id = $1 AND chunk_level = 1"};
constexpr Statement kBlocks{"all_blocks",
                            "SELECT entries FROM {{tables.text_postings}} WHERE owner_id = $1"};
constexpr Statement kSums{"all_sums",
                          "SELECT coalesce(sum(passages), 0)::bigint, coalesce(sum(total_length), "
                          "0)::bigint, count(*) FROM {{tables.text_segments}} WHERE owner_id = $1"};

// What an owner looks like after the migration that brought the index.
constexpr Statement kForgetSegments{"forget_segments",
                                    "DELETE FROM {{tables.text_segments}} WHERE owner_id = $1"};
constexpr Statement kForgetNumbers{
    "forget_numbers", "UPDATE {{tables.document_chunks}} SET chunk_no = NULL WHERE owner_id = $1"};
constexpr Statement kForgetState{
    "forget_state",
    "UPDATE {{tables.owners}} SET text_indexed = false, last_number = 0 WHERE owner_id = $1"};
constexpr Statement kState{
    "index_state",
    "SELECT text_indexed, text_merge_due FROM {{tables.owners}} WHERE owner_id = $1"};
constexpr Statement kScans{"scans",
                           "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables "
                           "WHERE schemaname = $1 AND relname = 'text_postings'"};

/// Passages by term, as number and frequency.
using Index = QMap<QByteArray, QMap<qint64, quint32>>;

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
    void buildsForOldPassages();
    void mergesWhatIsDue();

private:
    Result<> forgetIndex(const OwnerId &owner);
    QStringList found(const OwnerId &owner, const QString &text);
    Result<AddedDocument> add(DocumentStore &store,
                              const OwnerId &owner,
                              const QString &id,
                              const QString &text);
    Index expected(const OwnerId &owner);
    Index stored(const OwnerId &owner);
    void verifyIndex(const OwnerId &owner);
    QString randomText(int words);

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

QString TestTextIndex::randomText(int words)
{
    QString text;
    for (int i = 0; i < words; ++i)
        text += QStringLiteral("word%1 ").arg(int(std::pow(300.0, m_random.generateDouble())));
    return text;
}

Index TestTextIndex::expected(const OwnerId &owner)
{
    Index index;
    const auto rows =
        m_store->as(owner, [&](db::Session &s) { return s.query(kVectors, {owner.toString()}); });
    if (!rows)
        return {{"failed", {}}};
    for (const db::Row &row : *rows) {
        for (const textindex::LexemeCount &lexeme : textindex::lexemesOfVector(row.text(1)))
            index[lexeme.lexeme].insert(row.bigint(0), lexeme.frequency);
    }
    return index;
}

Index TestTextIndex::stored(const OwnerId &owner)
{
    const auto rows = m_store->as(
        owner, [&](db::Session &s) { return s.queryBinary(kBlocks, {owner.toString()}); });
    if (!rows)
        return {{"failed", {}}};
    QMap<QByteArray, textindex::Postings> lists;
    for (const db::Row &row : *rows) {
        const QByteArray bytes = row.value(0).toByteArray();
        textindex::TermBlockReader reader(bytes);
        while (const auto entry = reader.next()) {
            const auto list = textindex::decodePostings(entry->list);
            textindex::Postings &all = lists[entry->term.toByteArray()];
            all.insert(all.end(), list->begin(), list->end());
        }
    }
    Index index;
    for (auto entry = lists.begin(); entry != lists.end(); ++entry) {
        textindex::settle(*entry);
        for (const textindex::Posting &posting : *entry)
            index[entry.key()].insert(posting.chunk, posting.removed ? 0 : posting.frequency);
    }
    return index;
}

void TestTextIndex::verifyIndex(const OwnerId &owner)
{
    const Index wanted = expected(owner);
    QVERIFY(stored(owner) == wanted);
    const auto sums =
        m_store->as(owner, [&](db::Session &s) { return s.queryOne(kSums, {owner.toString()}); });
    VERIFY_RESULT(sums);
    qint64 length = 0;
    QSet<qint64> passages;
    for (const auto &term : wanted) {
        for (auto entry = term.cbegin(); entry != term.cend(); ++entry) {
            length += entry.value();
            passages.insert(entry.key());
        }
    }
    QCOMPARE(sums->bigint(0), passages.size());
    QCOMPARE(sums->bigint(1), length);
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
    const Index before = stored(owner);
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
    const Index index = expected(owner);
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
    const Index index = expected(owner);
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

Result<> TestTextIndex::forgetIndex(const OwnerId &owner)
{
    return m_store->as(owner, [&](db::Session &s) -> Result<> {
        for (const Statement &statement : {kForgetSegments, kForgetNumbers, kForgetState}) {
            if (auto done = s.execute(statement, {owner.toString()}); !done)
                return done.error();
        }
        return {};
    });
}

QStringList TestTextIndex::found(const OwnerId &owner, const QString &text)
{
    SearchQuery query;
    query.owner = owner;
    query.text = text;
    query.mode = SearchMode::Text;
    const auto matches = m_store->as(owner, [&](db::Session &s) {
        return search::searchText(s, query, search::parseTextQuery(text), 100);
    });
    if (!matches)
        return {matches.error().message};
    QStringList ids;
    for (const search::Ranked &entry : matches->ranked)
        ids << entry.chunk.toString();
    ids.sort();
    return ids;
}

void TestTextIndex::buildsForOldPassages()
{
    const OwnerId owner = ownerId(QStringLiteral("old"));
    for (int i = 0; i < 60; ++i)
        VERIFY_RESULT(add(*m_store, owner, QStringLiteral("d%1").arg(i), randomText(40)));
    const QString query = QStringLiteral("word7 word200 -word3");
    const QStringList before = found(owner, query);
    QVERIFY(before.size() > 3);
    VERIFY_RESULT(forgetIndex(owner));
    QVERIFY(stored(owner).isEmpty());

    // The old way finds the same, in another order maybe.
    QCOMPARE(found(owner, query), before);
    // What comes and goes before it is built.
    VERIFY_RESULT(add(*m_store, owner, QStringLiteral("d1"), QStringLiteral("word7 again")));
    VERIFY_RESULT(add(*m_store, owner, QStringLiteral("new"), QStringLiteral("word7 new")));
    const QStringList meanwhile = found(owner, query);

    QList<qint64> left;
    textindex::TextIndexWorker::Callbacks callbacks;
    callbacks.building = [&](const OwnerId &which, qint64 passages) {
        if (which == owner)
            left << passages;
    };
    textindex::TextIndexWorker worker(m_database->manager(2), callbacks);
    VERIFY_RESULT(worker.work());
    QCOMPARE(left, QList<qint64>{0});
    verifyIndex(owner);
    QCOMPARE(found(owner, query), meanwhile);
    const auto state =
        m_store->as(owner, [&](db::Session &s) { return s.queryOne(kState, {owner.toString()}); });
    VERIFY_RESULT(state);
    QVERIFY(state->boolean(0));
}

void TestTextIndex::mergesWhatIsDue()
{
    const OwnerId owner = ownerId(QStringLiteral("due"));
    for (int i = 0; i < 4; ++i)
        VERIFY_RESULT(add(*m_store, owner, QStringLiteral("d%1").arg(i), randomText(30)));
    // Segments as several large writers leave them.
    VERIFY_RESULT(m_store->as(owner, [&](db::Session &s) -> Result<> {
        for (int i = 0; i < textindex::kMergeFactor; ++i) {
            const auto id = textindex::reserveNumbers(s, owner, 2);
            if (!id)
                return id.error();
            const auto content =
                textindex::segmentOf({{quint32(*id), QStringLiteral("'word1':1"), false},
                                      {quint32(*id), QStringLiteral("'word1':1"), true}});
            if (auto ok = textindex::writeSegment(s, owner, *id, content); !ok)
                return ok;
        }
        return textindex::setMergeDue(s, owner, true);
    }));
    textindex::TextIndexWorker worker(m_database->manager(2), {});
    VERIFY_RESULT(worker.work());
    const auto segments =
        m_store->as(owner, [&](db::Session &s) { return textindex::listSegments(s, owner); });
    VERIFY_RESULT(segments);
    QVERIFY(segments->size() < textindex::kMergeFactor);
    verifyIndex(owner);
    const auto state =
        m_store->as(owner, [&](db::Session &s) { return s.queryOne(kState, {owner.toString()}); });
    QVERIFY(!state->boolean(1));
    // Starting and stopping beside it does no harm.
    worker.start();
    worker.start();
    worker.stop();
    worker.stop();
}

QTEST_GUILESS_MAIN(TestTextIndex)
#include "tst_text_index.moc"
