#include "core/testing/verify_result.h"
#include "tests/core/search/search_test.h"

#include <QRandomGenerator>

using namespace llmemory;
using db::Statement;
using testing::documentInput;
using testing::ownerId;

namespace {

constexpr Statement kMatching{"matching",
                              "SELECT chunk_id FROM {{tables.document_chunks}} WHERE owner_id = $1 "
                              "AND chunk_level = 1 AND search_vector @@ $2::tsquery"};

QSet<QString> passagesOf(const SearchAnswer &answer)
{
    QSet<QString> passages;
    for (const SearchHit &hit : answer.hits)
        passages << hit.chunk.toString();
    return passages;
}

QHash<QString, double> scoresOf(const SearchAnswer &answer)
{
    QHash<QString, double> scores;
    for (const SearchHit &hit : answer.hits)
        scores.insert(hit.chunk.toString(), hit.score);
    return scores;
}

} // namespace

/// Words that begin so, found as PostgreSQL finds them and ranked as the words themselves.
class TestPrefixSearch : public testing::SearchTest
{
    Q_OBJECT

private slots:
    void initTestCase();
    void findsWhatTheServerFinds_data();
    void findsWhatTheServerFinds();
    void ranksAsItsWords();
    void ownStem();
    void besideWords();
    void explained();
    void mostFrequentOfMany();
    void whileTheIndexIsBuilt();

private:
    Result<SearchAnswer> search(const QString &text, bool explain = false);
    QSet<QString> matching(const QString &tsquery);

    OwnerId m_owner = ownerId(QStringLiteral("reader"));
};

void TestPrefixSearch::initTestCase()
{
    if (const QString reason = open(2); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    QRandomGenerator random(11);
    for (int i = 0; i < 60; ++i) {
        QString text;
        for (int n = 5 + random.bounded(40); n > 0; --n) {
            text += QChar(u'a' + random.bounded(4));
            for (int letters = random.bounded(1, 5); letters > 0; --letters)
                text += QChar(u'a' + random.bounded(4));
            text += QLatin1Char(' ');
        }
        VERIFY_RESULT(m_store->add(documentInput(m_owner, QString::number(i), text)));
    }
    VERIFY_RESULT(m_store->add(documentInput(
        m_owner,
        QStringLiteral("english"),
        QStringLiteral("The harbour master keeps a ledger of every vessel that enters the port, "
                       "and of what was paid for it, harbinger or not."))));
    VERIFY_RESULT(m_store->add(documentInput(ownerId(QStringLiteral("stranger")),
                                             QStringLiteral("foreign"),
                                             QStringLiteral("abba acad adda harbour"))));
}

Result<SearchAnswer> TestPrefixSearch::search(const QString &text, bool explain)
{
    SearchQuery query;
    query.owner = m_owner;
    query.text = text;
    query.mode = SearchMode::Text;
    query.limit = 200;
    query.explain = explain;
    return SearchTest::search(query);
}

QSet<QString> TestPrefixSearch::matching(const QString &tsquery)
{
    const auto rows = m_store->as(m_owner, [&](db::Session &session) {
        return session.query(kMatching, {m_owner.toString(), tsquery});
    });
    QSet<QString> passages;
    for (const db::Row &row : rows.value_or(db::Rows()))
        passages << ChunkId(row.value(0).toUuid()).toString();
    return passages;
}

void TestPrefixSearch::findsWhatTheServerFinds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("tsquery");
    const std::pair<const char *, const char *> rows[] = {
        {"ab*", "ab:*"},
        {"abc*", "abc:*"},
        {"abcd*", "abcd:*"},
        {"ABC*", "abc:*"},
        {"dddd*", "dddd:*"},
        {"ab* cd*", "ab:* & cd:*"},
        {"abc* -cd*", "abc:* & !cd:*"},
        {"abc* +dd", "abc:* & dd"},
        {"abc* \"dd aa\"", "abc:* & (dd <-> aa)"},
        {"harb*", "harb:*"},
        {"zz*", "zz:*"},
    };
    for (const auto &[text, tsquery] : rows)
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(tsquery);
}

void TestPrefixSearch::findsWhatTheServerFinds()
{
    QFETCH(QString, text);
    QFETCH(QString, tsquery);
    const auto answer = search(text);
    VERIFY_RESULT(answer);
    QCOMPARE(passagesOf(*answer), matching(tsquery));
    for (const SearchHit &hit : answer->hits) {
        QVERIFY(hit.score > 0);
        QVERIFY(!hit.highlights.isEmpty());
    }
}

