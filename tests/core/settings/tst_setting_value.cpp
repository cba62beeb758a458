#include "core/settings/setting_value.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QTest>

using namespace llmemory;
using settings::Key;

/// What values of each type are taken, how they are kept, and how others are refused.
class TestSettingValue : public QObject
{
    Q_OBJECT

private slots:
    void taken_data();
    void taken();
    void refused_data();
    void refused();
    void relativePathBecomesAbsolute();
};

void TestSettingValue::taken_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("kept");
    const auto row = [](Key key, const char *text, const char *kept) {
        QTest::addRow("%s: %s", qPrintable(settings::definition(key).name), text)
            << int(key) << QString::fromUtf8(text) << QString::fromUtf8(kept);
    };
    for (const char *yes : {"1", "true", "yes", "on", "TRUE", "Yes"})
        row(Key::Rerank, yes, "true");
    for (const char *no : {"0", "false", "no", "off", "OFF"})
        row(Key::Rerank, no, "false");
    row(Key::ChunkSize, "20", "20");
    row(Key::ChunkSize, "2000", "2000");
    row(Key::ChunkSize, "0", "0");
    row(Key::ChunkSize, "0400", "400");
    row(Key::ChunkOverlap, "-1", "-1");
    row(Key::Port, "0", "0");
    row(Key::Port, "65535", "65535");
    row(Key::HnswProfile, "FAST", "fast");
    row(Key::Bm25K1, "0", "0");
    row(Key::Bm25K1, "10", "10");
    row(Key::Bm25K1, "1.20", "1.2");
    row(Key::Bm25B, "0.75", "0.75");
    row(Key::Bm25B, "1.0", "1");
    row(Key::LogLevel, "Debug", "debug");
    row(Key::DatabaseUrl, "", "");
    row(Key::DatabasePassword, "", "");
    row(Key::DatabasePassword, " p w ", " p w ");
    row(Key::Schema, "notes", "notes");
    row(Key::Schema, "My \"Notes\" ä", "My \"Notes\" ä");
    row(Key::OpenAiUrl, "https://api.openai.com/v1", "https://api.openai.com/v1");
    row(Key::OpenAiUrl, "http://localhost:11434/v1", "http://localhost:11434/v1");
    row(Key::EmbeddingProviders, "", "");
    row(Key::EmbeddingProviders, "a:openai:m:8", "a:openai:m:8");
    row(Key::AllowedHosts, " a ,, b ", "a,b");
    row(Key::DataDirectory, "/a//b/../c/", "/a/c");
    row(Key::RerankModel, "anything", "anything");
}

void TestSettingValue::taken()
{
    QFETCH(int, key);
    QFETCH(QString, text);
    QFETCH(QString, kept);
    const auto value = settings::checkedValue(settings::definition(Key(key)), text);
    VERIFY_RESULT(value);
    QCOMPARE(*value, kept);
}

void TestSettingValue::refused_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message"); // how it begins, after the name
    const auto row = [](Key key, const char *text, const char *message) {
        const QString name = settings::definition(key).name;
        QTest::addRow("%s: %s", qPrintable(name), text)
            << int(key) << QString::fromUtf8(text) << name + QString::fromUtf8(message);
    };
    row(Key::ChunkSize, "5", " must be 20 to 2,000 (0 = by document type); it is 5.");
    row(Key::ChunkSize, "2001", " must be 20 to 2,000 (0 = by document type); it is 2001.");
    row(Key::ChunkSize, "-1", " must be 20 to 2,000 (0 = by document type); it is -1.");
    row(Key::ChunkSize, "", " must be 20 to 2,000 (0 = by document type); it is \"\".");
    row(Key::ChunkSize, "4e2", " must be 20 to 2,000 (0 = by document type); it is \"4e2\".");
    row(Key::ChunkOverlap, "-2", " must be 0 to 1,000 (-1 = by document type); it is -2.");
    row(Key::MinPoolSize, "65", " must be 0 to 64; it is 65.");
    row(Key::Port, "99999999999", " must be 0 to 65,535; it is \"99999999999\".");
    row(Key::IdleTimeout, "0", " must be 1 to 86,400 s; it is 0.");
    row(Key::Rerank, "maybe", " must be true or false; it is \"maybe\".");
    row(Key::Rerank, "", " must be true or false; it is \"\".");
    row(Key::Bm25K1, "10.1", " must be a number, 0 to 10; it is 10.1.");
    row(Key::Bm25K1, "-1", " must be a number, 0 to 10; it is -1.");
    row(Key::Bm25K1, "1,2", " must be a number, 0 to 10; it is \"1,2\".");
    row(Key::Bm25K1, "nan", " must be a number, 0 to 10; it is nan.");
    row(Key::Bm25B, "1.01", " must be a number, 0 to 1; it is 1.01.");
    row(Key::Bm25B, "", " must be a number, 0 to 1; it is \"\".");
    row(Key::HnswProfile, "best", " must be one of fast, balanced, accurate; it is \"best\".");
    row(Key::RerankProvider,
        "cross-encoder",
        " must be lexical; it is \"cross-encoder\". Rerankers");
    row(Key::OpenAiModel, "", " must be a text that is not empty; it is \"\".");
    row(Key::OpenAiUrl, "ftp://h/v1", " must be an http or https URL without a password;");
    row(Key::OpenAiUrl, "api.openai.com", " must be an http or https URL without a password;");
    row(Key::OpenAiUrl, "https://", " must be an http or https URL without a password;");
    row(Key::OpenAiUrl,
        "https://ann:s3cret@h/v1",
        " must be an http or https URL without a password; it is \"https://ann:***@h/v1\".");
    row(Key::OpenAiApiKey, "a\nb", " must be one line without control characters.");
    row(Key::Schema, "", ": \"\" cannot be a schema name.");
    row(Key::Schema, "pg_notes", ": \"pg_notes\" cannot be a schema name.");
    row(Key::Schema, "no\ntes", ": ");
    row(Key::EmbeddingProviders, "a:local:m:8", ": \"a:local:m:8\": local transformer models");
    row(Key::DataDirectory, "", " must be a directory; it is \"\".");
}

void TestSettingValue::refused()
{
    QFETCH(int, key);
    QFETCH(QString, text);
    QFETCH(QString, message);
    const auto value = settings::checkedValue(settings::definition(Key(key)), text);
    QVERIFY(!value);
    QCOMPARE(value.error().kind, ErrorKind::Configuration);
    QCOMPARE(value.error().field, settings::definition(Key(key)).name);
    QVERIFY2(value.error().message.startsWith(message), qPrintable(value.error().message));
    QVERIFY(!value.error().message.contains(QStringLiteral("s3cret")));
}

void TestSettingValue::relativePathBecomesAbsolute()
{
    const auto value =
        settings::checkedValue(settings::definition(Key::DataDirectory), QStringLiteral("data"));
    VERIFY_RESULT(value);
    QCOMPARE(*value, QDir::current().absoluteFilePath(QStringLiteral("data")));
}

QTEST_GUILESS_MAIN(TestSettingValue)
#include "tst_setting_value.moc"
