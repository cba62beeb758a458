#include "core/settings/setting_value.h"
#include "core/settings/settings.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace llmemory;
using settings::Key;
using settings::Settings;
using settings::Source;

/// Precedence and checks of the settings.
class TestSettings : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void defaults();
    void dataDirectoryFollowsXdg();
    void laterSourceWins();
    void emptyVariableIsUnset();
    void emptyUrlOnCommandLineMeansEmbedded();
    void variableDecides_data();
    void variableDecides();
    void aliasOfVariable();
    void secretFromFileOfVariable();
    void wrongFilesOfSecrets_data();
    void wrongFilesOfSecrets();
    void pathsInFileAreRelativeToIt();
    void listFromFileAndEnvironment();
    void wrongValues_data();
    void wrongValues();
    void formsOfFile_data();
    void formsOfFile();
    void withoutEffectInFileIsWarnedOf();
    void wrongFiles_data();
    void wrongFiles();
    void fileThatWasAskedForMustExist();
    void wrongCommandLineIsWrongUsage();
    void secretsAreMasked_data();
    void secretsAreMasked();
    void secretIsNotInRefusal();
    void withoutEffectIsWarnedOf_data();
    void withoutEffectIsWarnedOf();
    void openFileWithSecretIsWarnedOf_data();
    void openFileWithSecretIsWarnedOf();
    void fileDoesNotCountForWhoWritesIt();

private:
    QString writeConfig(const QByteArray &content);
    Result<Settings> load(const QMap<Key, QString> &commandLine = {}) const;

    std::unique_ptr<QTemporaryDir> m_home;
    QProcessEnvironment m_environment;
};

void TestSettings::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    QVERIFY(m_home->isValid());
    m_environment.clear();
    m_environment.insert(QStringLiteral("HOME"), m_home->path());
}

QString TestSettings::writeConfig(const QByteArray &content)
{
    const QString directory = m_home->filePath(QStringLiteral(".config/llmemory"));
    QFile file(directory + QStringLiteral("/config.json"));
    if (!QDir().mkpath(directory) || !file.open(QIODevice::WriteOnly) || file.write(content) < 0)
        qFatal("cannot write the configuration file");
    return file.fileName();
}

Result<Settings> TestSettings::load(const QMap<Key, QString> &commandLine) const
{
    return Settings::load(commandLine, m_environment);
}

void TestSettings::defaults()
{
    const auto loaded = load();
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->text(Key::DatabaseUrl), QString());
    QCOMPARE(loaded->text(Key::Schema), QStringLiteral("llmemory"));
    QCOMPARE(loaded->text(Key::DataDirectory),
             m_home->filePath(QStringLiteral(".local/share/llmemory")));
    QCOMPARE(loaded->text(Key::ConfigFile),
             m_home->filePath(QStringLiteral(".config/llmemory/config.json")));
    QCOMPARE(loaded->text(Key::ListenAddress), QStringLiteral("127.0.0.1"));
    QCOMPARE(loaded->integer(Key::Port), 8765);
    QCOMPARE(loaded->list(Key::AllowedOrigins), QStringList());
    QCOMPARE(loaded->source(Key::Port), Source::Default);
    QCOMPARE(loaded->origin(Key::Port), QString());
}

void TestSettings::dataDirectoryFollowsXdg()
{
    m_environment.insert(QStringLiteral("XDG_DATA_HOME"), QStringLiteral("/srv/data"));
    QCOMPARE(load()->text(Key::DataDirectory), QStringLiteral("/srv/data/llmemory"));
    m_environment.insert(QStringLiteral("XDG_DATA_HOME"),
                         QStringLiteral("relative")); // the standard: ignore
    QCOMPARE(load()->text(Key::DataDirectory),
             m_home->filePath(QStringLiteral(".local/share/llmemory")));
}

