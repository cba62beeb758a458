#include "core/search/query_language/query_parser.h"
#include "ui/search/query_part_text.h"

#include <QLocale>
#include <QTest>

using namespace llmemory;
using namespace llmemory::ui;

class TestQueryPartText : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QStringLiteral("en_GB"))); }
    void saysWhatIsAskedFor_data();
    void saysWhatIsAskedFor();
    void wordsAreNoConditions();
};

void TestQueryPartText::saysWhatIsAskedFor_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("value");
    QTest::newRow("required") << "+harbour"
                              << "Must have"
                              << "harbour";
    QTest::newRow("excluded") << "-rain"
                              << "Without"
                              << "rain";
    QTest::newRow("phrase") << "\"port dues\""
                            << "Exactly"
                            << "“port dues”";
    QTest::newRow("no phrase") << "-\"port dues\""
                               << "Without"
                               << "“port dues”";
    QTest::newRow("prefix") << "led*"
                            << "Begins with"
                            << "led";
    QTest::newRow("no prefix") << "-led*"
                               << "Nothing that begins with"
                               << "led";
    QTest::newRow("near") << "port NEAR/5 dues"
                          << "Close together"
                          << "port, dues (5 word(s) apart at most)";
    QTest::newRow("type") << "type:legal_document"
                          << "Type"
                          << "Legal document";
    QTest::newRow("no type") << "-type:pdf"
                             << "Not type"
                             << "PDF";
    QTest::newRow("name") << "name:\"annual report\""
                          << "Name"
                          << "annual report";
    QTest::newRow("path") << "path:reports/2024"
                          << "Path"
                          << "reports/2024";
    QTest::newRow("language") << "lang:german"
                              << "Language"
                              << "Deutsch";
    QTest::newRow("English") << "lang:en"
                             << "Language"
                             << "English";
    QTest::newRow("no language known") << "lang:unknown"
                                       << "Language"
                                       << "unknown";
    QTest::newRow("tag") << "-tag:done"
                         << "Not tag"
                         << "done";
    QTest::newRow("page") << "page:3"
                          << "Page"
                          << "3";
    QTest::newRow("pages") << "page:3..5"
                           << "Page"
                           << "3 – 5";
    QTest::newRow("from page") << "page:3.."
                               << "Page"
                               << "from 3";
    QTest::newRow("to page") << "page:..5"
                             << "Page"
                             << "up to 5";
    QTest::newRow("year") << "date:2024"
                          << "Date"
                          << "2024";
    QTest::newRow("years") << "date:2023..2024"
                           << "Date"
                           << "2023 – 2024";
    QTest::newRow("month") << "date:2024-02"
                           << "Date"
                           << "February 2024";
    QTest::newRow("months") << "date:2024-q2"
                            << "Date"
                            << "April 2024 – June 2024";
    QTest::newRow("day") << "date:2024-05-17"
                         << "Date"
                         << "17 May 2024";
    QTest::newRow("words") << "date:yesterday"
                           << "Date"
                           << "4 Mar 2024";
    QTest::newRow("before") << "before:2024"
                            << "Date"
                            << "up to 31 Dec 2023";
    QTest::newRow("after") << "-after:2024-05-17"
                           << "Not date"
                           << "from 18 May 2024";
    QTest::newRow("metadata") << "year>=2020"
                              << "year"
                              << "≥ 2020";
    QTest::newRow("no metadata") << "-state!=open"
                                 << "Not state"
                                 << "≠ open";
}

void TestQueryPartText::saysWhatIsAskedFor()
{
    QFETCH(const QString, typed);
    const auto parsed =
        search::parseQuery(typed, {.today = QDate(2024, 3, 5), .locale = QLocale::c()});
    QVERIFY(parsed);
    QCOMPARE(parsed->parts.size(), 1);
    QVERIFY(isCondition(parsed->parts.constFirst()));
    const QueryPartText text = textOf(parsed->parts.constFirst());
    QTEST(text.label, "label");
    QTEST(text.value, "value");
}

void TestQueryPartText::wordsAreNoConditions()
{
    const auto parsed =
        search::parseQuery(QStringLiteral("what was decided, foo:bar near the dam - & 12:30?"));
    QVERIFY(parsed);
    for (const QueryPart &part : parsed->parts)
        QVERIFY(!isCondition(part));
}

QTEST_GUILESS_MAIN(TestQueryPartText)
#include "tst_query_part_text.moc"
