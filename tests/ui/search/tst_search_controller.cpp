#include "ui/search/search_controller.h"

#include <QPromise>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace llmemory;
using ui::SearchController;

class TestSearchController : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void typingIsOneSearch();
    void lateAnswerIsDropped();
    void olderSearchIsCancelled();
    void emptyTextEndsSearching();
    void enterDoesNotWait();
    void modeAndOwnerSearchAgain();
    void withoutOwnerNothingIsSearched();
    void failureIsSaid();
    void typingOnReplacesInTheHistory();

private:
    struct Asked
    {
        SearchQuery query;
        std::shared_ptr<QPromise<Result<SearchAnswer>>> promise;

        void answer(const QString &name) const
        {
            SearchAnswer found;
            found.query = query;
            found.searchId = name;
            SearchHit hit;
            hit.documentName = name;
            found.hits = {hit};
            promise->addResult(Result<SearchAnswer>(found));
            promise->finish();
        }
    };

    QList<Asked> m_asked;
    std::unique_ptr<SearchController> m_controller;
};

void TestSearchController::init()
{
    m_asked.clear();
    m_controller = std::make_unique<SearchController>([this](const SearchQuery &query) {
        auto promise = std::make_shared<QPromise<Result<SearchAnswer>>>();
        promise->start();
        m_asked.append({query, promise});
        return promise->future();
    });
    m_controller->setOwner(OwnerId::parse(QStringLiteral("demo")).value());
}

void TestSearchController::typingIsOneSearch()
{
    QSignalSpy started(m_controller.get(), &SearchController::started);
    for (const char *text : {"m", "mo", "moo", "moon "})
        m_controller->setText(QString::fromLatin1(text));
    QCOMPARE(m_asked.size(), 0);
    QVERIFY(started.count() > 0);
    QTRY_COMPARE(m_asked.size(), 1);
    QCOMPARE(m_asked.first().query.text, QStringLiteral("moon"));
    QCOMPARE(m_asked.first().query.owner.toString(), QStringLiteral("demo"));
    QTest::qWait(2 * SearchController::kPauseMs);
    QCOMPARE(m_asked.size(), 1);
}

void TestSearchController::lateAnswerIsDropped()
{
    QSignalSpy answered(m_controller.get(), &SearchController::answered);
    m_controller->setText(QStringLiteral("first"));
    QTRY_COMPARE(m_asked.size(), 1);
    m_controller->setText(QStringLiteral("second"));
    QTRY_COMPARE(m_asked.size(), 2);
    m_asked.last().answer(QStringLiteral("new"));
    m_asked.first().answer(QStringLiteral("old"));
    QTRY_COMPARE(answered.count(), 1);
    QCoreApplication::processEvents();
    QCOMPARE(answered.count(), 1);
    QCOMPARE(answered.first().first().value<SearchAnswer>().hits.first().documentName,
             QStringLiteral("new"));
}

void TestSearchController::olderSearchIsCancelled()
{
    QSignalSpy failed(m_controller.get(), &SearchController::failed);
    m_controller->setText(QStringLiteral("first"));
    QTRY_COMPARE(m_asked.size(), 1);
    QVERIFY(!m_asked.first().promise->isCanceled());
    m_controller->setText(QStringLiteral("second"));
    QVERIFY(m_asked.first().promise->isCanceled());
    m_asked.first().promise->finish();
    QTRY_COMPARE(m_asked.size(), 2);
    QCOMPARE(failed.count(), 0);
}

void TestSearchController::emptyTextEndsSearching()
{
    QSignalSpy answered(m_controller.get(), &SearchController::answered);
    QSignalSpy cleared(m_controller.get(), &SearchController::cleared);
    m_controller->setText(QStringLiteral("word"));
    QTRY_COMPARE(m_asked.size(), 1);
    m_controller->setText(QStringLiteral("   "));
    QCOMPARE(cleared.count(), 1);
    QVERIFY(m_controller->isIdle());
    m_asked.first().answer(QStringLiteral("late"));
    QTest::qWait(2 * SearchController::kPauseMs);
    QCOMPARE(answered.count(), 0);
    QCOMPARE(m_asked.size(), 1);
}

void TestSearchController::enterDoesNotWait()
{
    m_controller->setText(QStringLiteral("word"));
    m_controller->searchNow();
    QCOMPARE(m_asked.size(), 1);
    m_controller->searchNow(); // is being searched already
    QCOMPARE(m_asked.size(), 1);
}

void TestSearchController::modeAndOwnerSearchAgain()
{
    m_controller->setText(QStringLiteral("word"));
    QTRY_COMPARE(m_asked.size(), 1);
    m_controller->setMode(SearchMode::Text);
    QTRY_COMPARE(m_asked.size(), 2);
    QVERIFY(m_asked.last().query.mode == SearchMode::Text);
    QSignalSpy answered(m_controller.get(), &SearchController::answered);
    m_controller->setOwner(OwnerId::parse(QStringLiteral("other")).value());
    m_asked.last().answer(QStringLiteral("of the tenant before"));
    QTRY_COMPARE(m_asked.size(), 3);
    QCOMPARE(m_asked.last().query.owner.toString(), QStringLiteral("other"));
    QCOMPARE(answered.count(), 0);
}

void TestSearchController::withoutOwnerNothingIsSearched()
{
    m_controller->setOwner({});
    m_controller->setText(QStringLiteral("word"));
    QTest::qWait(2 * SearchController::kPauseMs);
    QCOMPARE(m_asked.size(), 0);
    m_controller->repeat();
    QCOMPARE(m_asked.size(), 0);
}

void TestSearchController::failureIsSaid()
{
    QSignalSpy failed(m_controller.get(), &SearchController::failed);
    m_controller->setText(QStringLiteral("word"));
    QTRY_COMPARE(m_asked.size(), 1);
    m_asked.first().promise->addResult(
        Result<SearchAnswer>(Error::internal(QStringLiteral("test"))));
    m_asked.first().promise->finish();
    QTRY_COMPARE(failed.count(), 1);
}

void TestSearchController::typingOnReplacesInTheHistory()
{
    QSignalSpy answered(m_controller.get(), &SearchController::answered);
    const auto search = [&](const char *text, const char *id) {
        m_controller->setText(QString::fromLatin1(text));
        m_controller->searchNow();
        m_asked.last().answer(QString::fromLatin1(id));
        QTRY_COMPARE(answered.count(), m_asked.size());
    };
    search("har", "1");
    QCOMPARE(m_asked.last().query.replaces, QString());
    search("harbour", "2");
    QCOMPARE(m_asked.last().query.replaces, QStringLiteral("1"));
    search("harb", "3");
    QCOMPARE(m_asked.last().query.replaces, QStringLiteral("2"));
    search("ships", "4");
    QCOMPARE(m_asked.last().query.replaces, QString());
    m_controller->repeat();
    QTRY_COMPARE(m_asked.size(), 5);
    QCOMPARE(m_asked.last().query.replaces, QStringLiteral("4"));
    m_controller->setOwner(OwnerId::parse(QStringLiteral("other")).value());
    QTRY_COMPARE(m_asked.size(), 6);
    QCOMPARE(m_asked.last().query.replaces, QString());
}

QTEST_GUILESS_MAIN(TestSearchController)
#include "tst_search_controller.moc"
