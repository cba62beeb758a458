#include "core/testing/verify_result.h"
#include "tests/core/search/search_test.h"

#include <QSet>

using namespace llmemory;
using testing::documentInput;
using testing::ownerId;

namespace {

SearchQuery query(const OwnerId &owner, const QString &text, SearchMode mode = SearchMode::Hybrid)
{
    return {.owner = owner, .text = text, .mode = mode, .limit = 200};
}

} // namespace

/// Searches that ask for more than the best passages in their order.
class TestSelectedHits : public testing::SearchTest
{
    Q_OBJECT

private slots:
    void initTestCase();
    void documentsStandOnce();
    void lowScoresAreLeftOut();
    void copiesStepDown();
};

void TestSelectedHits::initTestCase()
{
    if (const QString reason = open(2); !reason.isEmpty())
        QSKIP(qPrintable(reason));
}

void TestSelectedHits::documentsStandOnce()
{
    const OwnerId owner = ownerId(QStringLiteral("grouped"));
    // More of the long one's passages match, and better, than the legs look at first.
    QString otters;
    for (int i = 0; i < 400; ++i)
        otters +=
            QStringLiteral("Otters swim to otters number %1 of all the otters here, as far as "
                           "otters do.\n\n")
                .arg(i);
    DocumentInput longOne = documentInput(owner, QStringLiteral("long"), otters);
    longOne.chunkingConfig = {{"child_size", 25}, {"parent_size", 100}};
    VERIFY_RESULT(m_store->addEmbedded(longOne));
    for (const char *id : {"a", "b", "c"})
        VERIFY_RESULT(m_store->addEmbedded(
            documentInput(owner,
                          QLatin1String(id),
                          QStringLiteral("A river with an otter and %1.").arg(QLatin1String(id)))));
    for (const SearchMode mode : {SearchMode::Hybrid, SearchMode::Vector, SearchMode::Text}) {
        SearchQuery wanted = query(owner, QStringLiteral("otters"), mode);
        wanted.limit = 4;
        wanted.groupByDocument = true;
        const auto answer = search(wanted);
        VERIFY_RESULT(answer);
        QCOMPARE(answer->hits.size(), 4);
        QSet<DocumentId> documents;
        for (const SearchHit &hit : answer->hits)
            documents.insert(hit.document);
        QCOMPARE(documents.size(), 4);
        const auto first =
            std::find_if(answer->hits.begin(), answer->hits.end(), [](const SearchHit &hit) {
                return hit.idAtOrigin == QLatin1String("long");
            });
        QVERIFY(first->morePassages.value_or(0) > 100);
        wanted.groupByDocument = false;
        QVERIFY(!search(wanted)->hits.first().morePassages);
    }
}

void TestSelectedHits::lowScoresAreLeftOut()
{
    const OwnerId owner = ownerId(QStringLiteral("scores"));
    for (const char *text : {"A ledger of the harbour.", "Ledger, ledger, ledger.", "Other words."})
        VERIFY_RESULT(
            m_store->addEmbedded(documentInput(owner, QLatin1String(text), QLatin1String(text))));
    SearchQuery wanted = query(owner, QStringLiteral("ledger"));
    const auto all = search(wanted);
    VERIFY_RESULT(all);
    QVERIFY(all->hits.size() > 1);
    wanted.minScore = all->hits.at(1).score;
    const auto best = search(wanted);
    VERIFY_RESULT(best);
    QCOMPARE(best->hits.size(), 2);
    wanted.minScore = all->hits.first().score + 1;
    QVERIFY(search(wanted)->hits.isEmpty());
}

void TestSelectedHits::copiesStepDown()
{
    const OwnerId owner = ownerId(QStringLiteral("copies"));
    const QString text = QStringLiteral("The harbour master keeps the ledger of all ships.");
    for (const char *id : {"original", "copy", "second copy"})
        VERIFY_RESULT(m_store->addEmbedded(documentInput(owner, QLatin1String(id), text)));
    VERIFY_RESULT(m_store->addEmbedded(documentInput(
        owner, QStringLiteral("other"), QStringLiteral("A ledger may be of sheep as well."))));
    SearchQuery wanted = query(owner, QStringLiteral("harbour ledger"));
    const auto plain = search(wanted);
    VERIFY_RESULT(plain);
    QCOMPARE(plain->hits.last().idAtOrigin, QStringLiteral("other"));
    wanted.diversity = 0.7;
    const auto diverse = search(wanted);
    VERIFY_RESULT(diverse);
    QCOMPARE(diverse->hits.size(), 4);
    QCOMPARE(diverse->hits.at(1).idAtOrigin, QStringLiteral("other"));
    for (qsizetype i = 1; i < diverse->hits.size(); ++i)
        QVERIFY(diverse->hits.at(i).score <= diverse->hits.at(i - 1).score);
}

QTEST_GUILESS_MAIN(TestSelectedHits)
#include "tst_selected_hits.moc"
