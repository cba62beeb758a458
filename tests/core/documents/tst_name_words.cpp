#include "core/documents/name_words.h"

#include <QTest>

using namespace llmemory;

/// What a document's name is found by.
class TestNameWords : public QObject
{
    Q_OBJECT

private slots:
    void words_data();
    void words();
};

void TestNameWords::words_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *title, const char *name, const char *words) {
        QTest::newRow(title) << QString::fromUtf8(name) << QString::fromUtf8(words);
    };
    row("a title", "Quarterly budget", "Quarterly budget");
    row("white space", "  a \n title ", "a title");
    row("a file", "budget.pdf", "budget.pdf budget");
    row("signs",
        "annual_report-final (2).docx",
        "annual_report-final (2).docx annual report final 2");
    row("capitals", "meetingNotes.md", "meetingNotes.md meeting Notes");
    row("a year", "Report2023", "Report2023 Report 2023");
    row("a date", "2024-05-01 minutes", "2024-05-01 minutes 2024 05 01 minutes");
    row("a version is no extension", "v2.3.1", "v2.3.1 v2 3 1");
    row("nothing but an extension", ".bashrc", ".bashrc bashrc");
    row("signs alone", "---", "---");
    row("an apostrophe", "Anna's letters", "Anna's letters");
    row("umlauts", "Übungs_blätter.odt", "Übungs_blätter.odt Übungs blätter");
    row("empty", "", "");
}

void TestNameWords::words()
{
    QFETCH(QString, name);
    QFETCH(QString, words);
    QCOMPARE(documents::nameWords(name), words);
}

QTEST_APPLESS_MAIN(TestNameWords)
#include "tst_name_words.moc"
