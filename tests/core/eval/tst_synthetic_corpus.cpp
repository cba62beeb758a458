#include "core/documents/document_preparer.h"
#include "core/eval/synthetic_corpus.h"
#include "core/testing/verify_result.h"

#include <QSet>
#include <QTest>

#include <algorithm>
#include <numeric>

using namespace llmemory;
using namespace llmemory::eval;

/// The made-up corpus of the benchmarks: its sizes, and that it is the same every time.
class TestSyntheticCorpus : public QObject
{
    Q_OBJECT

private slots:
    void sizesAddUp_data();
    void sizesAddUp();
    void sharesOfFiftyOwners();
    void planHasEveryPassage();
    void documentsAreTheSameEveryTime();
    void documentsHaveAboutTheirPassages();
    void everyTwentiethDocumentIsOfAPart();
    void wordsAreDifferent();
    void frequentWordsAreFrequent();
    void queriesAreNeverRepeated();
    void queriesAreAboutDocumentsOfTheTenant();
    void prefixMustMakeANameOfATenant();
};

void TestSyntheticCorpus::sizesAddUp_data()
{
    QTest::addColumn<qint64>("passages");
    QTest::addColumn<int>("owners");
    for (const int owners : {1, 2, 3, 50, 999})
        QTest::newRow(qPrintable(QString::number(owners))) << qint64(100'000) << owners;
    QTest::newRow("few passages") << qint64(7) << 7;
}

void TestSyntheticCorpus::sizesAddUp()
{
    QFETCH(qint64, passages);
    QFETCH(int, owners);
    const QList<qint64> sizes = ownerSizes({.passages = passages, .owners = owners});
    QCOMPARE(sizes.size(), owners);
    QCOMPARE(std::accumulate(sizes.begin(), sizes.end(), qint64(0)), passages);
    QVERIFY(*std::min_element(sizes.begin(), sizes.end()) >= 0);
    QVERIFY(sizes.constFirst() == *std::max_element(sizes.begin(), sizes.end()));
}

void TestSyntheticCorpus::sharesOfFiftyOwners()
{
    const QList<qint64> sizes = ownerSizes({.passages = 100'000, .owners = 50});
    QCOMPARE(sizes.constFirst(), 60'000);
    QVERIFY(sizes.at(1) > 20'000 && sizes.at(1) < 25'000);
    for (qsizetype i = 1; i < sizes.size(); ++i)
        QVERIFY(sizes.at(i) >= 90 && sizes.at(i) <= sizes.at(i - 1) + 10);
    QVERIFY(sizes.at(40) <= 101);
}

void TestSyntheticCorpus::planHasEveryPassage()
{
    const CorpusSize size{.passages = 10'000, .owners = 10};
    const SyntheticCorpus corpus(QStringLiteral("b"), size);
    const QList<PlannedDocument> plan = corpus.plan();
    QList<qint64> passages(size.owners);
    QSet<QString> ids;
    for (const PlannedDocument &planned : plan) {
        QVERIFY(planned.passages > 0);
        passages[planned.owner] += planned.passages;
        ids.insert(QString::number(planned.owner) + u'/' + corpus.idAtOrigin(planned));
    }
    QCOMPARE(passages, ownerSizes(size));
    QCOMPARE(ids.size(), plan.size());
    // Mixed: the first tenths are not one owner's.
    QSet<int> owners;
    for (const PlannedDocument &planned : plan.first(plan.size() / 4))
        owners.insert(planned.owner);
    QVERIFY(owners.size() > 3);
}

void TestSyntheticCorpus::documentsAreTheSameEveryTime()
{
    const SyntheticCorpus corpus(QStringLiteral("b"), {});
    const SyntheticCorpus other(QStringLiteral("b"), {.seed = 2});
    const PlannedDocument planned{.owner = 3, .number = 7, .passages = 2};
    const auto first = corpus.document(planned);
    VERIFY_RESULT(first);
    QCOMPARE(corpus.document(planned)->content, first->content);
    QCOMPARE(first->owner.toString(), QStringLiteral("b-004"));
    QVERIFY(other.document(planned)->content != first->content);
    QVERIFY(other.document(planned)->idAtOrigin != first->idAtOrigin);
    QVERIFY(corpus.document({.owner = 3, .number = 8, .passages = 2})->content != first->content);
}

void TestSyntheticCorpus::documentsHaveAboutTheirPassages()
{
    const SyntheticCorpus corpus(QStringLiteral("b"), {});
    for (const int passages : {5, 20, 80}) {
        const auto input = corpus.document({.owner = 0, .number = passages, .passages = passages});
        VERIFY_RESULT(input);
        const auto prepared = documents::prepareDocument(*input);
        VERIFY_RESULT(prepared);
        QCOMPARE(prepared->language, QStringLiteral("en"));
        const auto found = std::count_if(prepared->chunks.begin(),
                                         prepared->chunks.end(),
                                         [](const auto &chunk) { return chunk.level == 1; });
        QVERIFY2(std::abs(double(found) - passages) <= std::max(1.0, 0.05 * passages),
                 qPrintable(QStringLiteral("%1 of %2").arg(found).arg(passages)));
    }
}

void TestSyntheticCorpus::everyTwentiethDocumentIsOfAPart()
{
    const SyntheticCorpus corpus(QStringLiteral("b"), {});
    int kept = 0;
    for (int number = 0; number < 40; ++number) {
        const auto input = corpus.document({.owner = 0, .number = number, .passages = 1});
        kept += input->metadata.at("part") == 0 ? 1 : 0;
    }
    QCOMPARE(kept, 2);
}

void TestSyntheticCorpus::wordsAreDifferent()
{
    const SyntheticLanguage language;
    QSet<QString> words;
    for (int rank = 0; rank < SyntheticLanguage::kVocabulary; ++rank)
        words.insert(language.word(rank));
    QCOMPARE(words.size(), SyntheticLanguage::kVocabulary);
}

void TestSyntheticCorpus::frequentWordsAreFrequent()
{
    const SyntheticLanguage language;
    SyntheticRandom random(1, 1);
    const QStringList words = language.text(random, SyntheticLanguage::subject(random), 20'000)
                                  .toLower()
                                  .remove(u'.')
                                  .simplified()
                                  .split(u' ');
    QCOMPARE(words.size(), 20'000);
    // Zipf's law: 1 / (1 + 1/2 + … + 1/50,000) for the first rank.
    const double expected = 1 / 11.4;
    const double first = double(words.count(language.word(0))) / double(words.size());
    QVERIFY2(std::abs(first - expected) < 0.01, qPrintable(QString::number(first)));
    const double second = double(words.count(language.word(1))) / double(words.size());
    QVERIFY2(std::abs(second - expected / 2) < 0.01, qPrintable(QString::number(second)));
}

void TestSyntheticCorpus::queriesAreNeverRepeated()
{
    const OwnerId owner = *OwnerId::parse(QStringLiteral("b-002"));
    SyntheticQueries queries(1);
    SyntheticQueries same(1);
    QSet<QString> seen;
    QSet<QString> words;
    for (int i = 0; i < 2'000; ++i) {
        const QString query = queries.next(owner, 400);
        QCOMPARE(same.next(owner, 400), query);
        QCOMPARE(query.count(u' ') + 1, 2 + i % 11);
        seen.insert(query);
        for (const QString &word : query.split(u' '))
            words.insert(word);
    }
    QCOMPARE(seen.size(), 2'000);
    QVERIFY(words.size() > 3'000);
    QVERIFY(!words.contains(QStringLiteral("the")));
}

void TestSyntheticCorpus::queriesAreAboutDocumentsOfTheTenant()
{
    const SyntheticCorpus corpus(QStringLiteral("b"), {});
    const auto wordsOf = [](const QString &text) {
        const QStringList words = text.toLower().remove(u'.').simplified().split(u' ');
        return QSet<QString>(words.begin(), words.end());
    };
    const QSet<QString> content =
        wordsOf(corpus.document({.owner = 1, .number = 0, .passages = 20})->content);
    const auto shareFound = [&](const OwnerId &owner) {
        SyntheticQueries queries(1);
        int found = 0;
        int all = 0;
        for (int i = 0; i < 100; ++i) {
            const QSet<QString> words = wordsOf(queries.next(owner, 1));
            all += int(words.size());
            found += int((words & content).size());
        }
        return double(found) / all;
    };
    const double own = shareFound(*corpus.owner(1));
    const double others = shareFound(*corpus.owner(2));
    QVERIFY2(own > 0.7 && others < 0.4,
             qPrintable(QStringLiteral("%1 and %2").arg(own).arg(others)));
}

void TestSyntheticCorpus::prefixMustMakeANameOfATenant()
{
    QVERIFY(!SyntheticCorpus(QStringLiteral("a b"), {}).owner(0));
}

QTEST_GUILESS_MAIN(TestSyntheticCorpus)
#include "tst_synthetic_corpus.moc"