void TestSettings::laterSourceWins()
{
    const QString path = writeConfig(R"({"port": 1001, "schema": "from_file"})");
    auto loaded = load();
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->integer(Key::Port), 1001);
    QCOMPARE(loaded->source(Key::Port), Source::File);
    QCOMPARE(loaded->origin(Key::Port), path);

    m_environment.insert(QStringLiteral("LLMEMORY_PORT"), QStringLiteral("1002"));
    loaded = load();
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->integer(Key::Port), 1002);
    QCOMPARE(loaded->source(Key::Port), Source::Environment);
    QCOMPARE(loaded->origin(Key::Port), QStringLiteral("LLMEMORY_PORT"));

    loaded = load({{Key::Port, QStringLiteral("1003")}});
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->integer(Key::Port), 1003);
    QCOMPARE(loaded->source(Key::Port), Source::CommandLine);
    QCOMPARE(loaded->origin(Key::Port), QStringLiteral("--port"));
    QCOMPARE(loaded->text(Key::Schema), QStringLiteral("from_file"));
}

void TestSettings::emptyVariableIsUnset()
{
    m_environment.insert(QStringLiteral("LLMEMORY_SCHEMA"), QString());
    const auto loaded = load();
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->source(Key::Schema), Source::Default);
}

void TestSettings::emptyUrlOnCommandLineMeansEmbedded()
{
    m_environment.insert(QStringLiteral("DATABASE_URL"), QStringLiteral("postgresql://host/db"));
    const auto loaded = load({{Key::DatabaseUrl, QString()}});
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->text(Key::DatabaseUrl), QString());
    QCOMPARE(loaded->source(Key::DatabaseUrl), Source::CommandLine);
}

void TestSettings::aliasOfVariable()
{
    m_environment.insert(QStringLiteral("AWORD_LOG_LEVEL"), QStringLiteral("DEBUG"));
    QCOMPARE(load()->text(Key::LogLevel), QStringLiteral("debug"));
    m_environment.insert(QStringLiteral("LLMEMORY_LOG_LEVEL"), QStringLiteral("error"));
    QCOMPARE(load()->text(Key::LogLevel), QStringLiteral("error"));
}

void TestSettings::variableDecides_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("key");
    QTest::addColumn<QString>("stored");
    const auto row = [](const QString &variable, const char *value, Key key, const char *stored) {
        QTest::addRow("%s=%s", qPrintable(variable), value)
            << variable << QString::fromLatin1(value) << int(key) << QString::fromLatin1(stored);
    };
    row(QStringLiteral("DATABASE_URL"), "host=db", Key::DatabaseUrl, "host=db");
    row(QStringLiteral("DB_PASSWORD"), "s3cret", Key::DatabasePassword, "s3cret");
    row(QStringLiteral("LLMEMORY_SCHEMA"), "notes", Key::Schema, "notes");
    row(QStringLiteral("LLMEMORY_MAX_CHUNK_SIZE"), "500", Key::MaxChunkSize, "500");
    row(QStringLiteral("LLMEMORY_DATA_DIR"), "/d", Key::DataDirectory, "/d");
    row(QStringLiteral("LLMEMORY_LOG_LEVEL"), "INFO", Key::LogLevel, "info");
    row(QStringLiteral("OPENAI_API_KEY"), "sk-1", Key::OpenAiApiKey, "sk-1");
    row(QStringLiteral("LLMEMORY_OPENAI_API_KEY"), "sk-1", Key::OpenAiApiKey, "sk-1");
    for (const QString &prefix : {QStringLiteral("LLMEMORY_"), QStringLiteral("AWORD_")}) {
        row(prefix + QStringLiteral("EMBEDDING_PROVIDER"),
            "openai",
            Key::EmbeddingProvider,
            "openai");
        row(prefix + QStringLiteral("OPENAI_MODEL"), "m", Key::OpenAiModel, "m");
        row(prefix + QStringLiteral("EMBEDDING_PROVIDERS"),
            "a:openai:m:768",
            Key::EmbeddingProviders,
            "a:openai:m:768");
        row(prefix + QStringLiteral("DB_MAX_POOL_SIZE"), "20", Key::MaxPoolSize, "20");
        row(prefix + QStringLiteral("ENABLE_QUERY_EXPANSION"), "yes", Key::QueryExpansion, "true");
        row(prefix + QStringLiteral("ENABLE_RERANK"), "On", Key::Rerank, "true");
        row(prefix + QStringLiteral("RERANK_TOP_K"), "80", Key::RerankTopK, "80");
        row(prefix + QStringLiteral("RERANK_RETURN_K"), "20", Key::RerankReturnK, "20");
        row(prefix + QStringLiteral("RERANK_PROVIDER"), "lexical", Key::RerankProvider, "lexical");
        row(prefix + QStringLiteral("ENABLE_CHUNK_SUMMARIES"), "1", Key::ChunkSummaries, "true");
        row(prefix + QStringLiteral("HNSW_PROFILE"), "Accurate", Key::HnswProfile, "accurate");
    }
}