void TestPrefixSearch::ranksAsItsWords()
{
    const auto byPrefix = search(QStringLiteral("abc*"), true);
    VERIFY_RESULT(byPrefix);
    QSet<QString> words;
    for (const SearchHit &hit : byPrefix->hits) {
        for (const Json &term : hit.explain["text"]["terms"])
            words << toQString(term["term"]);
    }
    QVERIFY(words.size() > 4);
    const auto byWords = search(QStringList(words.values()).join(QLatin1Char(' ')));
    VERIFY_RESULT(byWords);
    const auto expected = scoresOf(*byWords);
    const auto scores = scoresOf(*byPrefix);
    QCOMPARE(scores.size(), expected.size());
    for (auto entry = scores.cbegin(); entry != scores.cend(); ++entry)
        QVERIFY(std::abs(entry.value() - expected.value(entry.key())) < 1e-9);
    for (qsizetype i = 1; i < byPrefix->hits.size(); ++i)
        QVERIFY(byPrefix->hits.at(i - 1).score >= byPrefix->hits.at(i).score);
}

void TestPrefixSearch::ownStem()
{
    const auto answer = search(QStringLiteral("vessels*"), true);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 1);
    QCOMPARE(toQString(answer->hits.first().explain["text"]["terms"][0]["term"]),
             QStringLiteral("vessel"));
}

void TestPrefixSearch::besideWords()
{
    const auto word = search(QStringLiteral("ledger"));
    VERIFY_RESULT(word);
    const auto both = search(QStringLiteral("ledger harb*"));
    VERIFY_RESULT(both);
    QCOMPARE(both->hits.size(), 1);
    QVERIFY(both->hits.first().score > word->hits.first().score);
}

void TestPrefixSearch::explained()
{
    const auto answer = search(QStringLiteral("ledger harb*"), true);
    VERIFY_RESULT(answer);
    double sum = 0;
    QStringList terms;
    for (const Json &term : answer->hits.first().explain["text"]["terms"]) {
        sum += term["score"].get<double>();
        terms << toQString(term["term"]);
    }
    terms.sort();
    QCOMPARE(terms,
             (QStringList{
                 QStringLiteral("harbing"), QStringLiteral("harbour"), QStringLiteral("ledger")}));
    QVERIFY(std::abs(sum - answer->hits.first().score) < 1e-9);
}

void TestPrefixSearch::mostFrequentOfMany()
{
    // A hundred words, each in a passage of its own; the first seventy in one more.
    const OwnerId owner = ownerId(QStringLiteral("many"));
    QString frequent;
    for (int i = 0; i < 100; ++i) {
        const QString word = QStringLiteral("qu%1").arg(i, 3, 10, QLatin1Char('0'));
        if (i < 70)
            frequent += word + QLatin1Char(' ');
        VERIFY_RESULT(m_store->add(documentInput(owner, word, word)));
    }
    VERIFY_RESULT(m_store->add(documentInput(owner, QStringLiteral("frequent"), frequent)));
    SearchQuery query;
    query.owner = owner;
    query.text = QStringLiteral("qu*");
    query.mode = SearchMode::Text;
    query.limit = 200;
    const auto answer = SearchTest::search(query);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 65);
    QCOMPARE(answer->hits.first().idAtOrigin, QStringLiteral("frequent"));
}

void TestPrefixSearch::whileTheIndexIsBuilt()
{
    constexpr Statement kSet{"set_indexed",
                             "UPDATE {{tables.owners}} SET text_indexed = $2 WHERE owner_id = $1"};
    const auto set = [&](bool isIndexed) {
        return m_store->as(m_owner, [&](db::Session &session) {
            return session.execute(kSet, {m_owner.toString(), isIndexed});
        });
    };
    VERIFY_RESULT(set(false));
    const auto answer = search(QStringLiteral("abc*"), true);
    VERIFY_RESULT(answer);
    QCOMPARE(passagesOf(*answer), matching(QStringLiteral("abc:*")));
    QVERIFY(answer->hits.first().score > 0);
    VERIFY_RESULT(set(true));
}

QTEST_GUILESS_MAIN(TestPrefixSearch)
#include "tst_prefix_search.moc"
