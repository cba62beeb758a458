#include "core/settings/config_file_writer.h"
#include "core/testing/verify_result.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace llmemory;
using settings::Key;

/// Writing single settings into a file that people keep.
class TestConfigFileWriter : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void written_data();
    void written();
    void makesFileAndDirectory();
    void fileIsForItsOwnerOnly();
    void linkStays();
    void refused_data();
    void refused();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("config.json")); }
    void write(const QByteArray &content) const;
    static QByteArray read(const QString &path);

    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestConfigFileWriter::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(m_directory->isValid());
}

void TestConfigFileWriter::write(const QByteArray &content) const
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
}

/// The content without line breaks and indentation.
QByteArray TestConfigFileWriter::read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().simplified() : QByteArray("unreadable");
}

void TestConfigFileWriter::written_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<int>("key");
    QTest::addColumn<QString>("text"); // null: taken out
    QTest::addColumn<QByteArray>("after");
    const auto row =
        [](const char *name, const char *before, Key key, const char *text, const char *after) {
            QTest::newRow(name) << QByteArray(before) << int(key)
                                << (text ? QString::fromUtf8(text) : QString())
                                << QByteArray(after);
        };
    row("number", "{}", Key::Port, "1", R"({ "port": 1 })");
    row("text", "{}", Key::Schema, "a\"ö", R"({ "schema": "a\"ö" })");
    row("flag", "{}", Key::Rerank, "true", R"({ "search": { "rerank": true } })");
    row("decimal", "{}", Key::Bm25B, "0.4", R"({ "search": { "bm25_b": 0.4 } })");
    row("list", "{}", Key::AllowedHosts, "a,b", R"({ "allowed_hosts": [ "a", "b" ] })");
    row("order stays",
        R"({"schema": "s", "port": 1, "data_dir": "/d"})",
        Key::Port,
        "2",
        R"({ "schema": "s", "port": 2, "data_dir": "/d" })");
    row("into its group",
        R"({"chunking": {"summaries": true}})",
        Key::ChunkSize,
        "400",
        R"({ "chunking": { "summaries": true, "chunk_size": 400 } })");
    row("dotted stays dotted",
        R"({"chunking.chunk_size": 300})",
        Key::ChunkSize,
        "400",
        R"({ "chunking.chunk_size": 400 })");
    row("alias stays",
        R"({"db_max_pool_size": 9})",
        Key::MaxPoolSize,
        "10",
        R"({ "db_max_pool_size": 10 })");
    row("alias in a group stays",
        R"({"database": {"schema": "a"}})",
        Key::Schema,
        "b",
        R"({ "database": { "schema": "b" } })");
    row("out", R"({"port": 1, "schema": "s"})", Key::Port, nullptr, R"({ "schema": "s" })");
    row("out of its group",
        R"({"chunking": {"summaries": true, "chunk_size": 400}})",
        Key::ChunkSize,
        nullptr,
        R"({ "chunking": { "summaries": true } })");
    row("out with its group",
        R"({"chunking": {"chunk_size": 400}})",
        Key::ChunkSize,
        nullptr,
        "{}");
    row("out under its alias",
        R"({"database": {"schema": "a"}, "port": 1})",
        Key::Schema,
        nullptr,
        R"({ "port": 1 })");
    row("out, but not in", R"({"port": 1})", Key::Schema, nullptr, R"({ "port": 1 })");
    row("others may be wrong", R"({"prot": 1})", Key::Port, "1", R"({ "prot": 1, "port": 1 })");
}

void TestConfigFileWriter::written()
{
    QFETCH(QByteArray, before);
    QFETCH(int, key);
    QFETCH(QString, text);
    QFETCH(QByteArray, after);
    write(before);
    VERIFY_RESULT(settings::writeConfigFile(path(),
                                            settings::definition(Key(key)),
                                            text.isNull() ? std::nullopt : std::optional(text)));
    QCOMPARE(read(path()), after);
}

void TestConfigFileWriter::makesFileAndDirectory()
{
    const QString path = m_directory->filePath(QStringLiteral("new/deeper/config.json"));
    VERIFY_RESULT(
        settings::writeConfigFile(path, settings::definition(Key::Port), QStringLiteral("1")));
    QCOMPARE(read(path), QByteArray(R"({ "port": 1 })"));
}

void TestConfigFileWriter::fileIsForItsOwnerOnly()
{
    write("{}");
    QVERIFY(QFile::setPermissions(path(), QFile::ReadOwner | QFile::ReadOther));
    VERIFY_RESULT(settings::writeConfigFile(
        path(), settings::definition(Key::DatabasePassword), QStringLiteral("s3cret")));
    const QFile::Permissions others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QCOMPARE(QFileInfo(path()).permissions() & others, QFile::Permissions());
}

void TestConfigFileWriter::linkStays()
{
    write("{}");
    const QString link = m_directory->filePath(QStringLiteral("link.json"));
    QVERIFY(QFile::link(path(), link));
    VERIFY_RESULT(
        settings::writeConfigFile(link, settings::definition(Key::Port), QStringLiteral("1")));
    QVERIFY(QFileInfo(link).isSymLink());
    QCOMPARE(read(path()), QByteArray(R"({ "port": 1 })"));
}

void TestConfigFileWriter::refused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("no JSON") << QByteArray("port = 1");
    QTest::newRow("no object") << QByteArray("[]");
    QTest::newRow("a name twice") << QByteArray(R"({"schema": "a", "schema": "b"})");
    QTest::newRow("group is none") << QByteArray(R"({"chunking": 400})");
}

void TestConfigFileWriter::refused()
{
    QFETCH(QByteArray, content);
    write(content);
    const auto written = settings::writeConfigFile(
        path(), settings::definition(Key::ChunkSize), QStringLiteral("400"));
    QVERIFY(!written);
    QCOMPARE(written.error().kind, ErrorKind::Configuration);
    QVERIFY(written.error().message.contains(path()));
    QCOMPARE(read(path()), content.simplified()); // as it was
}

QTEST_GUILESS_MAIN(TestConfigFileWriter)
#include "tst_config_file_writer.moc"