void TestSettings::variableDecides()
{
    QFETCH(QString, variable);
    QFETCH(QString, value);
    QFETCH(int, key);
    QFETCH(QString, stored);
    m_environment.insert(variable, value);
    const auto loaded = load();
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->text(Key(key)), stored);
    QCOMPARE(loaded->source(Key(key)), Source::Environment);
    QCOMPARE(loaded->origin(Key(key)), variable);
}

void TestSettings::secretFromFileOfVariable()
{
    const QString path = m_home->filePath(QStringLiteral("key"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("sk-from-file\n") > 0);
    file.close();
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    m_environment.insert(QStringLiteral("OPENAI_API_KEY_FILE"), path);
    auto loaded = load();
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->text(Key::OpenAiApiKey), QStringLiteral("sk-from-file"));
    QCOMPARE(loaded->origin(Key::OpenAiApiKey), QStringLiteral("OPENAI_API_KEY_FILE"));
    QCOMPARE(loaded->shown(Key::OpenAiApiKey), QStringLiteral("***"));
    QCOMPARE(loaded->warnings(), QStringList());

    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ReadOther));
    loaded = load();
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->warnings().size(), 1);
    QVERIFY(loaded->warnings().constFirst().contains(path));

    m_environment.insert(QStringLiteral("OPENAI_API_KEY"), QStringLiteral("sk-direct"));
    QCOMPARE(load()->text(Key::OpenAiApiKey), QStringLiteral("sk-direct"));
}

void TestSettings::wrongFilesOfSecrets_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("exists");
    QTest::newRow("missing") << QByteArray() << false;
    QTest::newRow("empty") << QByteArray("\n") << true;
    QTest::newRow("too large") << QByteArray(70'000, 'x') << true;
    QTest::newRow("two lines") << QByteArray("one\ntwo") << true;
}

void TestSettings::wrongFilesOfSecrets()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, exists);
    const QString path = m_home->filePath(QStringLiteral("password"));
    QFile file(path);
    QVERIFY(!exists || (file.open(QIODevice::WriteOnly) && file.write(content) > 0));
    file.close();
    m_environment.insert(QStringLiteral("DB_PASSWORD_FILE"), path);
    const auto loaded = load();
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().kind, ErrorKind::Configuration);
    QVERIFY2(loaded.error().message.startsWith(QStringLiteral("DB_PASSWORD_FILE: ")),
             qPrintable(loaded.error().message));
}

void TestSettings::pathsInFileAreRelativeToIt()
{
    writeConfig(R"({"data_dir": "data"})");
    QCOMPARE(load()->text(Key::DataDirectory),
             m_home->filePath(QStringLiteral(".config/llmemory/data")));
    writeConfig(R"({"data_dir": "~/data"})");
    QCOMPARE(load()->text(Key::DataDirectory), m_home->filePath(QStringLiteral("data")));
}

void TestSettings::listFromFileAndEnvironment()
{
    writeConfig(R"({"allowed_hosts": ["a.example", "b.example:80"]})");
    QCOMPARE(load()->list(Key::AllowedHosts),
             QStringList({QStringLiteral("a.example"), QStringLiteral("b.example:80")}));
    m_environment.insert(QStringLiteral("LLMEMORY_ALLOWED_HOSTS"),
                         QStringLiteral(" c.example ,, d "));
    QCOMPARE(load()->list(Key::AllowedHosts),
             QStringList({QStringLiteral("c.example"), QStringLiteral("d")}));
}

