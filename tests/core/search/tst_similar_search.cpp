#include "core/db/sql_array.h"
#include "core/testing/verify_result.h"
#include "tests/core/search/search_test.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace llmemory;
using db::Statement;
using testing::documentInput;
using testing::englishText;
using testing::ownerId;

namespace {

constexpr Statement kVectors{
    "vectors",
    "SELECT document_id, chunk_id, embedding::text FROM {{embeddings}} WHERE owner_id = $1"};
constexpr Statement kChunks{"chunks",
                            "SELECT chunk_id, parent_chunk_id FROM {{tables.document_chunks}} "
                            "WHERE owner_id = $1 AND document_id = $2::uuid AND chunk_level = $3 "
                            "ORDER BY chunk_index"};

struct Stored
{
    DocumentId document;
    ChunkId chunk;
    embed::Vector vector;
};

double cosine(const embed::Vector &a, const embed::Vector &b)
{
    const auto dot = [](const embed::Vector &x, const embed::Vector &y) {
        return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
    };
    return dot(a, b) / std::sqrt(dot(a, a) * dot(b, b));
}

embed::Vector meanOf(const QList<embed::Vector> &vectors)
{
    embed::Vector mean(vectors.first().size());
    for (const embed::Vector &vector : vectors) {
        for (size_t i = 0; i < mean.size(); ++i)
            mean[i] += vector[i] / float(vectors.size());
    }
    return mean;
}

} // namespace

/// Passages and documents like one that is given, against the cosines of all.
class TestSimilarSearch : public testing::SearchTest
{
    Q_OBJECT

private slots:
    void initTestCase();
    void nearestPassages_data();
    void nearestPassages();
    void passagesOfItsParent();
    void nearestDocuments();
    void manyPassagesOfFewDocuments();
    void wordsWhereThereIsNoVector();
    void documentsByWords();
    void nothingLikeIt();
    void missingAndForeignOnes();
    void refused();

private:
    DocumentId add(const char *id, const QString &text, bool embedded = true);
    QList<Stored> stored(const OwnerId &owner);
    QList<ChunkId> chunksOf(const DocumentId &document, int level = 1);
    Result<SearchAnswer> passages(const ChunkId &chunk, int limit, bool sameDocument = false);
    Result<SearchAnswer> documents(const DocumentId &document, int limit);

    OwnerId m_owner = ownerId(QStringLiteral("reader"));
    DocumentId m_long;
    DocumentId m_ledger;
    DocumentId m_waiting;
};

DocumentId TestSimilarSearch::add(const char *id, const QString &text, bool embedded)
{
    const DocumentInput input = documentInput(m_owner, QLatin1String(id), text);
    const auto added = embedded ? m_store->addEmbedded(input) : m_store->add(input);
    return added ? added->document.id : DocumentId();
}

QList<Stored> TestSimilarSearch::stored(const OwnerId &owner)
{
    const auto rows = m_store->as(
        owner, [&](db::Session &session) { return session.query(kVectors, {owner.toString()}); });
    QList<Stored> all;
    for (const db::Row &row : rows.value_or(db::Rows()))
        all.append({DocumentId(row.value(0).toUuid()),
                    ChunkId(row.value(1).toUuid()),
                    db::vectorFromLiteral(row.text(2))});
    return all;
}

QList<ChunkId> TestSimilarSearch::chunksOf(const DocumentId &document, int level)
{
    const auto rows = m_store->as(m_owner, [&](db::Session &session) {
        return session.query(kChunks, {m_owner.toString(), document.toString(), level});
    });
    QList<ChunkId> chunks;
    for (const db::Row &row : rows.value_or(db::Rows()))
        chunks << ChunkId(row.value(0).toUuid());
    return chunks;
}

Result<SearchAnswer> TestSimilarSearch::passages(const ChunkId &chunk, int limit, bool sameDocument)
{
    return m_service->similarPassages(m_owner, chunk, limit, sameDocument, [] { return false; });
}

Result<SearchAnswer> TestSimilarSearch::documents(const DocumentId &document, int limit)
{
    return m_service->similarDocuments(m_owner, document, limit, [] { return false; });
}

