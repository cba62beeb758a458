#include "core/migrate/script_words.h"

#include <QTest>

using namespace llmemory;

/// What the statements of a script begin with.
class TestScriptWords : public QObject
{
    Q_OBJECT

private slots:
    void words_data();
    void words();
};

void TestScriptWords::words_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QStringList>("expected"); // a statement each, words joined by a space
    QTest::newRow("nothing") << QString() << QStringList();
    QTest::newRow("one") << QStringLiteral("select 1") << QStringList{QStringLiteral("SELECT")};
    QTest::newRow("two, upper case")
        << QStringLiteral("Create Table t (id int); DROP TABLE u;")
        << QStringList{QStringLiteral("CREATE TABLE T ID INT"), QStringLiteral("DROP TABLE U")};
    QTest::newRow("no more than six")
        << QStringLiteral("a b c d e f g h") << QStringList{QStringLiteral("A B C D E F")};
    QTest::newRow("comments") << QStringLiteral(
                                     "-- COMMIT; x\n/* BEGIN; /* nested */ END; */ VACUUM t")
                              << QStringList{QStringLiteral("VACUUM T")};
    QTest::newRow("strings") << QStringLiteral("SELECT 'a; COMMIT', 'it''s; COMMIT'; ANALYZE")
                             << QStringList{QStringLiteral("SELECT"), QStringLiteral("ANALYZE")};
    QTest::newRow("escapes only in E strings")
        << QStringLiteral("SELECT E'a\\'; COMMIT; '; SELECT 'a\\'; ANALYZE")
        << QStringList{
               QStringLiteral("SELECT E"), QStringLiteral("SELECT"), QStringLiteral("ANALYZE")};
    QTest::newRow("quoted names") << QStringLiteral("DROP TABLE \"x; COMMIT\"; ANALYZE")
                                  << QStringList{QStringLiteral("DROP TABLE"),
                                                 QStringLiteral("ANALYZE")};
    QTest::newRow("dollar quotes")
        << QStringLiteral("DO $$ BEGIN COMMIT; END $$; DO $a$ $$; COMMIT $b$ ; $a$; SELECT $1; END")
        << QStringList{QStringLiteral("DO"),
                       QStringLiteral("DO"),
                       QStringLiteral("SELECT"),
                       QStringLiteral("END")};
    QTest::newRow("body of an SQL function")
        << QStringLiteral("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC "
                          "SELECT CASE WHEN true THEN 1 END; SELECT 2; END; COMMIT")
        << QStringList{QStringLiteral("CREATE FUNCTION F RETURNS INT BEGIN"),
                       QStringLiteral("COMMIT")};
    QTest::newRow("unfinished string")
        << QStringLiteral("SELECT 'a; COMMIT") << QStringList{QStringLiteral("SELECT")};
    QTest::newRow("unfinished comment")
        << QStringLiteral("SELECT /* ; COMMIT") << QStringList{QStringLiteral("SELECT")};
    QTest::newRow("ends in a dollar sign")
        << QStringLiteral("SELECT $") << QStringList{QStringLiteral("SELECT")};
}

void TestScriptWords::words()
{
    QFETCH(QString, sql);
    QFETCH(QStringList, expected);
    QStringList found;
    for (const QStringList &words : migrate::statementWords(sql))
        found << words.join(QLatin1Char(' '));
    QCOMPARE(found, expected);
}

QTEST_GUILESS_MAIN(TestScriptWords)
#include "tst_script_words.moc"
