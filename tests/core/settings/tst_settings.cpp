#include "core/settings/settings.h"
#include "tests/support/verify_result.h"

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
    void aliasOfVariable();
    void pathsInFileAreRelativeToIt();
    void listFromFileAndEnvironment();
    void wrongValues_data();
    void wrongValues();
    void wrongFiles_data();
    void wrongFiles();
    void fileThatWasAskedForMustExist();
    void wrongCommandLineIsWrongUsage();
    void secretsAreMasked_data();
    void secretsAreMasked();
    void everySettingIsDescribed();

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
    QTest::newRow("schema upper case")
        << QStringLiteral("LLMEMORY_SCHEMA") << QStringLiteral("Notes");
    QTest::newRow("schema line break")
        << QStringLiteral("LLMEMORY_SCHEMA") << QStringLiteral("notes\n");
    QTest::newRow("schema injection")
        << QStringLiteral("LLMEMORY_SCHEMA") << QStringLiteral("a\"; DROP SCHEMA public; --");
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

void TestSettings::wrongFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown key") << QByteArray(R"({"prot": 1})") << QStringLiteral("prot");
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

void TestSettings::everySettingIsDescribed()
{
    QStringList names;
    for (const settings::Definition &row : settings::definitions()) {
        QVERIFY2(!settings::describe(row).isEmpty(), qPrintable(row.name));
        QVERIFY2(!names.contains(row.name), qPrintable(row.name));
        QCOMPARE(settings::definition(row.key).name, row.name);
        names += row.name;
    }
}

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
