#include "core/testing/await.h"
#include "core/testing/deterministic_embedder.h"

#include <QTest>
#include <QtConcurrentRun>

#include <atomic>
#include <cmath>
#include <numeric>

using llmemory::ErrorKind;
using llmemory::Result;
using llmemory::embed::Vector;
using llmemory::testing::await;
using llmemory::testing::DeterministicEmbedder;

namespace {

double product(const Vector &a, const Vector &b)
{
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Vector vectorOf(const DeterministicEmbedder &embedder, const char *text)
{
    return embedder.embedQuery(QString::fromUtf8(text)).value_or(Vector());
}

} // namespace

class TestDeterministicEmbedder : public QObject
{
    Q_OBJECT

private slots:
    void givesUnitVectors_data();
    void givesUnitVectors();
    void isTheSameInEveryRun();
    void documentsAndQueriesAreAlike();
    void sharedWordsBringNear_data();
    void sharedWordsBringNear();
    void dimensionIsPartOfTheModel();
    void failsAsOftenAsTold();
    void waitsUntilReleased();
    void stopsWaitingWhenCancelled();
    void countsFromManyThreads();
};

void TestDeterministicEmbedder::givesUnitVectors_data()
{
    QTest::addColumn<int>("dimension");
    QTest::addColumn<QString>("text");
    for (const int dimension : {1, 2, 64, 4'000}) {
        for (const char *text : {"", "?!", "one", "the quick brown fox", "Über 図書館"})
            QTest::addRow("%d '%s'", dimension, text) << dimension << QString::fromUtf8(text);
    }
}

void TestDeterministicEmbedder::givesUnitVectors()
{
    QFETCH(int, dimension);
    QFETCH(QString, text);
    const DeterministicEmbedder embedder(dimension);
    const auto vector = embedder.embedQuery(text);
    VERIFY_RESULT(vector);
    QCOMPARE(int(vector->size()), dimension);
    QVERIFY(std::abs(product(*vector, *vector) - 1.0) < 1e-4);
}

void TestDeterministicEmbedder::isTheSameInEveryRun()
{
    const Vector vector = vectorOf(DeterministicEmbedder(3), "heron");
    const Vector expected{-0.950815F, -0.165464F, 0.261865F};
    for (size_t i = 0; i < expected.size(); ++i)
        QVERIFY2(
            std::abs(vector.at(i) - expected.at(i)) < 1e-5,
            qPrintable(QStringLiteral("%1 %2 %3").arg(vector[0]).arg(vector[1]).arg(vector[2])));
}

void TestDeterministicEmbedder::documentsAndQueriesAreAlike()
{
    const DeterministicEmbedder embedder;
    const QStringList texts{QStringLiteral("grey heron"), QStringLiteral("old mill")};
    const auto documents = embedder.embedDocuments(texts);
    VERIFY_RESULT(documents);
    QCOMPARE(documents->size(), size_t(2));
    QCOMPARE(documents->at(0), *embedder.embedQuery(texts.at(0)));
    QCOMPARE(documents->at(1), *embedder.embedQuery(texts.at(1)));
}

void TestDeterministicEmbedder::sharedWordsBringNear_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("least");
    QTest::addColumn<double>("most");
    QTest::newRow("equal") << QByteArray("the grey heron waits") << 0.9999 << 1.0001;
    QTest::newRow("case and marks") << QByteArray("The GREY heron, waits!") << 0.9999 << 1.0001;
    QTest::newRow("half of the words") << QByteArray("a grey heron flies") << 0.25 << 0.75;
    QTest::newRow("none of the words") << QByteArray("engine oil pressure low") << -0.25 << 0.25;
}

void TestDeterministicEmbedder::sharedWordsBringNear()
{
    QFETCH(QByteArray, text);
    QFETCH(double, least);
    QFETCH(double, most);
    const DeterministicEmbedder embedder(256);
    const double cosine =
        product(vectorOf(embedder, "the grey heron waits"), vectorOf(embedder, text.constData()));
    QVERIFY2(cosine >= least && cosine <= most, qPrintable(QString::number(cosine)));
}

void TestDeterministicEmbedder::dimensionIsPartOfTheModel()
{
    QCOMPARE(DeterministicEmbedder(8).modelId(), QStringLiteral("deterministic-8"));
    QCOMPARE(DeterministicEmbedder(16).modelId(), QStringLiteral("deterministic-16"));
    QCOMPARE(DeterministicEmbedder(16).dimension(), 16);
}

void TestDeterministicEmbedder::failsAsOftenAsTold()
{
    DeterministicEmbedder embedder;
    embedder.failNext(2);
    const auto first = embedder.embedQuery(QStringLiteral("a"));
    QVERIFY(!first);
    QCOMPARE(first.error().kind, ErrorKind::Embedding);
    QVERIFY(!embedder.embedDocuments({QStringLiteral("b")}));
    VERIFY_RESULT(embedder.embedQuery(QStringLiteral("c")));
    embedder.failNext(5);
    embedder.failNext(0);
    VERIFY_RESULT(embedder.embedQuery(QStringLiteral("d")));
    QCOMPARE(embedder.calls(), 4);
}

void TestDeterministicEmbedder::waitsUntilReleased()
{
    DeterministicEmbedder embedder;
    embedder.block();
    const auto query =
        QtConcurrent::run([&embedder] { return embedder.embedQuery(QStringLiteral("a")); });
    QTRY_COMPARE(embedder.waitingCalls(), 1);
    QTest::qWait(50);
    QVERIFY(!query.isFinished());
    embedder.release();
    VERIFY_FUTURE(query);
    QCOMPARE(embedder.waitingCalls(), 0);
    VERIFY_RESULT(embedder.embedQuery(QStringLiteral("not held up any more")));
}

void TestDeterministicEmbedder::stopsWaitingWhenCancelled()
{
    DeterministicEmbedder embedder;
    embedder.block();
    std::atomic_bool cancelled = false;
    const auto documents = QtConcurrent::run([&] {
        return embedder.embedDocumentsUnless([&] { return cancelled.load(); },
                                             {QStringLiteral("a")});
    });
    QTRY_COMPARE(embedder.waitingCalls(), 1);
    cancelled = true;
    const auto answer = await(documents, 5'000);
    embedder.release();
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
}

void TestDeterministicEmbedder::countsFromManyThreads()
{
    DeterministicEmbedder embedder;
    QList<QFuture<Result<std::vector<Vector>>>> futures;
    for (int i = 0; i < 20; ++i)
        futures += QtConcurrent::run([&embedder] {
            return embedder.embedDocuments({QStringLiteral("a"), QStringLiteral("b")});
        });
    for (const auto &future : futures)
        VERIFY_FUTURE(future);
    QCOMPARE(embedder.calls(), 20);
    QCOMPARE(embedder.texts(), 40);
}

QTEST_GUILESS_MAIN(TestDeterministicEmbedder)
#include "tst_deterministic_embedder.moc"