void TestSimilarSearch::initTestCase()
{
    if (const QString reason = open(2); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    m_long = add("long", englishText(600));
    m_ledger = add("ledger",
                   QStringLiteral("The ledger of the harbour master tells of every vessel, and of "
                                  "the fees that its captain paid before he left."));
    add("storms",
        QStringLiteral("In that winter storms came over the port, and no captain left with his "
                       "vessel before the master said so."));
    add("gardens",
        QStringLiteral("Roses want sun and water, and a gardener who cuts them back in spring so "
                       "that they grow."));
    add("cooking", QStringLiteral("Boil the water, add salt and rice, and wait until it is soft."));
    m_waiting = add("waiting",
                    QStringLiteral("Roses and tulips of the gardener: he waters both of them in "
                                   "spring, and cuts roses back in autumn."),
                    false);
    QVERIFY(!m_waiting.isNull());
    auto foreign = documentInput(ownerId(QStringLiteral("stranger")),
                                 QStringLiteral("foreign"),
                                 QStringLiteral("The ledger of the harbour master tells of every "
                                                "vessel and of roses of the gardener."));
    VERIFY_RESULT(m_store->addEmbedded(foreign));
}

void TestSimilarSearch::nearestPassages_data()
{
    QTest::addColumn<bool>("sameDocument");
    QTest::addColumn<int>("limit");
    QTest::newRow("of others") << false << 10;
    QTest::newRow("of others, few") << false << 2;
    QTest::newRow("of its document, too") << true << 10;
    QTest::newRow("all") << true << 200;
}

void TestSimilarSearch::nearestPassages()
{
    QFETCH(bool, sameDocument);
    QFETCH(int, limit);
    const auto all = stored(m_owner);
    for (const DocumentId &document : {m_long, m_ledger}) {
        const ChunkId chunk = chunksOf(document).first();
        const auto self = std::find_if(
            all.begin(), all.end(), [&](const Stored &entry) { return entry.chunk == chunk; });
        QVERIFY(self != all.end());
        QList<double> expected;
        for (const Stored &entry : all) {
            if (entry.chunk != chunk && (sameDocument || entry.document != document))
                expected << cosine(entry.vector, self->vector);
        }
        std::sort(expected.begin(), expected.end(), std::greater<>());
        expected.resize(std::min<qsizetype>(expected.size(), limit));

        const auto answer = passages(chunk, limit, sameDocument);
        VERIFY_RESULT(answer);
        QCOMPARE(answer->query.mode, SearchMode::Vector);
        QCOMPARE(answer->note, QString());
        QCOMPARE(answer->hits.size(), expected.size());
        for (qsizetype i = 0; i < expected.size(); ++i) {
            const SearchHit &hit = answer->hits.at(i);
            QCOMPARE(hit.rank, int(i) + 1);
            QVERIFY(hit.chunk != chunk);
            QVERIFY(sameDocument || hit.document != document);
            QVERIFY(std::abs(*hit.similarity - expected.at(i)) < 2e-3); // half floats
            QCOMPARE(hit.score, *hit.similarity);
            QVERIFY(!hit.morePassages);
        }
    }
}

void TestSimilarSearch::passagesOfItsParent()
{
    const auto rows = m_store->as(m_owner, [&](db::Session &session) {
        return session.query(kChunks, {m_owner.toString(), m_long.toString(), 1});
    });
    VERIFY_RESULT(rows);
    const auto parents = chunksOf(m_long, 2);
    QVERIFY(parents.size() > 1);
    QSet<ChunkId> children;
    for (const db::Row &row : *rows) {
        if (ChunkId(row.value(1).toUuid()) == parents.last())
            children << ChunkId(row.value(0).toUuid());
    }
    QVERIFY(children.size() > 1);
    QList<embed::Vector> own;
    QList<double> expected;
    const auto all = stored(m_owner);
    for (const Stored &entry : all) {
        if (children.contains(entry.chunk))
            own << entry.vector;
    }
    for (const Stored &entry : all) {
        if (entry.document != m_long)
            expected << cosine(entry.vector, meanOf(own));
    }
    std::sort(expected.begin(), expected.end(), std::greater<>());
    const auto answer = passages(parents.last(), 10);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), expected.size());
    for (qsizetype i = 0; i < expected.size(); ++i)
        QVERIFY(std::abs(answer->hits.at(i).score - expected.at(i)) < 2e-3);
}

