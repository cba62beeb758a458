#include "ui/search/result_feedback.h"

#include <QPromise>
#include <QSignalSpy>
#include <QTest>

using namespace llmemory;
using ui::ResultFeedback;

class TestResultFeedback : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void sendsVerdicts();
    void openedOnce();
    void takesTheFirstResultsOnly();
    void failureTakesTheVerdictBack();
    void lateFailureLeavesNewerOnesAlone();
    void otherSearchBeginsAnew();
    void sameSearchGoesOn();

private:
    void finish(qsizetype index, const Result<> &result)
    {
        m_promises.at(index)->addResult(result);
        m_promises.at(index)->finish();
    }
    static SearchHit hit(int rank)
    {
        SearchHit hit;
        hit.rank = rank;
        hit.chunk = ChunkId::create();
        return hit;
    }
    static SearchAnswer answer()
    {
        SearchAnswer answer;
        answer.searchId = SearchId::create().toString();
        answer.query.owner = OwnerId::parse(QStringLiteral("harbour")).value();
        return answer;
    }

    QList<SearchFeedback> m_sent;
    QList<std::shared_ptr<QPromise<Result<>>>> m_promises;
    std::unique_ptr<ResultFeedback> m_feedback;
};

void TestResultFeedback::init()
{
    m_sent.clear();
    m_promises.clear();
    m_feedback = std::make_unique<ResultFeedback>([this](const SearchFeedback &feedback) {
        m_sent.append(feedback);
        m_promises.append(std::make_shared<QPromise<Result<>>>());
        m_promises.constLast()->start();
        return m_promises.constLast()->future();
    });
}

void TestResultFeedback::sendsVerdicts()
{
    const SearchAnswer found = answer();
    const SearchHit first = hit(1);
    m_feedback->judge(first, Verdict::Good); // of no search
    QVERIFY(m_sent.isEmpty());
    m_feedback->setAnswer(found);
    m_feedback->judge(first, Verdict::Good);
    QCOMPARE(m_sent.size(), 1);
    QCOMPARE(m_sent.constFirst().owner, found.query.owner);
    QCOMPARE(m_sent.constFirst().search.toString(), found.searchId);
    QCOMPARE(m_sent.constFirst().chunk, first.chunk);
    QVERIFY(m_sent.constFirst().feedback == Feedback::Good);
    QCOMPARE(m_feedback->verdictOf(first), Verdict::Good);
    QCOMPARE(m_feedback->verdictOf(hit(2)), Verdict::None);
    m_feedback->judge(first, Verdict::Good);
    QCOMPARE(m_sent.size(), 1);
    m_feedback->judge(first, Verdict::Bad);
    QVERIFY(m_sent.constLast().feedback == Feedback::Bad);
    m_feedback->judge(first, Verdict::None);
    QVERIFY(m_sent.constLast().feedback == Feedback::None);
    QCOMPARE(m_feedback->verdictOf(first), Verdict::None);
}

void TestResultFeedback::openedOnce()
{
    m_feedback->setAnswer(answer());
    const SearchHit first = hit(1);
    m_feedback->choose(first);
    m_feedback->choose(first);
    QCOMPARE(m_sent.size(), 1);
    QVERIFY(m_sent.constFirst().feedback == Feedback::Chosen);
    QSignalSpy failed(m_feedback.get(), &ResultFeedback::failed);
    finish(0, Error::notFound(QStringLiteral("No such search.")));
    QCoreApplication::processEvents();
    QCOMPARE(failed.count(), 0);
}

void TestResultFeedback::takesTheFirstResultsOnly()
{
    QVERIFY(!m_feedback->takes(hit(1)));
    m_feedback->setAnswer(answer());
    QVERIFY(m_feedback->takes(hit(1)));
    QVERIFY(m_feedback->takes(hit(SearchRecord::kMostResults)));
    const SearchHit later = hit(SearchRecord::kMostResults + 1);
    QVERIFY(!m_feedback->takes(later));
    m_feedback->judge(later, Verdict::Good);
    m_feedback->choose(later);
    QVERIFY(m_sent.isEmpty());
}

void TestResultFeedback::failureTakesTheVerdictBack()
{
    m_feedback->setAnswer(answer());
    const SearchHit first = hit(1);
    QSignalSpy failed(m_feedback.get(), &ResultFeedback::failed);
    QSignalSpy reverted(m_feedback.get(), &ResultFeedback::reverted);
    m_feedback->judge(first, Verdict::Good);
    finish(0, {});
    m_feedback->judge(first, Verdict::Bad);
    finish(1, Error{.kind = ErrorKind::Unavailable, .message = QStringLiteral("No answer.")});
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(reverted.count(), 1);
    QCOMPARE(m_feedback->verdictOf(first), Verdict::Good);
}

void TestResultFeedback::lateFailureLeavesNewerOnesAlone()
{
    m_feedback->setAnswer(answer());
    const SearchHit first = hit(1);
    QSignalSpy failed(m_feedback.get(), &ResultFeedback::failed);
    m_feedback->judge(first, Verdict::Good);
    m_feedback->judge(first, Verdict::Bad);
    finish(0, Error{.kind = ErrorKind::Unavailable, .message = QStringLiteral("No answer.")});
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(m_feedback->verdictOf(first), Verdict::Bad);
    finish(1, {});
}

void TestResultFeedback::otherSearchBeginsAnew()
{
    m_feedback->setAnswer(answer());
    const SearchHit first = hit(1);
    m_feedback->judge(first, Verdict::Good);
    m_feedback->choose(first);
    SearchAnswer other = answer();
    other.query.text = QStringLiteral("other");
    m_feedback->setAnswer(other);
    QCOMPARE(m_feedback->verdictOf(first), Verdict::None);
    m_feedback->choose(first);
    QCOMPARE(m_sent.size(), 3);
    QVERIFY(m_sent.at(2).search != m_sent.at(1).search);
}

void TestResultFeedback::sameSearchGoesOn()
{
    // As when a document comes in meanwhile.
    m_feedback->setAnswer(answer());
    const SearchHit first = hit(1);
    m_feedback->judge(first, Verdict::Good);
    m_feedback->setAnswer(answer());
    QCOMPARE(m_feedback->verdictOf(first), Verdict::Good);
    // It could not be noted after all.
    QSignalSpy reverted(m_feedback.get(), &ResultFeedback::reverted);
    finish(0, Error::internal(QStringLiteral("test")));
    QTRY_COMPARE(reverted.count(), 1);
    QCOMPARE(m_feedback->verdictOf(first), Verdict::None);
}

QTEST_GUILESS_MAIN(TestResultFeedback)
#include "tst_result_feedback.moc"
