#include "core/db/sql_names.h"
#include "core/testing/verify_result.h"

using namespace llmemory;
using db::SqlNames;

/// Names of schemas and the templates in statements.
class TestSqlNames : public QObject
{
    Q_OBJECT

private slots:
    void schemaNames_data();
    void schemaNames();
    void expands_data();
    void expands();
    void strangeNamesAreQuoted();
};

void TestSqlNames::schemaNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("valid");
    QTest::newRow("usual") << QStringLiteral("llmemory") << true;
    QTest::newRow("digits and underscore") << QStringLiteral("_a9") << true;
    QTest::newRow("reserved word") << QStringLiteral("select") << true;
    QTest::newRow("63 characters") << QString(63, QLatin1Char('a')) << true;
    QTest::newRow("64 characters") << QString(64, QLatin1Char('a')) << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("digit first") << QStringLiteral("9a") << true;
    QTest::newRow("mixed case") << QStringLiteral("Docs") << true;
    QTest::newRow("quote") << QStringLiteral("a\"; DROP SCHEMA b; --") << true;
    QTest::newRow("reserved prefix") << QStringLiteral("pg_mine") << false;
    QTest::newRow("63 bytes") << QString(21, QChar(u'\u20ac')) << true;
    QTest::newRow("64 characters, 66 bytes") << QString(22, QChar(u'\u20ac')) << false;
    QTest::newRow("zero character") << QString(QChar(u'\0')) << false;
    QTest::newRow("half a character") << QString(QChar(0xd800)) << false;
    QTest::newRow("trailing newline") << QStringLiteral("docs\n") << false;
    QTest::newRow("dot") << QStringLiteral("a.b") << true;
    QTest::newRow("umlaut") << QStringLiteral("b\u00fccher") << true;
}

void TestSqlNames::schemaNames()
{
    QFETCH(QString, name);
    QFETCH(bool, valid);
    const auto names = SqlNames::forSchema(name);
    QCOMPARE(names.has_value(), valid);
    if (valid)
        QCOMPARE(names->schema(), name);
    else
        QCOMPARE(names.error().code, QStringLiteral("schema_name"));
}

void TestSqlNames::expands_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("expected");
    QTest::newRow("schema") << QStringLiteral("CREATE SCHEMA {{schema}}")
                            << QStringLiteral("CREATE SCHEMA \"docs\"");
    QTest::newRow("tables") << QStringLiteral("{{tables.a_b}}, {{tables.c1}} JOIN {{tables.a_b}}")
                            << QStringLiteral(
                                   "\"docs\".\"a_b\", \"docs\".\"c1\" JOIN \"docs\".\"a_b\"");
    QTest::newRow("vectors") << QStringLiteral("SELECT 1 FROM {{embeddings}}")
                             << QStringLiteral("SELECT 1 FROM \"docs\".\"embeddings_m\"");
    QTest::newRow("unknown stays") << QStringLiteral("{{views.x}} {{tables.A}} {{ schema }}")
                                   << QStringLiteral("{{views.x}} {{tables.A}} {{ schema }}");
}

void TestSqlNames::expands()
{
    QFETCH(QString, sql);
    QFETCH(QString, expected);
    auto names = SqlNames::forSchema(QStringLiteral("docs"));
    VERIFY_RESULT(names);
    names->setEmbeddingsTable(QStringLiteral("embeddings_m"));
    QCOMPARE(names->expand(sql), expected);
}

void TestSqlNames::strangeNamesAreQuoted()
{
    auto names = SqlNames::forSchema(QStringLiteral("a\"b \\1 {{tables.x}} $1"));
    VERIFY_RESULT(names);
    QCOMPARE(names->expand(QStringLiteral("{{tables.t}};{{schema}}")),
             QStringLiteral("\"a\"\"b \\1 {{tables.x}} $1\".\"t\";\"a\"\"b \\1 {{tables.x}} $1\""));
}

QTEST_GUILESS_MAIN(TestSqlNames)
#include "tst_sql_names.moc"
