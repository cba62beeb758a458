#include "core/textindex/bm25.h"
#include "core/textindex/length_norm.h"
#include "core/textindex/segment_content.h"

#include <QMap>
#include <QRandomGenerator>
#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace llmemory::textindex;

namespace {

/// A passage's words, "w3" and so on, and how often each.
using Words = QMap<int, int>;

QByteArray word(int number)
{
    return 'w' + QByteArray::number(number);
}

QString vectorOf(const Words &words)
{
    QStringList parts;
    for (auto entry = words.cbegin(); entry != words.cend(); ++entry) {
        QStringList positions;
        for (int i = 1; i <= entry.value(); ++i)
            positions << QString::number(i);
        parts << QStringLiteral("'%1':%2").arg(QString::fromLatin1(word(entry.key())),
                                               positions.join(QLatin1Char(',')));
    }
    return parts.join(QLatin1Char(' '));
}

int lengthOf(const Words &words)
{
    int length = 0;
    for (const int count : words)
        length += count;
    return length;
}

/// An index in memory beside the plain facts that it is about.
struct Corpus
{
    QMap<quint32, Words> passages;
    Collection collection;
    QList<QByteArray> blocks;

    void change(const QList<IndexedChunk> &chunks)
    {
        const SegmentContent content = segmentOf(chunks);
        collection.passages += content.passages;
        collection.totalLength += content.totalLength;
        for (const TermBlock &block : content.blocks)
            blocks << block.entries;
    }
    Bm25 scorer(const QList<QByteArray> &terms, const Bm25Parameters &parameters = {}) const
    {
        QList<AskedTerm> asked;
        for (const QByteArray &term : terms)
            asked.append({term, 1});
        return {collection, *listsOf(asked, blocks), parameters};
    }
    /// BM25 from its definition: every passage that holds a word of the query.
    QMap<quint32, double> scores(const QList<int> &query, const Bm25Parameters &parameters) const
    {
        qint64 total = 0;
        for (const Words &words : passages)
            total += lengthOf(words);
        const double average = double(total) / double(passages.size());
        QMap<quint32, double> sums;
        for (const int term : query) {
            const auto holding =
                double(std::count_if(passages.begin(), passages.end(), [term](const Words &words) {
                    return words.contains(term);
                }));
            const double idf =
                std::log(1 + (double(passages.size()) - holding + 0.5) / (holding + 0.5));
            for (auto entry = passages.cbegin(); entry != passages.cend(); ++entry) {
                if (!entry->contains(term))
                    continue;
                const double tf = entry->value(term);
                const auto length = double(lengthOfNorm(lengthNorm(lengthOf(*entry))));
                const double norm = 1 - parameters.b + parameters.b * length / average;
                sums[entry.key()] += idf * tf / (tf + parameters.k1 * norm);
            }
        }
        return sums;
    }
};

/// Words by Zipf's law, in segments of several sizes; a fifth of the passages is taken back.
Corpus randomCorpus(quint32 seed, int size)
{
    QRandomGenerator random(seed);
    Corpus corpus;
    quint32 number = 0;
    QList<IndexedChunk> segment;
    for (int i = 0; i < size; ++i) {
        number += 1 + random.bounded(3U);
        Words words;
        const int length = 1 + random.bounded(60);
        for (int w = 0; w < length; ++w)
            ++words[int(std::pow(200.0, random.generateDouble()))];
        corpus.passages.insert(number, words);
        segment.append({number, vectorOf(words), false});
        if (random.bounded(5) == 0) {
            const auto keys = corpus.passages.keys();
            const quint32 gone = keys.at(random.bounded(keys.size()));
            // Another segment's, or one of this very segment.
            segment.append({gone, vectorOf(corpus.passages.take(gone)), true});
        }
        if (random.bounded(8) == 0) {
            corpus.change(segment);
            segment.clear();
        }
    }
    corpus.change(segment);
    return corpus;
}

} // namespace

class TestBm25 : public QObject
{
    Q_OBJECT

private slots:
    void knownValues();
    void bestEqualsEverything_data();
    void bestEqualsEverything();
    void onlyAllowed();
    void tiesByNumber();
    void repeatedWords();
    void explains();
    void emptyCases();
    void damage();
};

