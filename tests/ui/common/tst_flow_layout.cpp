#include "ui/common/flow_layout.h"

#include <QTest>
#include <QWidget>

using llmemory::ui::FlowLayout;

class TestFlowLayout : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void wraps();
    void beginsWhereTextDoes();
    void leavesHiddenOnesOut();
    void narrowsWhatIsTooWide();

private:
    QWidget *add(int width, int least = 0)
    {
        auto *child = new QWidget(m_parent.get());
        child->setFixedHeight(20);
        child->setMinimumWidth(least > 0 ? least : width);
        child->setMaximumWidth(width);
        m_layout->addWidget(child);
        return child;
    }
    void lay(int width)
    {
        m_parent->resize(width, 200);
        m_parent->show();
        m_layout->activate();
    }

    std::unique_ptr<QWidget> m_parent;
    FlowLayout *m_layout = nullptr;
};

void TestFlowLayout::init()
{
    m_parent = std::make_unique<QWidget>();
    m_layout = new FlowLayout(m_parent.get());
    m_layout->setSpacing(5);
}

void TestFlowLayout::wraps()
{
    QWidget *a = add(50);
    QWidget *b = add(50);
    QWidget *c = add(50);
    lay(110);
    QCOMPARE(a->geometry(), QRect(0, 0, 50, 20));
    QCOMPARE(b->geometry(), QRect(55, 0, 50, 20));
    QCOMPARE(c->geometry(), QRect(0, 25, 50, 20));
    QCOMPARE(m_layout->heightForWidth(110), 45);
    QCOMPARE(m_layout->heightForWidth(105), 45);
    QCOMPARE(m_layout->heightForWidth(104), 70);
    QCOMPARE(m_layout->heightForWidth(160), 20);
}

void TestFlowLayout::beginsWhereTextDoes()
{
    m_parent->setLayoutDirection(Qt::RightToLeft);
    QWidget *a = add(50);
    QWidget *b = add(30);
    lay(110);
    QCOMPARE(a->geometry(), QRect(60, 0, 50, 20));
    QCOMPARE(b->geometry(), QRect(25, 0, 30, 20));
}

void TestFlowLayout::leavesHiddenOnesOut()
{
    QWidget *a = add(50);
    QWidget *b = add(50);
    a->hide();
    lay(110);
    QCOMPARE(b->geometry(), QRect(0, 0, 50, 20));
    b->hide();
    QCOMPARE(m_layout->heightForWidth(110), 0);
}

void TestFlowLayout::narrowsWhatIsTooWide()
{
    QWidget *small = add(40);
    auto *wide = new QWidget(m_parent.get());
    wide->setFixedHeight(20);
    wide->setMinimumWidth(30);
    wide->setMaximumWidth(90);
    auto *inside = new FlowLayout(wide);
    auto *content = new QWidget(wide);
    content->setMinimumSize(90, 20);
    inside->addWidget(content);
    m_layout->addWidget(wide);
    lay(60);
    QCOMPARE(small->geometry(), QRect(0, 0, 40, 20));
    QCOMPARE(wide->geometry(), QRect(0, 25, 60, 20));
}

QTEST_MAIN(TestFlowLayout)
#include "tst_flow_layout.moc"