void TestSimilarSearch::nearestDocuments()
{
    const auto all = stored(m_owner);
    for (const DocumentId &document : {m_ledger, m_long}) {
        QList<embed::Vector> own;
        for (const Stored &entry : all) {
            if (entry.document == document)
                own << entry.vector;
        }
        const embed::Vector mean = meanOf(own);
        QHash<DocumentId, double> best;
        for (const Stored &entry : all) {
            if (entry.document != document)
                best[entry.document] =
                    std::max(best.value(entry.document, -1), cosine(entry.vector, mean));
        }
        const auto answer = documents(document, 10);
        VERIFY_RESULT(answer);
        QCOMPARE(answer->hits.size(), best.size());
        double before = 2;
        for (const SearchHit &hit : answer->hits) {
            QVERIFY(std::abs(hit.score - best.value(hit.document)) < 2e-3);
            QVERIFY(hit.score <= before);
            before = hit.score;
            QVERIFY(hit.morePassages);
        }
    }
}

void TestSimilarSearch::manyPassagesOfFewDocuments()
{
    // A hundred passages of one document are nearer than any other document.
    QVERIFY(chunksOf(m_long).size() > 101);
    const auto answer = documents(m_ledger, 4);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 4);
    QSet<DocumentId> seen;
    for (const SearchHit &hit : answer->hits) {
        QVERIFY(!seen.contains(hit.document));
        seen.insert(hit.document);
        QVERIFY(hit.document != m_ledger);
    }
}

void TestSimilarSearch::wordsWhereThereIsNoVector()
{
    const auto answer = passages(chunksOf(m_waiting).first(), 3);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->query.mode, SearchMode::Text);
    QVERIFY(answer->note.contains(QStringLiteral("by words only")));
    QCOMPARE(answer->hits.first().idAtOrigin, QStringLiteral("gardens"));
    for (const SearchHit &hit : answer->hits) {
        QVERIFY(hit.document != m_waiting);
        QCOMPARE(hit.score, *hit.textRank);
        QVERIFY(!hit.similarity);
    }
}

void TestSimilarSearch::documentsByWords()
{
    const auto answer = documents(m_waiting, 3);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->query.mode, SearchMode::Text);
    QVERIFY(!answer->note.isEmpty());
    QCOMPARE(answer->hits.first().idAtOrigin, QStringLiteral("gardens"));
    QCOMPARE(toQString(toJson(*answer)["search_type"]), QStringLiteral("text"));
}

void TestSimilarSearch::nothingLikeIt()
{
    const OwnerId lonely = ownerId(QStringLiteral("lonely"));
    const auto added = m_store->addEmbedded(
        documentInput(lonely, QStringLiteral("only"), QStringLiteral("There is only one.")));
    VERIFY_RESULT(added);
    const auto answer =
        m_service->similarDocuments(lonely, added->document.id, 10, [] { return false; });
    VERIFY_RESULT(answer);
    QVERIFY(answer->hits.isEmpty());
}

void TestSimilarSearch::missingAndForeignOnes()
{
    const auto foreign = stored(ownerId(QStringLiteral("stranger")));
    QCOMPARE(foreign.size(), 1);
    for (const auto &answer :
         {passages(foreign.first().chunk, 10), passages(ChunkId::create(), 10)}) {
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::NotFound);
        QCOMPARE(answer.error().message, QStringLiteral("There is no such passage."));
    }
    for (const auto &answer :
         {documents(foreign.first().document, 10), documents(DocumentId::create(), 10)}) {
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::NotFound);
        QCOMPARE(answer.error().message, QStringLiteral("There is no such document."));
    }
}

void TestSimilarSearch::refused()
{
    for (const int limit : {0, 201}) {
        const auto answer = documents(m_ledger, limit);
        QVERIFY(!answer);
        QCOMPARE(answer.error().field, QStringLiteral("limit"));
    }
    const auto answer = m_service->similarDocuments(OwnerId(), m_ledger, 10, [] { return false; });
    QVERIFY(!answer);
    QCOMPARE(answer.error().field, QStringLiteral("owner_id"));
}

QTEST_GUILESS_MAIN(TestSimilarSearch)
#include "tst_similar_search.moc"