void TestBm25::knownValues()
{
    // Lucene 9: two documents of 2 and 4 terms, "apple" once in the first. idf = ln(1 + 1.5/1.5),
    // tf = 1 / (1 + 1.2 * (0.25 + 0.75 * 2 / 3)).
    Corpus corpus;
    corpus.change({{1, QStringLiteral("'appl':1 'pie':2"), false},
                   {2, QStringLiteral("'pie':1,2,3 'cake':4"), false}});
    const auto best = corpus.scorer({"appl"}).best(10);
    QVERIFY(best);
    QCOMPARE(best->size(), 1U);
    QCOMPARE(best->front().chunk, 1U);
    QVERIFY(std::abs(best->front().score - std::log(2.0) / 1.9) < 1e-12);
    // k1 = 0: occurrences do not count; b = 0: lengths do not.
    const auto binary = corpus.scorer({"pie"}, {.k1 = 0, .b = 0.75}).best(10);
    QCOMPARE(binary->at(0).score, binary->at(1).score);
    const auto flat = corpus.scorer({"pie"}, {.k1 = 1, .b = 0}).best(10);
    QCOMPARE(flat->at(0).chunk, 2U);
    QVERIFY(std::abs(flat->at(0).score / flat->at(1).score - 0.75 / 0.5) < 1e-12);
}

void TestBm25::bestEqualsEverything_data()
{
    QTest::addColumn<quint32>("seed");
    QTest::addColumn<int>("size");
    QTest::addColumn<double>("k1");
    QTest::addColumn<double>("b");
    for (quint32 seed = 1; seed <= 12; ++seed)
        QTest::addRow("%u", seed) << seed << int(seed * 60) << 1.2 << 0.75;
    for (const double k1 : {0.0, 0.4, 10.0}) {
        for (const double b : {0.0, 0.5, 1.0})
            QTest::addRow("k1 %g, b %g", k1, b) << 13U << 500 << k1 << b;
    }
}

void TestBm25::bestEqualsEverything()
{
    QFETCH(quint32, seed);
    QFETCH(int, size);
    QFETCH(double, k1);
    QFETCH(double, b);
    const Corpus corpus = randomCorpus(seed, size);
    QCOMPARE(corpus.collection.passages, corpus.passages.size());
    QRandomGenerator random(seed);
    for (int round = 0; round < 8; ++round) {
        QList<int> query;
        QList<QByteArray> terms;
        for (int i = 0; i <= random.bounded(12); ++i) {
            const int term = random.bounded(1, 220);
            if (!query.contains(term)) {
                query << term;
                terms << word(term);
            }
        }
        const Bm25Parameters parameters{.k1 = k1, .b = b};
        const Bm25 scorer = corpus.scorer(terms, parameters);
        const auto all = scorer.best(100000);
        QVERIFY(all);
        const QMap<quint32, double> expected = corpus.scores(query, parameters);
        QCOMPARE(qsizetype(all->size()), expected.size());
        for (size_t i = 0; i < all->size(); ++i) {
            QVERIFY(std::abs(expected.value(all->at(i).chunk) - all->at(i).score) < 1e-9);
            if (i > 0)
                QVERIFY(all->at(i).score < all->at(i - 1).score ||
                        (all->at(i).score == all->at(i - 1).score &&
                         all->at(i).chunk > all->at(i - 1).chunk));
        }
        // To the last bit, whatever was skipped.
        for (const size_t most : {1U, 2U, 3U, 7U, 20U, 100U}) {
            const auto best = scorer.best(most);
            QVERIFY(best);
            QVERIFY(*best ==
                    std::vector<ScoredChunk>(
                        all->begin(), all->begin() + std::ptrdiff_t(std::min(most, all->size()))));
        }
    }
}

void TestBm25::onlyAllowed()
{
    const Corpus corpus = randomCorpus(77, 500);
    const Bm25 scorer = corpus.scorer({word(1), word(2), word(9), word(50), word(120)});
    const auto all = scorer.best(100000);
    std::vector<quint32> allowed;
    std::vector<ScoredChunk> expected;
    for (const quint32 chunk : corpus.passages.keys()) {
        if (chunk % 7 == 0)
            allowed.push_back(chunk);
    }
    for (const ScoredChunk &entry : *all) {
        if (entry.chunk % 7 == 0)
            expected.push_back(entry);
    }
    QVERIFY(expected.size() > 20);
    QVERIFY(*scorer.best(100000, &allowed) == expected);
    expected.resize(5);
    QVERIFY(*scorer.best(5, &allowed) == expected);
    allowed.clear();
    QVERIFY(scorer.best(5, &allowed)->empty());
}

