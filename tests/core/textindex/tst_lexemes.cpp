#include "core/textindex/lexemes.h"

#include <QtTest>

using namespace llmemory::textindex;

/// PostgreSQL's output of tsvector and tsquery.
class TestLexemes : public QObject
{
    Q_OBJECT

private slots:
    void vectors_data();
    void vectors();
    void queries_data();
    void queries();
    void prefixesOfQueries();
    void languagesOfQueries();
};

void TestLexemes::vectors_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<QByteArray>>("lexemes");
    QTest::addColumn<QList<int>>("counts");
    using Bytes = QList<QByteArray>;
    using Counts = QList<int>;
    const auto row = [](const char *name, const char *text, const Bytes &lexemes, const Counts &n) {
        QTest::newRow(name) << QString::fromUtf8(text) << lexemes << n;
    };
    row("empty", "", {}, {});
    row("one", "'apple':1", {"apple"}, {1});
    row("several positions", "'a':1,12,255 'b':3", {"a", "b"}, {3, 1});
    row("headings", "'a':1B,12 'b':3B", {"a", "b"}, {3, 2});
    row("names alone", "'a':1A,2A 'b':3A", {"a", "b"}, {2, 2});
    row("names and more", "'a':1A,3A,5B,12 'b':2A,9", {"a", "b"}, {4, 2});
    row("other weights", "'a':1C,12C", {"a"}, {2});
    row("without positions", "'a' 'b'", {"a", "b"}, {1, 1});
    row("quote", "'it''s':2", {"it's"}, {1});
    row("nothing but a quote", "'''':2 'b':1", {"'", "b"}, {1, 1});
    row("backslash", "'c:\\\\x':2", {"c:\\x"}, {1});
    row("space and colon", "'a b:1,2':4,5", {"a b:1,2"}, {2});
    row("umlaut", "'h\xc3\xa4user':4", {"h\xc3\xa4user"}, {1});
    row("hyphens", "'time-depend':1 'time':2 'depend':3", {"time", "depend"}, {1, 1});
    row("hyphens of stop words",
        "'list':4 'to-do':1 'to-morrow':9",
        {"list", "to-do", "to-morrow"},
        {1, 1, 1});
    row("hyphens far behind",
        "'depend':16383 'time':16383 'time-depend':16383",
        {"depend", "time"},
        {1, 1});
    row("hyphens in headings",
        "'depend':3B 'time':2B 'time-depend':1B",
        {"depend", "time"},
        {2, 2});
    row("identifiers",
        "'a-1312':1 '-5':2 'x-y.org':3 '-':4",
        {"a-1312", "-5", "x-y.org", "-"},
        {1, 1, 1, 1});
    row("cut off", "'abc", {"abc"}, {1});
}

void TestLexemes::vectors()
{
    QFETCH(QString, text);
    QFETCH(QList<QByteArray>, lexemes);
    QFETCH(QList<int>, counts);
    QList<QByteArray> found;
    QList<int> frequencies;
    for (const LexemeCount &entry : lexemesOfVector(text)) {
        found << entry.lexeme;
        frequencies << int(entry.frequency);
    }
    QCOMPARE(found, lexemes);
    QCOMPARE(frequencies, counts);
}

void TestLexemes::queries_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<QByteArray>>("lexemes");
    QTest::addColumn<QList<int>>("counts");
    QTest::addColumn<bool>("anyOfThem");
    using Bytes = QList<QByteArray>;
    using Counts = QList<int>;
    const auto row =
        [](const char *name, const char *text, const Bytes &lexemes, bool any, Counts counts = {}) {
            if (counts.isEmpty())
                counts = Counts(lexemes.size(), 1);
            QTest::newRow(name) << QString::fromUtf8(text) << lexemes << counts << any;
        };
    row("empty", "", {}, true);
    row("one", "('apple')", {"apple"}, true);
    row("any", "('a' | 'b') | ('b' | 'c')", {"a", "b", "c"}, true);
    row("phrase", "'a' <-> 'b' | 'c'", {"a", "b", "c"}, false);
    row("distance", "'a' <2> 'b'", {"a", "b"}, false);
    row("all", "'a' & 'b'", {"a", "b"}, false);
    row("not", "'a' & !'b'", {"a", "b"}, false);
    row("prefix", "'a':*", {"a"}, false);
    row("asked for twice", "('a' | 'b' | 'a')", {"a", "b"}, true, {2, 1});
    row("in two languages",
        "('a' | 'b' | 'a') | ('a' | 'b' | ('b' | 'b'))",
        {"a", "b"},
        true,
        {2, 3});
    row("hyphens", "('time-depend' <-> 'time' <-> 'depend')", {"time", "depend"}, false);
    row("hyphens of stop words", "('to-do')", {"to-do"}, true);
    row("hyphens of stop words in a phrase", "'to-do' <3> 'list'", {"to-do", "list"}, false);
    row("operators in quotes", "'a & b' | '''<->'''", {"a & b", "'<->'"}, true);
}

void TestLexemes::queries()
{
    QFETCH(QString, text);
    QFETCH(QList<QByteArray>, lexemes);
    QFETCH(QList<int>, counts);
    QFETCH(bool, anyOfThem);
    const QueryLexemes query = lexemesOfQuery(text);
    QList<QByteArray> found;
    QList<int> frequencies;
    for (const LexemeCount &entry : query.lexemes) {
        found << entry.lexeme;
        frequencies << int(entry.frequency);
    }
    QCOMPARE(found, lexemes);
    QCOMPARE(frequencies, counts);
    QCOMPARE(query.anyOfThem, anyOfThem);
}

void TestLexemes::prefixesOfQueries()
{
    const QueryLexemes query =
        lexemesOfQuery(QStringLiteral("('led':* | 'ledger') & ('po' <-> 'it''s':*) & 'led':*"));
    QCOMPARE(query.prefixes, (QList<QByteArray>{"led", "it's"}));
    QCOMPARE(query.lexemes.size(), 4);
    QVERIFY(lexemesOfQuery(QStringLiteral("'a:*' | 'b':A")).prefixes.isEmpty());
}

void TestLexemes::languagesOfQueries()
{
    using Languages = QList<QList<QByteArray>>;
    QCOMPARE(lexemesOfQuery(QStringLiteral("('a' | ('b' <-> 'c')) | ('a' | 'bs')")).languages,
             (Languages{{"a", "b", "c"}, {"a", "bs"}}));
    QCOMPARE(lexemesOfQuery(QString()).languages, Languages());
}

QTEST_GUILESS_MAIN(TestLexemes)
#include "tst_lexemes.moc"
