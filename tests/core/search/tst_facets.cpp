#include "core/search/facet_repository.h"
#include "core/testing/verify_result.h"
#include "tests/core/search/search_test.h"

using namespace llmemory;
using testing::documentInput;
using testing::ownerId;

namespace {

constexpr int kDocuments = 400;

QString number(int n)
{
    return QString::number(n);
}

} // namespace

/// What a whole result set is made of.
class TestFacets : public testing::SearchTest
{
    Q_OBJECT

private slots:
    void initTestCase();
    void countsTheWholeResult_data();
    void countsTheWholeResult();
    void countsWhatTheQueryKeeps_data();
    void countsWhatTheQueryKeeps();
    void keepsTheMostFrequentValues();
    void estimatesAboveTheLimit();
    void nothingFound();

private:
    SearchQuery query(const QString &text) const
    {
        SearchQuery query;
        query.owner = m_owner;
        query.text = text;
        query.limit = 1;
        query.facets = true;
        return query;
    }

    const OwnerId m_owner = ownerId(QStringLiteral("counter"));
};

void TestFacets::initTestCase()
{
    if (const QString reason = open(2); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    for (int i = 0; i < kDocuments; ++i) {
        DocumentInput input = documentInput(
            m_owner,
            QStringLiteral("/files/%1/%2.txt").arg(i % 30).arg(i),
            i % 2 == 0 ? QStringLiteral("A ledger of the harbour, number %1").arg(i)
                       : QStringLiteral("A page about the harbour, number %1").arg(i));
        input.type = i % 4 == 0 ? DocumentType::Pdf : DocumentType::Text;
        if (i % 10 != 0)
            input.date = QDateTime(QDate(2020 + i % 3, 1, 1), QTime(0, 0), Qt::UTC);
        if (i % 5 == 0)
            input.metadata = {{"tags", {"fifth", "number" + std::to_string(i), 7}}};
        VERIFY_RESULT(m_store->add(input));
    }
    VERIFY_RESULT(m_store->add(documentInput(ownerId(QStringLiteral("stranger")),
                                             QStringLiteral("/files/1/1.txt"),
                                             QStringLiteral("A ledger of the harbour"))));
}

void TestFacets::countsTheWholeResult_data()
{
    QTest::addColumn<SearchMode>("mode");
    QTest::newRow("hybrid") << SearchMode::Hybrid;
    QTest::newRow("text") << SearchMode::Text;
    QTest::newRow("vector") << SearchMode::Vector;
}

void TestFacets::countsTheWholeResult()
{
    QFETCH(SearchMode, mode);
    SearchQuery wanted = query(QStringLiteral("harbour"));
    wanted.mode = mode;
    const auto answer = search(wanted);
    VERIFY_RESULT(answer);
    QVERIFY(answer->facets);
    const Facets &facets = *answer->facets;
    QCOMPARE(facets.passages, kDocuments);
    QVERIFY(facets.exact);
    QCOMPARE(answer->note, QString());
    const QList<FacetCount> types{{QStringLiteral("text"), 300}, {QStringLiteral("pdf"), 100}};
    QCOMPARE(facets.types, types);
    const QList<FacetCount> years{{QStringLiteral("2020"), 120},
                                  {QStringLiteral("2021"), 120},
                                  {QStringLiteral("2022"), 120}};
    QCOMPARE(facets.years, years);
    QCOMPARE(facets.tags.first(), (FacetCount{QStringLiteral("fifth"), 80}));
    qint64 ofLanguages = 0;
    for (const FacetCount &entry : facets.languages)
        ofLanguages += entry.count;
    QCOMPARE(ofLanguages, kDocuments);
    wanted.facets = false;
    const auto without = search(wanted);
    VERIFY_RESULT(without);
    QVERIFY(!without->facets);
}

void TestFacets::countsWhatTheQueryKeeps_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("passages");
    QTest::newRow("word") << QStringLiteral("ledger") << 200;
    QTest::newRow("one of two words") << QStringLiteral("ledger page") << 400;
    QTest::newRow("two words") << QStringLiteral("+ledger +page") << 0;
    QTest::newRow("without a word") << QStringLiteral("harbour -ledger") << 200;
    QTest::newRow("phrase") << QStringLiteral("\"ledger of the harbour\"") << 200;
    QTest::newRow("prefix") << QStringLiteral("ledg*") << 200;
    QTest::newRow("field") << QStringLiteral("type:pdf") << 100;
    int expected = 0; // in folder 1 or 10 to 19, odd, of 2021
    for (int i = 1; i < kDocuments; i += 2)
        expected += i % 3 == 1 && number(i % 30).startsWith(QLatin1Char('1')) ? 1 : 0;
    QTest::newRow("word and fields") << QStringLiteral("page date:2021 path:files/1") << expected;
    QTest::newRow("exclusion") << QStringLiteral("-tag:fifth") << 320;
}

void TestFacets::countsWhatTheQueryKeeps()
{
    QFETCH(QString, text);
    QFETCH(int, passages);
    const auto answer = search(query(text));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->facets->passages, passages);
}

void TestFacets::keepsTheMostFrequentValues()
{
    const auto answer = search(query(QStringLiteral("harbour")));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->facets->tags.size(), kFacetValues);
    const QList<FacetCount> &folders = answer->facets->folders;
    QCOMPARE(folders.size(), kFacetValues);
    QCOMPARE(folders.first().value, QStringLiteral("/files/0"));
    QCOMPARE(folders.first().count, 14);
    QCOMPARE(folders.last().count, 13);
}

void TestFacets::estimatesAboveTheLimit()
{
    const auto counted = [this](int most) {
        return m_store->as(m_owner, [&](db::Session &session) {
            return search::countFacets(session,
                                       query(QStringLiteral("harbour")),
                                       search::parseTextQuery(QStringLiteral("harbour")),
                                       most);
        });
    };
    const auto all = counted(kDocuments);
    VERIFY_RESULT(all);
    QVERIFY(all->exact);
    QCOMPARE(all->passages, kDocuments);
    const auto sample = counted(kDocuments / 2);
    VERIFY_RESULT(sample);
    QVERIFY(!sample->exact);
    // 200 of 400 random ids: the standard deviation of the estimate is 20; this is five times that.
    QVERIFY2(std::abs(sample->passages - kDocuments) < 100, qPrintable(number(sample->passages)));
    qint64 ofTypes = 0;
    for (const FacetCount &entry : sample->types)
        ofTypes += entry.count;
    QVERIFY(std::abs(ofTypes - sample->passages) <= 2); // rounded
}

void TestFacets::nothingFound()
{
    const auto answer = search(query(QStringLiteral("+dinosaur")));
    VERIFY_RESULT(answer);
    QCOMPARE(*answer->facets, Facets());
}

QTEST_GUILESS_MAIN(TestFacets)
#include "tst_facets.moc"
