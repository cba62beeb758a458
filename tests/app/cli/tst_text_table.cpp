#include "app/cli/text_table.h"

#include <QTest>

#include <clocale>

using namespace llmemory::app;

/// Aligned columns on a terminal.
class TestTextTable : public QObject
{
    Q_OBJECT

private slots:
    void columnsAreAligned();
    void withoutHeader();
    void wideCharactersTakeTwoColumns();
    void cellsCannotCommandTheTerminal();
};

void TestTextTable::columnsAreAligned()
{
    TextTable table({QStringLiteral("NAME"), QStringLiteral("N")},
                    {TextTable::Align::Left, TextTable::Align::Right});
    table.add({QStringLiteral("a"), QStringLiteral("1")});
    table.add({QStringLiteral("abcdef"), QStringLiteral("100")});
    QCOMPARE(table.lines(),
             QStringList({QStringLiteral("NAME      N"),
                          QStringLiteral("a         1"),
                          QStringLiteral("abcdef  100")}));
}

void TestTextTable::withoutHeader()
{
    TextTable table({QString(), QString()});
    table.add({QStringLiteral("Name"), QString()});
    QVERIFY(!table.hasHeader());
    QCOMPARE(table.lines(), QStringList{QStringLiteral("Name")});
}

void TestTextTable::wideCharactersTakeTwoColumns()
{
    if (!std::setlocale(LC_CTYPE, "C.UTF-8"))
        QSKIP("no UTF-8 locale on this machine");
    QCOMPARE(displayWidth(QString::fromUtf8("日本")), 4);
    QCOMPARE(displayWidth(QString::fromUtf8("e\u0301")), 1);
}

void TestTextTable::cellsCannotCommandTheTerminal()
{
    TextTable table({QString()});
    table.add({QStringLiteral("a\x1b[31mb\nc")});
    QCOMPARE(table.lines(), QStringList{QStringLiteral("a[31mb c")});
}

QTEST_GUILESS_MAIN(TestTextTable)
#include "tst_text_table.moc"