void TestBm25::tiesByNumber()
{
    Corpus corpus;
    for (quint32 chunk = 20; chunk > 0; --chunk)
        corpus.change({{chunk, QStringLiteral("'a':1 'b':2"), false}});
    for (const size_t most : {1U, 5U, 20U}) {
        const auto best = corpus.scorer({"b", "a"}).best(most);
        QCOMPARE(best->size(), most);
        for (size_t i = 0; i < most; ++i)
            QCOMPARE(best->at(i).chunk, quint32(i + 1));
    }
}

void TestBm25::repeatedWords()
{
    const Corpus corpus = randomCorpus(9, 200);
    const auto once = corpus.scorer({word(2)}).best(1000);
    const Bm25 twice(corpus.collection, *listsOf({{word(2), 2}}, corpus.blocks), {});
    const auto best = twice.best(1000);
    QCOMPARE(best->size(), once->size());
    for (size_t i = 0; i < best->size(); ++i)
        QVERIFY(std::abs(best->at(i).score - 2 * once->at(i).score) < 1e-12);
    QCOMPARE(twice.explain(best->front().chunk)->first().score, best->front().score);
    // What counts more often may also be what was left for last.
    const QList<AskedTerm> terms{{word(1), 40}, {word(90), 1}, {word(150), 1}, {word(30), 2}};
    const Bm25 mixed(corpus.collection, *listsOf(terms, corpus.blocks), {});
    const auto all = mixed.best(1000);
    for (const size_t most : {1U, 5U, 50U})
        QVERIFY(*mixed.best(most) ==
                std::vector<ScoredChunk>(all->begin(), all->begin() + std::ptrdiff_t(most)));
}

void TestBm25::explains()
{
    const Corpus corpus = randomCorpus(5, 300);
    const QList<QByteArray> terms{word(1), word(2), word(3), word(70)};
    const Bm25 scorer = corpus.scorer(terms);
    const auto best = scorer.best(20);
    for (const ScoredChunk &entry : *best) {
        const auto matches = scorer.explain(entry.chunk);
        QVERIFY(matches);
        double sum = 0;
        for (const TermMatch &match : *matches) {
            const int term = match.term.mid(1).toInt();
            QCOMPARE(int(match.frequency), corpus.passages[entry.chunk].value(term));
            sum += match.score;
        }
        QVERIFY(std::abs(sum - entry.score) < 1e-12);
    }
    QVERIFY(scorer.explain(4000000000U)->isEmpty());
}

void TestBm25::emptyCases()
{
    const Corpus nothing;
    QVERIFY(nothing.scorer({"a"}).best(5)->empty());
    Corpus corpus;
    corpus.change({{1, QStringLiteral("'a':1"), false}});
    QVERIFY(corpus.scorer({}).best(5)->empty());
    QVERIFY(corpus.scorer({"b"}).best(5)->empty());
    QCOMPARE(corpus.scorer({"a", "a"}).best(5)->size(), 1U);
    // Everything is taken back.
    corpus.change({{1, QStringLiteral("'a':1"), true}});
    QCOMPARE(corpus.collection.passages, 0);
    QCOMPARE(corpus.collection.totalLength, 0);
    QVERIFY(corpus.scorer({"a"}).best(5)->empty());
}

void TestBm25::damage()
{
    Corpus corpus;
    corpus.change({{1, QStringLiteral("'a':1"), false}});
    corpus.blocks.first().chop(1);
    QVERIFY(!listsOf({{"a", 1}}, corpus.blocks));
    const QByteArray list("\xff");
    const Bm25 scorer({1, 1}, {TermLists{"a", 1, false, {list}, 1}}, {});
    QVERIFY(!scorer.best(5));
    QVERIFY(!scorer.explain(1));
}

QTEST_GUILESS_MAIN(TestBm25)
#include "tst_bm25.moc"
