#include "core/db/sql_names.h"
#include "tests/support/verify_result.h"

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
    QTest::newRow("digit first") << QStringLiteral("9a") << false;
    QTest::newRow("upper case") << QStringLiteral("Docs") << false;
    QTest::newRow("quote") << QStringLiteral("a\"; DROP SCHEMA b; --") << false;
    QTest::newRow("trailing newline") << QStringLiteral("docs\n") << false;
    QTest::newRow("dot") << QStringLiteral("a.b") << false;
    QTest::newRow("umlaut") << QStringLiteral("b\u00fccher") << false;
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

QTEST_GUILESS_MAIN(TestSqlNames)
#include "tst_sql_names.moc"
