#include "core/testing/await.h"
#include "ui/tenants/recall_dialog.h"
#include "ui/tenants/recall_text.h"

#include <QLabel>
#include <QPromise>
#include <QPushButton>
#include <QTest>

using namespace llmemory;
using namespace llmemory::ui;

class TestRecallDialog : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void saysWhatToDo_data();
    void saysWhatToDo();
    void waitsForTheResult();
    void closingCancels_data();
    void closingCancels();
    void checksAgain();
    void saysWhatFailed();

private:
    void answer(const Result<RecallCheck> &result)
    {
        m_promise->addResult(result);
        m_promise->finish();
    }
    QLabel *label(const char *name) const
    {
        return m_dialog->findChild<QLabel *>(QString::fromLatin1(name));
    }
    QPushButton *button(const QString &text) const
    {
        for (QPushButton *candidate : m_dialog->findChildren<QPushButton *>()) {
            if (candidate->isVisible() && candidate->text().remove(QLatin1Char('&')) == text)
                return candidate;
        }
        return nullptr;
    }

    std::unique_ptr<QPromise<Result<RecallCheck>>> m_promise;
    std::unique_ptr<RecallDialog> m_dialog;
    int m_measured = 0;
};

void TestRecallDialog::init()
{
    m_measured = 0;
    m_dialog = std::make_unique<RecallDialog>(QStringLiteral("Harbour"), [this] {
        ++m_measured;
        m_promise = std::make_unique<QPromise<Result<RecallCheck>>>();
        m_promise->start();
        return m_promise->future();
    });
    m_dialog->show();
    QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
}

void TestRecallDialog::saysWhatToDo_data()
{
    QTest::addColumn<RecallCheck>("check");
    QTest::addColumn<RecallText::Tone>("tone");
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("advice");
    using Tone = RecallText::Tone;
    QTest::newRow("no documents") << RecallCheck{} << Tone::Neutral << "no passages"
                                  << "Add";
    QTest::newRow("few passages") << RecallCheck{.passages = 812} << Tone::Good << "812"
                                  << "";
    QTest::newRow("no vectors") << RecallCheck{.passages = 20'000, .hasIndex = true}
                                << Tone::Neutral << "vector"
                                << "Wait";
    RecallCheck measured{.passages = 60'000,
                         .hasIndex = true,
                         .queries = 20,
                         .recall = 0.985,
                         .worstRecall = 0.9,
                         .searchMs = 2.25,
                         .comparisonMs = 31};
    QTest::newRow("good") << measured << Tone::Good << "98.5 %"
                          << "";
    measured.recall = 0.949;
    measured.worstRecall = 0.4;
    QTest::newRow("bad") << measured << Tone::Bad << "94.9 %"
                         << "search.hnsw_profile accurate";
    QTest::newRow("worst") << measured << Tone::Bad << "40.0 %"
                           << "accurate";
    QTest::newRow("times") << measured << Tone::Bad << "31 ms"
                           << "accurate";
}

void TestRecallDialog::saysWhatToDo()
{
    QFETCH(const RecallCheck, check);
    QFETCH(const RecallText::Tone, tone);
    QFETCH(const QString, said);
    QFETCH(const QString, advice);
    const RecallText text = textOf(check);
    QCOMPARE(text.tone, tone);
    QVERIFY(!text.title.isEmpty());
    QVERIFY2(text.detail.contains(said), qPrintable(text.detail));
    QCOMPARE(text.advice.isEmpty(), advice.isEmpty());
    QVERIFY2(text.advice.contains(advice), qPrintable(text.advice));
}

void TestRecallDialog::waitsForTheResult()
{
    QVERIFY(m_dialog->windowTitle().contains(QStringLiteral("Harbour")));
    QVERIFY(label("measuring")->isVisible());
    QVERIFY(button(QStringLiteral("Cancel")));
    QVERIFY(!button(QStringLiteral("Check Again")));
    answer(RecallCheck{.passages = 812});
    QTRY_VERIFY(label("title")->isVisible());
    QVERIFY(!label("measuring")->isVisible());
    QVERIFY(!label("advice")->isVisible());
    QVERIFY(button(QStringLiteral("Close"))->hasFocus());
    QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
    QVERIFY(!m_dialog->isVisible());
}

void TestRecallDialog::closingCancels_data()
{
    QTest::addColumn<bool>("byKey");
    QTest::newRow("Esc") << true;
    QTest::newRow("Cancel") << false;
}

void TestRecallDialog::closingCancels()
{
    QFETCH(const bool, byKey);
    QVERIFY(!m_promise->isCanceled());
    if (byKey)
        QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
    else
        QTest::mouseClick(button(QStringLiteral("Cancel")), Qt::LeftButton);
    QVERIFY(m_promise->isCanceled());
    QVERIFY(!m_dialog->isVisible());
    // What comes afterwards, even when the dialog is gone, hurts nobody.
    m_dialog.reset();
    answer(RecallCheck{});
    QCoreApplication::processEvents();
}

void TestRecallDialog::checksAgain()
{
    answer(RecallCheck{.passages = 812});
    QTRY_VERIFY(button(QStringLiteral("Check Again")));
    QTest::mouseClick(button(QStringLiteral("Check Again")), Qt::LeftButton);
    QCOMPARE(m_measured, 2);
    QVERIFY(label("measuring")->isVisible());
    answer(RecallCheck{
        .passages = 20'000, .hasIndex = true, .queries = 20, .recall = 0.5, .worstRecall = 0});
    QTRY_VERIFY(label("advice")->isVisible());
    QVERIFY(label("detail")->text().contains(QStringLiteral("50.0 %")));
    // Nothing of it is cut off.
    QTRY_VERIFY(label("advice")->height() >=
                label("advice")->heightForWidth(label("advice")->width()));
}

void TestRecallDialog::saysWhatFailed()
{
    answer(Error{.kind = ErrorKind::Unavailable, .message = QStringLiteral("No answer.")});
    QTRY_VERIFY(label("detail")->isVisible());
    QCOMPARE(label("detail")->text(), QStringLiteral("No answer."));
    QVERIFY(button(QStringLiteral("Check Again")));
}

QTEST_MAIN(TestRecallDialog)
#include "tst_recall_dialog.moc"
