#include "ui/search/part_chip.h"
#include "ui/search/query_chips.h"

#include <QAccessible>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

using namespace llmemory;
using namespace llmemory::ui;

class TestQueryChips : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void showsConditionsOnly();
    void takesNoRoomWithoutConditions();
    void crossRemovesThePart();
    void keysRemoveThePart_data();
    void keysRemoveThePart();
    void arrowsGoFromChipToChip_data();
    void arrowsGoFromChipToChip();
    void isOneStopOfTab();
    void clickChoosesThePart();
    void manyWrapAndThenScroll();
    void speaks();

private:
    void type(const QString &query) { m_chips->setReading(readWhileTyped(query)); }
    QList<PartChip *> shown() const
    {
        QList<PartChip *> chips;
        for (PartChip *chip : m_chips->findChildren<PartChip *>()) {
            if (chip->isVisible())
                chips.append(chip);
        }
        return chips;
    }
    QStringList texts() const
    {
        QStringList list;
        for (const PartChip *chip : shown())
            list.append(chip->text());
        return list;
    }

    std::unique_ptr<QWidget> m_window;
    QLineEdit *m_before = nullptr;
    QueryChips *m_chips = nullptr;
    QLineEdit *m_after = nullptr;
};

void TestQueryChips::init()
{
    m_window = std::make_unique<QWidget>();
    m_before = new QLineEdit(m_window.get());
    m_chips = new QueryChips(m_window.get());
    m_after = new QLineEdit(m_window.get());
    auto *layout = new QVBoxLayout(m_window.get());
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_before);
    layout->addWidget(m_chips);
    layout->addWidget(m_after);
    layout->addStretch();
    QWidget::setTabOrder(m_before, m_chips);
    QWidget::setTabOrder(m_chips, m_after);
    m_window->resize(600, 400);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_before->setFocus();
    // As if every edit went through the search field.
    connect(m_chips, &QueryChips::queryEdited, this, [this](const QString &query) { type(query); });
    connect(m_chips, &QueryChips::fieldWanted, this, [this] { m_before->setFocus(); });
}

void TestQueryChips::showsConditionsOnly()
{
    type(QStringLiteral("what about +fees type:pdf -rain"));
    QCOMPARE(texts(),
             QStringList({QStringLiteral("Must have: fees"),
                          QStringLiteral("Type: PDF"),
                          QStringLiteral("Without: rain")}));
    type(QStringLiteral("what about type:p"));
    QCOMPARE(texts(), QStringList());
    type(QStringLiteral("what about page:2 type:p"));
    QCOMPARE(texts(), QStringList({QStringLiteral("Page: 2")}));
}

void TestQueryChips::takesNoRoomWithoutConditions()
{
    type(QStringLiteral("harbour fees"));
    QVERIFY(!m_chips->isVisible());
    const int without = m_after->y();
    type(QStringLiteral("harbour fees type:pdf"));
    QVERIFY(m_chips->isVisible());
    QTRY_VERIFY(m_after->y() > without);
    QTRY_COMPARE(m_chips->height(), shown().constFirst()->sizeHint().height());
    type({});
    QTRY_COMPARE(m_after->y(), without);
}

void TestQueryChips::crossRemovesThePart()
{
    type(QStringLiteral("harbour type:pdf fees -rain"));
    QSignalSpy edited(m_chips, &QueryChips::queryEdited);
    auto *cross = shown().constFirst()->findChild<QToolButton *>();
    QTest::mouseClick(cross, Qt::LeftButton);
    QCOMPARE(edited.takeFirst().constFirst().toString(), QStringLiteral("harbour fees -rain"));
    QCOMPARE(texts(), QStringList({QStringLiteral("Without: rain")}));
    QVERIFY(m_before->hasFocus());
}

void TestQueryChips::keysRemoveThePart_data()
{
    QTest::addColumn<Qt::Key>("key");
    QTest::newRow("Delete") << Qt::Key_Delete;
    QTest::newRow("Backspace") << Qt::Key_Backspace;
}

void TestQueryChips::keysRemoveThePart()
{
    QFETCH(const Qt::Key, key);
    type(QStringLiteral("a +b +c +d"));
    QSignalSpy edited(m_chips, &QueryChips::queryEdited);
    shown().at(1)->setFocus();
    QTest::keyClick(shown().at(1), key);
    QCOMPARE(edited.takeFirst().constFirst().toString(), QStringLiteral("a +b +d"));
    // The one that took its place, or the last one.
    QVERIFY(shown().at(1)->hasFocus());
    QTest::keyClick(shown().at(1), key);
    QCOMPARE(edited.takeFirst().constFirst().toString(), QStringLiteral("a +b"));
    QVERIFY(shown().at(0)->hasFocus());
    QTest::keyClick(shown().at(0), key);
    QCOMPARE(edited.takeFirst().constFirst().toString(), QStringLiteral("a"));
    QVERIFY(m_before->hasFocus());
}

