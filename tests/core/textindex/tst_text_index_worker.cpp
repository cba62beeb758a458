#include "core/search/text_search.h"
#include "core/testing/verify_result.h"
#include "core/textindex/merge_policy.h"
#include "core/textindex/segment_repository.h"
#include "core/textindex/text_index_worker.h"
#include "index_check.h"

#include <QRandomGenerator>
#include <QTest>

using namespace llmemory;
using db::Statement;
using testing::documentInput;
using testing::DocumentStore;
using testing::ownerId;
using testing::TemporarySchema;
using textindex::SegmentInfo;
using textindex::TextIndexWorker;

namespace {

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
constexpr Statement kGrow{"grow_owner",
                          "UPDATE {{tables.owners}} SET chunk_count = $2 WHERE owner_id = $1"};
constexpr Statement kLastNumber{"last_number",
                                "SELECT last_number FROM {{tables.owners}} WHERE owner_id = $1"};

} // namespace

/// What is done for the text index in the background.
class TestTextIndexWorker : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void buildsForOldPassages();
    void mergesWhatIsDue();
    void tidiesUpAtRest();

private:
    Result<AddedDocument> add(const OwnerId &owner, const QString &id, const QString &text)
    {
        return m_store->add(documentInput(owner, id, text));
    }
    Result<> forgetIndex(const OwnerId &owner);
    QStringList found(const OwnerId &owner, const QString &text);
    QList<SegmentInfo> segments(const OwnerId &owner);
    qint64 lastNumber(const OwnerId &owner);
    QString randomText(int words) { return testing::randomText(m_random, words); }

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
    QRandomGenerator m_random{7};
};

void TestTextIndexWorker::initTestCase()
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<DocumentStore>(*m_database);
}

Result<> TestTextIndexWorker::forgetIndex(const OwnerId &owner)
{
    return m_store->as(owner, [&](db::Session &s) -> Result<> {
        for (const Statement &statement : {kForgetSegments, kForgetNumbers, kForgetState}) {
            if (auto done = s.execute(statement, {owner.toString()}); !done)
                return done.error();
        }
        return {};
    });
}

QStringList TestTextIndexWorker::found(const OwnerId &owner, const QString &text)
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

QList<SegmentInfo> TestTextIndexWorker::segments(const OwnerId &owner)
{
    const auto segments =
        m_store->as(owner, [&](db::Session &s) { return textindex::listSegments(s, owner); });
    return segments ? *segments : QList<SegmentInfo>();
}

qint64 TestTextIndexWorker::lastNumber(const OwnerId &owner)
{
    const auto row = m_store->as(
        owner, [&](db::Session &s) { return s.queryOne(kLastNumber, {owner.toString()}); });
    return row ? row->bigint(0) : -1;
}

void TestTextIndexWorker::buildsForOldPassages()
{
    const OwnerId owner = ownerId(QStringLiteral("old"));
    for (int i = 0; i < 60; ++i)
        VERIFY_RESULT(add(owner, QStringLiteral("d%1").arg(i), randomText(40)));
    const QString query = QStringLiteral("word7 word200 -word3");
    const QStringList before = found(owner, query);
    QVERIFY(before.size() > 3);
    VERIFY_RESULT(forgetIndex(owner));
    QVERIFY(testing::storedIndex(*m_store, owner).isEmpty());

    // The old way finds the same, in another order maybe.
    QCOMPARE(found(owner, query), before);
    // What comes and goes before it is built.
    VERIFY_RESULT(add(owner, QStringLiteral("d1"), QStringLiteral("word7 again")));
    VERIFY_RESULT(add(owner, QStringLiteral("new"), QStringLiteral("word7 new")));
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
    QCOMPARE(testing::indexFault(*m_store, owner), QString());
    QCOMPARE(found(owner, query), meanwhile);
    const auto state =
        m_store->as(owner, [&](db::Session &s) { return s.queryOne(kState, {owner.toString()}); });
    VERIFY_RESULT(state);
    QVERIFY(state->boolean(0));
}

void TestTextIndexWorker::mergesWhatIsDue()
{
    const OwnerId owner = ownerId(QStringLiteral("due"));
    for (int i = 0; i < 4; ++i)
        VERIFY_RESULT(add(owner, QStringLiteral("d%1").arg(i), randomText(30)));
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
    QCOMPARE(testing::indexFault(*m_store, owner), QString());
    const auto state =
        m_store->as(owner, [&](db::Session &s) { return s.queryOne(kState, {owner.toString()}); });
    QVERIFY(!state->boolean(1));
    // Starting and stopping beside it does no harm.
    worker.start();
    worker.start();
    worker.stop();
    worker.stop();
}

void TestTextIndexWorker::tidiesUpAtRest()
{
    const OwnerId owner = ownerId(QStringLiteral("resting"));
    for (int i = 0; i < 20; ++i)
        VERIFY_RESULT(add(owner, QStringLiteral("d%1").arg(i), randomText(30 + 40 * i)));
    const auto grow = [&](qint64 passages) {
        return m_store->as(owner, [&](db::Session &s) {
            return s.execute(kGrow, {owner.toString(), passages});
        });
    };
    const QString query = QStringLiteral("word7 word200 -word3");
    const QStringList before = found(owner, query);
    const QList<SegmentInfo> many = segments(owner);
    QVERIFY(!textindex::segmentsToMergeAtRest(many).isEmpty());

    TextIndexWorker worker(m_database->manager(2), {});
    const auto work = [&] { VERIFY_RESULT(worker.work()); };
    work();
    work();
    QCOMPARE(segments(owner), many); // a small owner is left alone
    VERIFY_RESULT(grow(textindex::kPassagesToTidy));
    work(); // seen for the first time
    QCOMPARE(segments(owner), many);
    VERIFY_RESULT(add(owner, QStringLiteral("new"), randomText(100)));
    VERIFY_RESULT(grow(textindex::kPassagesToTidy));
    work(); // somebody writes
    QCOMPARE(segments(owner).size(), many.size() + 1);
    work();
    const QList<SegmentInfo> few = segments(owner);
    QVERIFY(few.size() < many.size());
    QVERIFY(textindex::segmentsToMergeAtRest(few).isEmpty());
    QCOMPARE(testing::indexFault(*m_store, owner), QString());
    QVERIFY(found(owner, query).size() >= before.size());

    // No more than once.
    const qint64 last = lastNumber(owner);
    work();
    work();
    QCOMPARE(segments(owner), few);
    QCOMPARE(lastNumber(owner), last);
}

QTEST_GUILESS_MAIN(TestTextIndexWorker)
#include "tst_text_index_worker.moc"
