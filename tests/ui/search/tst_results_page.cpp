#include "ui/search/results_page.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

using namespace llmemory;
using ui::ResultsPage;

class TestResultsPage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void choosesTheBestHit();
    void keysOpenCopyAndGoBack();
    void saysThatNothingWasFound();
    void saysWhatFailed();
    void suggestsWhatWasMeant();

private:
    bool says(const QString &text) const
    {
        for (const QLabel *label : m_page->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(text))
                return true;
        }
        return false;
    }

    std::unique_ptr<ResultsPage> m_page;
    QListView *m_list = nullptr;
    SearchAnswer m_answer;
};

void TestResultsPage::init()
{
    m_page = std::make_unique<ResultsPage>();
    m_page->resize(500, 400);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get())); // shortcuts need it
    m_list = m_page->findChild<QListView *>(QStringLiteral("results"));
    m_answer = {};
    m_answer.query.text = QStringLiteral("moon");
    for (const char *name : {"a.txt", "b.txt"}) {
        SearchHit hit;
        hit.documentName = QString::fromLatin1(name);
        hit.idAtOrigin = QStringLiteral("/files/") + hit.documentName;
        hit.content = QStringLiteral("passage of ") + hit.documentName;
        m_answer.hits.append(hit);
    }
}

void TestResultsPage::choosesTheBestHit()
{
    QString chosen;
    connect(m_page.get(), &ResultsPage::hitChosen, this, [&](const SearchHit *hit) {
        chosen = hit ? hit->documentName : QString();
    });
    m_page->showAnswer(m_answer);
    QVERIFY(m_list->isVisible());
    QCOMPARE(chosen, QStringLiteral("a.txt"));
    QTest::keyClick(m_list, Qt::Key_Down);
    QCOMPARE(chosen, QStringLiteral("b.txt"));
    m_page->reset();
    QCOMPARE(chosen, QString());
}

void TestResultsPage::keysOpenCopyAndGoBack()
{
    m_page->showAnswer(m_answer);
    m_page->focusList();
    QSignalSpy open(m_page.get(), &ResultsPage::openRequested);
    QSignalSpy back(m_page.get(), &ResultsPage::fieldWanted);
    QTest::keyClick(m_list, Qt::Key_Return);
    QCOMPARE(open.count(), 1);
    QCOMPARE(open.first().first().toString(), QStringLiteral("/files/a.txt"));
    QTest::keyClick(m_list, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("passage of a.txt"));
    QTest::keyClick(m_list, Qt::Key_Up);
    QCOMPARE(back.count(), 1);
    QTest::keyClick(m_list, Qt::Key_Down);
    QTest::keyClick(m_list, Qt::Key_Escape);
    QCOMPARE(back.count(), 2);
}

void TestResultsPage::saysThatNothingWasFound()
{
    m_page->showSearching();
    QVERIFY(!m_list->isVisible());
    m_answer.hits.clear();
    m_page->showAnswer(m_answer);
    QVERIFY(!m_list->isVisible());
    QVERIFY(says(QStringLiteral("moon")));
}

void TestResultsPage::saysWhatFailed()
{
    m_page->showAnswer(m_answer);
    m_page->showError({.kind = ErrorKind::Unavailable, .message = QStringLiteral("No answer.")});
    QVERIFY(!m_list->isVisible());
    QVERIFY(says(QStringLiteral("No answer.")));
    QVERIFY(!m_page->current());
}

void TestResultsPage::suggestsWhatWasMeant()
{
    auto *suggestion = m_page->findChild<QAbstractButton *>(QStringLiteral("didYouMean"));
    QSignalSpy chosen(m_page.get(), &ResultsPage::suggestionChosen);
    m_page->showAnswer(m_answer);
    QVERIFY(!suggestion->isVisible());
    const int top = m_list->mapTo(m_page.get(), QPoint()).y();

    m_answer.didYouMean = QStringLiteral("Harbour &fees \"dues\" -rain");
    m_page->showAnswer(m_answer);
    QVERIFY(suggestion->isVisible());
    QVERIFY(suggestion->text().contains(m_answer.didYouMean));
    QVERIFY(suggestion->shortcut().isEmpty());
    QTRY_VERIFY(m_list->mapTo(m_page.get(), QPoint()).y() > top);
    QTest::mouseClick(suggestion, Qt::LeftButton);
    QCOMPARE(chosen.takeFirst().constFirst().toString(), m_answer.didYouMean);

    // With nothing found it matters most. Back from the list with Shift and Tab.
    m_page->focusList();
    QTest::keyClick(m_list, Qt::Key_Backtab);
    QVERIFY(suggestion->hasFocus());
    m_answer.hits.clear();
    m_page->showAnswer(m_answer);
    QVERIFY(suggestion->isVisible());
    QTest::keyClick(suggestion, Qt::Key_Return);
    QCOMPARE(chosen.takeFirst().constFirst().toString(), m_answer.didYouMean);

    m_page->showError({.kind = ErrorKind::Unavailable, .message = QStringLiteral("No answer.")});
    QVERIFY(!suggestion->isVisible());
    m_page->showAnswer(m_answer);
    m_page->reset();
    QVERIFY(!suggestion->isVisible());
}

QTEST_MAIN(TestResultsPage)
#include "tst_results_page.moc"