void TestQueryChips::arrowsGoFromChipToChip_data()
{
    QTest::addColumn<Qt::LayoutDirection>("direction");
    QTest::addColumn<Qt::Key>("forward");
    QTest::addColumn<Qt::Key>("back");
    QTest::newRow("left to right") << Qt::LeftToRight << Qt::Key_Right << Qt::Key_Left;
    QTest::newRow("right to left") << Qt::RightToLeft << Qt::Key_Left << Qt::Key_Right;
}

void TestQueryChips::arrowsGoFromChipToChip()
{
    QFETCH(const Qt::LayoutDirection, direction);
    QFETCH(const Qt::Key, forward);
    QFETCH(const Qt::Key, back);
    m_window->setLayoutDirection(direction);
    type(QStringLiteral("+a +b +c"));
    const QList<PartChip *> chips = shown();
    chips.at(0)->setFocus();
    QTest::keyClick(chips.at(0), forward);
    QVERIFY(chips.at(1)->hasFocus());
    QTest::keyClick(chips.at(1), Qt::Key_End);
    QVERIFY(chips.at(2)->hasFocus());
    QTest::keyClick(chips.at(2), forward);
    QVERIFY(chips.at(2)->hasFocus());
    QTest::keyClick(chips.at(2), back);
    QVERIFY(chips.at(1)->hasFocus());
    QTest::keyClick(chips.at(1), Qt::Key_Home);
    QVERIFY(chips.at(0)->hasFocus());
    QSignalSpy list(m_chips, &QueryChips::listWanted);
    QTest::keyClick(chips.at(0), Qt::Key_Down);
    QCOMPARE(list.count(), 1);
    QTest::keyClick(chips.at(0), Qt::Key_Up);
    QVERIFY(m_before->hasFocus());
}

void TestQueryChips::isOneStopOfTab()
{
    type(QStringLiteral("+a +b +c"));
    QTest::keyClick(m_before, Qt::Key_Tab);
    QVERIFY(shown().at(0)->hasFocus());
    QTest::keyClick(shown().at(0), Qt::Key_Right);
    QTest::keyClick(shown().at(1), Qt::Key_Tab);
    QVERIFY(m_after->hasFocus());
    QTest::keyClick(m_after, Qt::Key_Backtab);
    QVERIFY(shown().at(1)->hasFocus());
    QTest::keyClick(shown().at(1), Qt::Key_Backtab);
    QVERIFY(m_before->hasFocus());
    // A shorter query leaves no stop at a chip that is gone.
    type(QStringLiteral("+a"));
    QTest::keyClick(m_before, Qt::Key_Tab);
    QVERIFY(shown().at(0)->hasFocus());
}

void TestQueryChips::clickChoosesThePart()
{
    type(QStringLiteral("harbour type:pdf"));
    QSignalSpy chosen(m_chips, &QueryChips::partChosen);
    QTest::mouseClick(shown().constFirst(), Qt::LeftButton, {}, QPoint(10, 8));
    QCOMPARE(chosen.takeFirst(), QVariantList({qsizetype(8), qsizetype(8)}));
    QTest::keyClick(shown().constFirst(), Qt::Key_Return);
    QCOMPARE(chosen.count(), 1);
}

void TestQueryChips::manyWrapAndThenScroll()
{
    type(QStringLiteral("+harbour ").repeated(12));
    const int row = shown().constFirst()->height();
    QTRY_VERIFY(m_chips->height() > 2 * row);
    QVERIFY(m_chips->height() < 4 * row);
    type(QStringLiteral("+harbour ").repeated(200));
    QCOMPARE(shown().size(), 200);
    QTRY_VERIFY(m_chips->widget()->height() > 30 * row);
    QVERIFY(m_chips->height() > 3 * row);
    QVERIFY(m_chips->height() < 5 * row);
    PartChip *last = shown().constLast();
    QVERIFY(last->visibleRegion().isEmpty());
    shown().constFirst()->setFocus();
    QTest::keyClick(shown().constFirst(), Qt::Key_End);
    QVERIFY(last->hasFocus());
    QVERIFY(!last->visibleRegion().isEmpty());
    // A value as long as the query may be.
    type(QStringLiteral("path:") + QString(5000, QLatin1Char('x')));
    QTRY_VERIFY(shown().constFirst()->width() <= m_chips->width());
}

void TestQueryChips::speaks()
{
    type(QStringLiteral("+\"a &b\""));
    QVERIFY(shown().constFirst()->shortcut().isEmpty());
    QVERIFY(shown().constFirst()->accessibleName().contains(QLatin1Char('&')));
    type(QStringLiteral("-lang:de"));
    QAccessibleInterface *chip = QAccessible::queryAccessibleInterface(shown().constFirst());
    QVERIFY(chip);
    QCOMPARE(chip->role(), QAccessible::Button);
    QCOMPARE(chip->text(QAccessible::Name), QStringLiteral("Not language: Deutsch"));
    QVERIFY(chip->text(QAccessible::Description).contains(QStringLiteral("Delete")));
    const auto *cross = shown().constFirst()->findChild<QToolButton *>();
    QVERIFY(cross->accessibleName().contains(QStringLiteral("Not language: Deutsch")));
}

QTEST_MAIN(TestQueryChips)
#include "tst_query_chips.moc"
