#include "ui/common/message_bar.h"

#include <QPlainTextEdit>
#include <QTest>
#include <QToolButton>

using namespace llmemory;
using ui::MessageBar;

class TestMessageBar : public QObject
{
    Q_OBJECT

private slots:
    void showsAnErrorAndItsDetail();
    void cancelledIsNoMessage();
    void isDismissed();
    void lastingStaysUntilCleared();
};

void TestMessageBar::showsAnErrorAndItsDetail()
{
    QWidget window;
    MessageBar bar(&window);
    window.show();
    QVERIFY(!bar.isVisible());
    bar.showError({.kind = ErrorKind::Database,
                   .message = QStringLiteral("The disk is full."),
                   .detail = QStringLiteral("SQLSTATE 53100")});
    QVERIFY(bar.isVisible());
    QCOMPARE(bar.text(), QStringLiteral("The disk is full."));
    auto *detail = bar.findChild<QPlainTextEdit *>();
    QVERIFY(!detail->isVisible());
    for (QToolButton *button : bar.findChildren<QToolButton *>()) {
        if (button->isCheckable())
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QVERIFY(detail->isVisible());
    QCOMPARE(detail->toPlainText(), QStringLiteral("SQLSTATE 53100"));
}

void TestMessageBar::cancelledIsNoMessage()
{
    QWidget window;
    MessageBar bar(&window);
    window.show();
    bar.showError(Error::cancelled());
    QVERIFY(!bar.isVisible());
}

void TestMessageBar::isDismissed()
{
    QWidget window;
    MessageBar bar(&window);
    window.show();
    bar.showMessage(MessageBar::Kind::Information, QStringLiteral("Hello"));
    QTest::keyClick(&bar, Qt::Key_Escape);
    QVERIFY(!bar.isVisible());
}

void TestMessageBar::lastingStaysUntilCleared()
{
    QWidget window;
    MessageBar bar(&window);
    window.show();
    bar.showLasting(MessageBar::Kind::Warning, QStringLiteral("Trying again"));
    bar.showMessage(MessageBar::Kind::Failure, QStringLiteral("Another"));
    QTest::keyClick(&bar, Qt::Key_Escape);
    QVERIFY(bar.isVisible());
    QCOMPARE(bar.text(), QStringLiteral("Trying again"));
    bar.clear();
    QVERIFY(!bar.isVisible());
    bar.showMessage(MessageBar::Kind::Failure, QStringLiteral("Another"));
    QVERIFY(bar.isVisible());
}

QTEST_MAIN(TestMessageBar)
#include "tst_message_bar.moc"
