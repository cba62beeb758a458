#include "ui/search/reflow.h"

#include <QTest>

using llmemory::ui::reflowed;

class TestReflow : public QObject
{
    Q_OBJECT

private slots:
    void joinsLines_data();
    void joinsLines();
};

void TestReflow::joinsLines_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const QString full = QStringLiteral("A line that goes on to the end of the page's width");
    QTest::newRow("empty") << ""
                           << "";
    QTest::newRow("one line") << full << full;
    const auto lines = [&full](const char *form) {
        return QString::fromLatin1(form).replace(QLatin1Char('F'), full);
    };
    QTest::newRow("a paragraph") << lines("F\nF\nend.") << lines("F F end.");
    QTest::newRow("paragraphs stay apart") << lines("F\n\nF") << lines("F\n\nF");
    QTest::newRow("a short line ends one") << lines("F\nend.\nF\nF") << lines("F end.\nF F");
    QTest::newRow("a list stays a list") << "one\ntwo\nthree"
                                         << "one\ntwo\nthree";
    QTest::newRow("break at the end stays") << lines("F\n") << lines("F\n");
}

void TestReflow::joinsLines()
{
    QFETCH(QString, text);
    const QString result = reflowed(text);
    QTEST(result, "expected");
    QCOMPARE(result.size(), text.size());
}

QTEST_GUILESS_MAIN(TestReflow)
#include "tst_reflow.moc"