void TestSettings::wrongValues_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("value");
    QTest::newRow("port too large") << QStringLiteral("LLMEMORY_PORT") << QStringLiteral("65536");
    QTest::newRow("port negative") << QStringLiteral("LLMEMORY_PORT") << QStringLiteral("-1");
    QTest::newRow("port no number") << QStringLiteral("LLMEMORY_PORT") << QStringLiteral("http");
    QTest::newRow("pool too small")
        << QStringLiteral("LLMEMORY_DB_MAX_POOL_SIZE") << QStringLiteral("1");
    QTest::newRow("schema too long") << QStringLiteral("LLMEMORY_SCHEMA") << QString(64, u'a');
    QTest::newRow("schema of the system")
        << QStringLiteral("LLMEMORY_SCHEMA") << QStringLiteral("pg_catalog");
    QTest::newRow("flag") << QStringLiteral("LLMEMORY_ENABLE_RERANK") << QStringLiteral("maybe");
    QTest::newRow("unknown level")
        << QStringLiteral("LLMEMORY_LOG_LEVEL") << QStringLiteral("loud");
}

void TestSettings::wrongValues()
{
    QFETCH(QString, variable);
    QFETCH(QString, value);
    m_environment.insert(variable, value);
    const auto loaded = load();
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().kind, ErrorKind::Configuration);
    QVERIFY2(loaded.error().message.startsWith(variable), qPrintable(loaded.error().message));
}

void TestSettings::formsOfFile_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("groups") << QByteArray(
        R"({"chunking": {"chunk_size": 400}, "database": {"max_pool_size": 9, "url": "host=db"},
            "search": {"rerank": true}, "embedding": {"providers": ["a:openai:m", "b:openai:n"]}})");
    QTest::newRow("dots") << QByteArray(
        R"({"chunking.chunk_size": 400, "database.max_pool_size": 9, "database.url": "host=db",
            "search.rerank": true, "embedding.providers": "a:openai:m,b:openai:n"})");
    QTest::newRow("flat names") << QByteArray(
        R"({"chunking.chunk_size": 400, "db_max_pool_size": 9, "database_url": "host=db",
            "search": {"rerank": true}, "embedding.providers": ["a:openai:m", "b:openai:n"]})");
}

void TestSettings::formsOfFile()
{
    QFETCH(QByteArray, content);
    writeConfig(content);
    const auto loaded = load();
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->integer(Key::ChunkSize), 400);
    QCOMPARE(loaded->integer(Key::MaxPoolSize), 9);
    QCOMPARE(loaded->text(Key::DatabaseUrl), QStringLiteral("host=db"));
    QCOMPARE(loaded->boolean(Key::Rerank), true);
    QCOMPARE(loaded->text(Key::EmbeddingProviders), QStringLiteral("a:openai:m,b:openai:n"));
}

void TestSettings::withoutEffectInFileIsWarnedOf()
{
    const QString path = writeConfig(R"({"search": {"cache_ttl": 60}, "disable_metrics": true})");
    const auto loaded = load();
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->text(Key::SearchCacheTtl), QStringLiteral("60"));
    QCOMPARE(loaded->warnings().size(), 2);
    QVERIFY2(
        loaded->warnings().constFirst().startsWith(path + QStringLiteral(": search.cache_ttl")),
        qPrintable(loaded->warnings().constFirst()));
}

