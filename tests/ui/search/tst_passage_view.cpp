#include "ui/search/passage_view.h"

#include <QScrollBar>
#include <QTest>
#include <QTextBlock>

using namespace llmemory::ui;

class TestPassageView : public QObject
{
    Q_OBJECT

private slots:
    void showsThePassageInItsContext();
    void scrollsToThePassage();
    void markupIsText();
};

void TestPassageView::showsThePassageInItsContext()
{
    PassageView view;
    view.showPassage(QStringLiteral("Before.\n"),
                     QStringLiteral("The cat sat."),
                     QStringLiteral("\nAfter."),
                     {{4, 7}});
    QCOMPARE(view.toPlainText(), QStringLiteral("Before.\nThe cat sat.\nAfter."));
    QString marked;
    const QTextBlock block = view.document()->findBlockByNumber(1);
    for (auto it = block.begin(); !it.atEnd(); ++it) {
        if (it.fragment().charFormat().hasProperty(QTextFormat::BackgroundBrush))
            marked += it.fragment().text();
    }
    QCOMPARE(marked, QStringLiteral("cat"));
}

void TestPassageView::scrollsToThePassage()
{
    PassageView view;
    view.resize(300, 200);
    view.show();
    view.showPassage(QStringLiteral("line\n").repeated(100),
                     QStringLiteral("here"),
                     QStringLiteral("\nline").repeated(100),
                     {});
    const int middle = view.verticalScrollBar()->value();
    QVERIFY(middle > 0);
    QVERIFY(middle < view.verticalScrollBar()->maximum());
    view.showText(QStringLiteral("short"));
    QCOMPARE(view.toPlainText(), QStringLiteral("short"));
}

void TestPassageView::markupIsText()
{
    PassageView view;
    view.showPassage({}, QStringLiteral("<b>bold</b> &amp;"), {}, {});
    QCOMPARE(view.toPlainText(), QStringLiteral("<b>bold</b> &amp;"));
}

QTEST_MAIN(TestPassageView)
#include "tst_passage_view.moc"
