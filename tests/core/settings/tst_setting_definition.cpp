#include "core/settings/setting_definition.h"
#include "core/settings/setting_value.h"
#include "core/testing/verify_result.h"

#include <QFile>
#include <QTest>

using namespace llmemory;
using settings::Definition;
using settings::Key;
using settings::Type;

namespace {

QString code(const QString &text)
{
    return u'`' + text + u'`';
}

QString codes(QStringList texts)
{
    for (QString &text : texts)
        text = code(text);
    return texts.isEmpty() ? QStringLiteral("–") : texts.join(QStringLiteral(", "));
}

QString defaultInDocs(const Definition &row)
{
    if (row.key == Key::DataDirectory)
        return code(QStringLiteral("~/.local/share/llmemory"));
    if (row.key == Key::ConfigFile)
        return code(QStringLiteral("~/.config/llmemory/config.json"));
    return row.defaultValue.isEmpty() ? QStringLiteral("–") : code(row.defaultValue);
}

/// The line of docs/configuration.md for a setting.
QString lineInDocs(const Definition &row)
{
    const QStringList cells =
        row.hasEffect()
            ? QStringList{codes(QStringList{row.name} + row.aliases),
                          codes(row.variables),
                          codes(row.option.isEmpty() ? QStringList() : QStringList{row.option}),
                          settings::allowedValues(row),
                          defaultInDocs(row),
                          settings::describe(row)}
            : QStringList{code(row.name), codes(row.variables), settings::whyWithoutEffect(row)};
    return QStringLiteral("| ") + cells.join(QStringLiteral(" | ")) + QStringLiteral(" |");
}

} // namespace

/// The table of settings, and that its documentation is that table.
class TestSettingDefinition : public QObject
{
    Q_OBJECT

private slots:
    void everyRowIsWhole();
    void namesAreUnique();
    void defaultsAreAllowed();
    void variablesOfReference_data();
    void variablesOfReference();
    void documentationIsTheTable();
};

void TestSettingDefinition::everyRowIsWhole()
{
    for (const Definition &row : settings::definitions()) {
        QVERIFY2(!settings::describe(row).isEmpty(), qPrintable(row.name));
        QVERIFY2(!row.variables.isEmpty(), qPrintable(row.name));
        QVERIFY2(row.type != Type::Integer || row.least < row.most, qPrintable(row.name));
        QVERIFY2(row.type != Type::Choice || !row.choices.isEmpty(), qPrintable(row.name));
        QCOMPARE(row.type == Type::Anything, !row.hasEffect());
        QCOMPARE(row.group == settings::Group::WithoutEffect, !row.hasEffect());
        QCOMPARE(settings::definition(row.key).name, row.name);
    }
}

void TestSettingDefinition::namesAreUnique()
{
    QStringList all;
    for (const Definition &row : settings::definitions()) {
        all += QStringList{row.name} + row.aliases + row.variables;
        if (!row.option.isEmpty())
            all += row.option;
        for (const QString &name : QStringList{row.name} + row.aliases)
            QCOMPARE(settings::findDefinition(name)->key, row.key);
    }
    QCOMPARE(all.removeDuplicates(), 0);
    QVERIFY(!settings::findDefinition(QStringLiteral("nonsense")));
}

void TestSettingDefinition::defaultsAreAllowed()
{
    for (const Definition &row : settings::definitions()) {
        if (row.type == Type::Directory || row.type == Type::File)
            continue; // they depend on the environment
        const auto value = settings::checkedValue(row, row.defaultValue);
        VERIFY_RESULT(value);
        QCOMPARE(*value, row.defaultValue);
    }
}

void TestSettingDefinition::variablesOfReference_data()
{
    QTest::addColumn<QStringList>("names");
    for (const char *name :
         {"EMBEDDING_PROVIDER", "OPENAI_API_KEY",  "OPENAI_MODEL",        "LOCAL_MODEL",
          "LOCAL_DEVICE",       "LOCAL_CACHE_DIR", "EMBEDDING_PROVIDERS", "SEARCH_CACHE_TTL",
          "DB_MAX_POOL_SIZE",   "LOG_LEVEL",       "DISABLE_METRICS",     "ENABLE_QUERY_EXPANSION",
          "ENABLE_RERANK",      "RERANK_TOP_K",    "RERANK_RETURN_K",     "RERANK_MODEL",
          "RERANK_PROVIDER",    "RERANK_DEVICE",   "RERANK_BATCH_SIZE",   "ENABLE_CHUNK_SUMMARIES",
          "HNSW_PROFILE"}) {
        const QString text = QString::fromLatin1(name);
        QTest::newRow(name) << QStringList{QStringLiteral("LLMEMORY_") + text,
                                           QStringLiteral("AWORD_") + text};
    }
    for (const char *name : {"DATABASE_URL",
                             "OPENAI_API_KEY",
                             "LLMEMORY_SCHEMA",
                             "LLMEMORY_MAX_CHUNK_SIZE",
                             "LLMEMORY_DATA_DIR",
                             "LLMEMORY_CONFIG",
                             "TRANSFORMERS_CACHE",
                             "DB_PASSWORD",
                             "DB_DEBUG",
                             "MIGRATION_DEBUG"})
        QTest::addRow("plain %s", name) << QStringList{QString::fromLatin1(name)};
}

void TestSettingDefinition::variablesOfReference()
{
    QFETCH(QStringList, names);
    QStringList known;
    for (const Definition &row : settings::definitions())
        known += row.variables;
    for (const QString &name : names)
        QVERIFY2(known.contains(name), qPrintable(name));
}

void TestSettingDefinition::documentationIsTheTable()
{
    QFile file(QFINDTESTDATA("../../../docs/configuration.md"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QStringList documented;
    for (const QString &line : QString::fromUtf8(file.readAll()).split(u'\n')) {
        if (line.startsWith(QStringLiteral("| `")))
            documented += line;
    }
    QStringList expected;
    for (const Definition &row : settings::definitions())
        expected += lineInDocs(row);
    for (qsizetype i = 0; i < std::max(documented.size(), expected.size()); ++i) {
        const QString difference =
            QStringLiteral("docs/configuration.md has\n%1\nand should have\n%2")
                .arg(documented.value(i), expected.value(i));
        QVERIFY2(documented.value(i) == expected.value(i), qPrintable(difference));
    }
}

QTEST_GUILESS_MAIN(TestSettingDefinition)
#include "tst_setting_definition.moc"