void TestSettings::wrongFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown key") << QByteArray(R"({"prot": 1})") << QStringLiteral("prot");
    QTest::newRow("unknown key of a group")
        << QByteArray(R"({"chunking": {"size": 1}})") << QStringLiteral("chunking.size");
    QTest::newRow("group that is none")
        << QByteArray(R"({"chunking": 400})") << QStringLiteral("chunking");
    QTest::newRow("setting as group")
        << QByteArray(R"({"port": {"x": 1}})") << QStringLiteral("port");
    QTest::newRow("flag as text") << QByteArray(R"({"search": {"rerank": "yes"}})")
                                  << QStringLiteral("search.rerank");
    QTest::newRow("flag as number")
        << QByteArray(R"({"search.rerank": 1})") << QStringLiteral("search.rerank");
    QTest::newRow("out of range in a group")
        << QByteArray(R"({"chunking": {"chunk_size": 5}})") << QStringLiteral("20 to 2,000");
    QTest::newRow("group and dotted")
        << QByteArray(R"({"chunking": {"chunk_size": 400}, "chunking.chunk_size": 400})")
        << QStringLiteral("\"chunk_size\" in \"chunking\" and as \"chunking.chunk_size\"");
    QTest::newRow("name and alias")
        << QByteArray(R"({"schema": "a", "database": {"schema": "b"}})")
        << QStringLiteral("as \"schema\" and as \"schema\" in \"database\"");
    QTest::newRow("name twice") << QByteArray(R"({"port": 1, "port": 2})")
                                << QStringLiteral("\"port\" is given twice");
    QTest::newRow("group twice") << QByteArray(R"({"search": {"rerank": true}, "search": {}})")
                                 << QStringLiteral("\"search\" is given twice");
    QTest::newRow("its own place") << QByteArray(R"({"config": "x"})") << QStringLiteral("config");
    QTest::newRow("no JSON") << QByteArray("port = 1") << QStringLiteral("JSON");
    QTest::newRow("no object") << QByteArray("[1]") << QStringLiteral("object");
    QTest::newRow("number as text") << QByteArray(R"({"port": "1"})") << QStringLiteral("port");
    QTest::newRow("text as number") << QByteArray(R"({"schema": 1})") << QStringLiteral("schema");
    QTest::newRow("huge number") << QByteArray(R"({"port": 99999999999999999})")
                                 << QStringLiteral("port");
    QTest::newRow("out of range") << QByteArray(R"({"port": 70000})") << QStringLiteral("port");
    QTest::newRow("list of numbers")
        << QByteArray(R"({"allowed_hosts": [1]})") << QStringLiteral("allowed_hosts");
    QTest::newRow("too large") << QByteArray(70'000, ' ') << QStringLiteral("large");
}

void TestSettings::wrongFiles()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, named);
    const QString path = writeConfig(content);
    const auto loaded = load();
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().kind, ErrorKind::Configuration);
    QVERIFY2(loaded.error().message.contains(path), qPrintable(loaded.error().message));
    QVERIFY2(loaded.error().message.contains(named), qPrintable(loaded.error().message));
}

void TestSettings::fileThatWasAskedForMustExist()
{
    const QString missing = m_home->filePath(QStringLiteral("missing.json"));
    m_environment.insert(QStringLiteral("LLMEMORY_CONFIG"), missing);
    const auto loaded = load();
    QVERIFY(!loaded);
    QVERIFY(loaded.error().message.contains(missing));
}

void TestSettings::wrongCommandLineIsWrongUsage()
{
    const auto loaded = load({{Key::Port, QStringLiteral("many")}});
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().kind, ErrorKind::Validation);
    QCOMPARE(loaded.error().field, QStringLiteral("port"));
    QVERIFY(loaded.error().message.startsWith(QStringLiteral("--port")));
}

void TestSettings::secretsAreMasked_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("shown");
    QTest::newRow("url")
        << QStringLiteral("postgresql://ann:s3cret@db.example:5432/notes?sslmode=require")
        << QStringLiteral("postgresql://ann:***@db.example:5432/notes?sslmode=require");
    QTest::newRow("url without password") << QStringLiteral("postgresql://ann@db/notes")
                                          << QStringLiteral("postgresql://ann@db/notes");
    QTest::newRow("unescaped signs") << QStringLiteral("postgresql://ann:p@s/s3cret@db/notes")
                                     << QStringLiteral("postgresql://ann:***@db/notes");
    QTest::newRow("password as parameter")
        << QStringLiteral("postgresql://db/notes?user=ann&password=s3cret&sslpassword=s3cret")
        << QStringLiteral("postgresql://db/notes?user=ann&password=***&sslpassword=***");
    QTest::newRow("keywords") << QStringLiteral("host=db password=s3cret user=ann")
                              << QStringLiteral("host=db password=*** user=ann");
    QTest::newRow("quoted keyword") << QStringLiteral("host=db password = 's3 \\' cret' user=ann")
                                    << QStringLiteral("host=db password = *** user=ann");
}

void TestSettings::secretsAreMasked()
{
    QFETCH(QString, url);
    QFETCH(QString, shown);
    QCOMPARE(settings::maskedConnectionString(url), shown);
    const auto loaded = load({{Key::DatabaseUrl, url}});
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->shown(Key::DatabaseUrl), shown);
    QCOMPARE(loaded->text(Key::DatabaseUrl), url);
}

void TestSettings::secretIsNotInRefusal()
{
    m_environment.insert(QStringLiteral("OPENAI_API_KEY"), QStringLiteral("s3cret\nX-Header: 1"));
    const auto loaded = load();
    QVERIFY(!loaded);
    QVERIFY2(!loaded.error().message.contains(QStringLiteral("s3cret")),
             qPrintable(loaded.error().message));
    QCOMPARE(loaded.error().field, QStringLiteral("embedding.openai_api_key"));
}

void TestSettings::withoutEffectIsWarnedOf_data()
{
    QTest::addColumn<QString>("variable");
    for (const char *name : {"LLMEMORY_LOCAL_MODEL",
                             "AWORD_LOCAL_DEVICE",
                             "LLMEMORY_LOCAL_CACHE_DIR",
                             "TRANSFORMERS_CACHE",
                             "LLMEMORY_SEARCH_CACHE_TTL",
                             "LLMEMORY_DISABLE_METRICS",
                             "LLMEMORY_RERANK_MODEL",
                             "LLMEMORY_RERANK_DEVICE",
                             "AWORD_RERANK_BATCH_SIZE",
                             "DB_DEBUG",
                             "MIGRATION_DEBUG"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestSettings::withoutEffectIsWarnedOf()
{
    QFETCH(QString, variable);
    QVERIFY(load()->warnings().isEmpty());
    m_environment.insert(variable, QStringLiteral("whatever"));
    const auto loaded = load();
    VERIFY_RESULT(loaded);
    QCOMPARE(loaded->warnings().size(), 1);
    QVERIFY2(
        loaded->warnings().constFirst().startsWith(variable + QStringLiteral(" has no effect.")),
        qPrintable(loaded->warnings().constFirst()));
}

void TestSettings::openFileWithSecretIsWarnedOf_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("permissions");
    QTest::addColumn<QString>("secret");
    constexpr int own = int(QFile::ReadOwner) | int(QFile::WriteOwner);
    constexpr int group = own | int(QFile::ReadGroup);
    constexpr int others = own | int(QFile::ReadOther);
    const QString key = QStringLiteral("embedding.openai_api_key");
    const QByteArray withKey = R"({"embedding": {"openai_api_key": "s3cret"}})";
    QTest::newRow("own") << withKey << own << QString();
    QTest::newRow("group") << withKey << group << key;
    QTest::newRow("others") << withKey << others << key;
    QTest::newRow("password") << QByteArray(R"({"database.password": "s3cret"})") << others
                              << QStringLiteral("database.password");
    QTest::newRow("password in the URL")
        << QByteArray(R"({"database_url": "postgresql://ann:s3cret@db/notes"})") << others
        << QStringLiteral("database_url");
    QTest::newRow("URL without password")
        << QByteArray(R"({"database_url": "postgresql://ann@db/notes"})") << others << QString();
    QTest::newRow("no secret") << QByteArray(R"({"port": 1})") << others << QString();
}

void TestSettings::openFileWithSecretIsWarnedOf()
{
    QFETCH(QByteArray, content);
    QFETCH(int, permissions);
    QFETCH(QString, secret);
    const QString path = writeConfig(content);
    QVERIFY(QFile::setPermissions(path, QFile::Permissions(permissions)));
    const auto loaded = load();
    VERIFY_RESULT(loaded);
    const QString warnings = loaded->warnings().join(u'\n');
    QCOMPARE(warnings.isEmpty(), secret.isEmpty());
    QVERIFY2(secret.isEmpty() || (warnings.contains(path) && warnings.contains(secret)),
             qPrintable(warnings));
    QVERIFY(!warnings.contains(QStringLiteral("s3cret")));
}

void TestSettings::fileDoesNotCountForWhoWritesIt()
{
    writeConfig("port = 1");
    QVERIFY(!load());
    VERIFY_RESULT(Settings::load({}, m_environment, settings::UseFile::No));
}

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
