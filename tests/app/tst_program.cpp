#include "core/base/json.h"
#include "core/base/version.h"
#include "tests/support/test_database.h"
#include "tests/support/verify_result.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

using namespace llmemory;

namespace {

constexpr int kPatienceMs = 60'000;

/// What a run of the program left behind.
struct Run
{
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;

    /// The lines of output, each a JSON object.
    QList<Json> json() const
    {
        QList<Json> values;
        for (const QByteArray &line : output.split('\n')) {
            if (!line.isEmpty())
                values += parseJson(line, QStringLiteral("output")).value_or(Json());
        }
        return values;
    }
    QByteArray all() const { return output + errors; }
};

QByteArray onePagePdf()
{
    // Without a table of positions: readers rebuild it.
    const QByteArray stream = "BT /F1 12 Tf 72 700 Td (The heron waits beside the weir.) Tj ET";
    return "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
           "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
           "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
           "/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
           "4 0 obj<</Length " +
           QByteArray::number(stream.size()) + ">>stream\n" + stream +
           "\nendstream endobj\n"
           "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
           "trailer<</Root 1 0 R>>\n%%EOF\n";
}

} // namespace

/// The real program, started as a user starts it, against a real server.
class TestProgram : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void versionAndHelp();
    void wrongUsage_data();
    void wrongUsage();
    void wrongSettings();
    void databaseNotReachable();
    void configShowMasksSecrets();
    void ingestThenSearch();
    void unchangedFilesAreLeftAlone();
    void dryRunStoresNothing();
    void searchForPeople();
    void ownersFromAddToDelete();
    void documentsFromListToDelete();
    void otherTenantsDocumentIsNotFound();
    void migrateTellsWhatIsDone();
    void doctorSpeaksJson();
    void interruptedIngestKeepsWhatIsStored();
    void serveAnswersAndStopsCleanly_data();
    void serveAnswersAndStopsCleanly();
    void serveRefusesExposure();
    void withoutDisplayItServes();
    void filesAreForTheUserAlone();

private:
    QStringList withDatabase(const QStringList &arguments) const;
    void prepare(QProcess &process, const QStringList &arguments) const;
    Run run(const QStringList &arguments) const;
    void write(const QString &name, const QByteArray &content) const;
    QString folder() const { return m_directory->filePath(QStringLiteral("files")); }
    void ingestFolder(const QString &owner) const;
    Json readyLine(QProcess &process) const;

    QString m_program;
    std::unique_ptr<testing::TestDatabase> m_database;
    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestProgram::initTestCase()
{
    m_program = qEnvironmentVariable("LLMEMORY_EXECUTABLE");
    if (m_program.isEmpty())
        QSKIP("LLMEMORY_EXECUTABLE is not set; run the test with ctest");
    m_database = std::make_unique<testing::TestDatabase>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
}

void TestProgram::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(m_directory->isValid());
    QVERIFY(QDir().mkpath(folder() + QStringLiteral("/sub")));
}

QStringList TestProgram::withDatabase(const QStringList &arguments) const
{
    return QStringList{QStringLiteral("--database-url"),
                       m_database->connectionString(),
                       QStringLiteral("--schema"),
                       m_database->schema(),
                       QStringLiteral("--data-dir"),
                       m_directory->filePath(QStringLiteral("data"))} +
           arguments;
}

void TestProgram::prepare(QProcess &process, const QStringList &arguments) const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        environment.remove(QLatin1String(name));
    process.setProcessEnvironment(environment);
    process.setProgram(m_program);
    process.setArguments(arguments);
}

Run TestProgram::run(const QStringList &arguments) const
{
    QProcess process;
    prepare(process, arguments);
    process.start();
    Run run;
    if (!process.waitForFinished(kPatienceMs)) {
        process.kill();
        process.waitForFinished();
    } else if (process.exitStatus() == QProcess::NormalExit) {
        run.exitCode = process.exitCode();
    }
    run.output = process.readAllStandardOutput();
    run.errors = process.readAllStandardError();
    return run;
}

void TestProgram::write(const QString &name, const QByteArray &content) const
{
    QFile file(folder() + u'/' + name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

void TestProgram::ingestFolder(const QString &owner) const
{
    write(QStringLiteral("bird.txt"), "A kingfisher dives from the willow branch into the clear brook.\n");
    write(QStringLiteral("heron.pdf"), onePagePdf());
    const Run ingest = run(withDatabase({QStringLiteral("ingest"), QStringLiteral("--owner"), owner, folder()}));
    QVERIFY2(ingest.exitCode == 0, ingest.all().constData());
}

/// The first line of output, as soon as it is there.
Json TestProgram::readyLine(QProcess &process) const
{
    QElapsedTimer clock;
    clock.start();
    while (!process.canReadLine() && process.state() != QProcess::NotRunning && clock.elapsed() < kPatienceMs)
        process.waitForReadyRead(100);
    return parseJson(process.readLine(), QStringLiteral("output")).value_or(Json());
}

void TestProgram::versionAndHelp()
{
    const Run version = run({QStringLiteral("--version")});
    QCOMPARE(version.exitCode, 0);
    QCOMPARE(version.output, QByteArray("llmemory ") + kVersion + '\n');
    const Run help = run({QStringLiteral("search"), QStringLiteral("--help")});
    QCOMPARE(help.exitCode, 0);
    QVERIFY(help.output.contains("--owner"));
    QVERIFY(help.errors.isEmpty());
}

void TestProgram::wrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("unknown option") << QStringList{QStringLiteral("search"), QStringLiteral("--nonsense")}
                                    << QByteArray("Usage: llmemory search");
    QTest::newRow("unknown command") << QStringList{QStringLiteral("tokens")} << QByteArray("Commands:");
    QTest::newRow("missing owner") << QStringList{QStringLiteral("ingest"), QStringLiteral("/tmp")}
                                   << QByteArray("--owner");
    QTest::newRow("wrong port") << QStringList{QStringLiteral("serve"), QStringLiteral("--port=http")}
                                << QByteArray("--port");
}

void TestProgram::wrongUsage()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, told);
    const Run wrong = run(arguments);
    QCOMPARE(wrong.exitCode, 2);
    QVERIFY(wrong.output.isEmpty());
    QVERIFY2(wrong.errors.contains(told), wrong.errors.constData());
}

void TestProgram::wrongSettings()
{
    const QString config = m_directory->filePath(QStringLiteral("config.json"));
    QFile file(config);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(R"({"colour": "red"})") > 0);
    file.close();
    const Run wrong = run({QStringLiteral("--config"), config, QStringLiteral("config"), QStringLiteral("show")});
    QCOMPARE(wrong.exitCode, 1);
    QVERIFY2(wrong.errors.contains("colour"), wrong.errors.constData());
}

void TestProgram::databaseNotReachable()
{
    const Run search = run({QStringLiteral("--database-url"),
                            QStringLiteral("host=/nonexistent dbname=x user=y password=s3cret"),
                            QStringLiteral("search"),
                            QStringLiteral("--owner=o"),
                            QStringLiteral("word")});
    QCOMPARE(search.exitCode, 3);
    QVERIFY(search.output.isEmpty());
    QVERIFY(!search.errors.contains("s3cret"));
}

void TestProgram::configShowMasksSecrets()
{
    const Run shown = run({QStringLiteral("--database-url"),
                           QStringLiteral("postgresql://ann:s3cret@db/notes"),
                           QStringLiteral("config"),
                           QStringLiteral("show"),
                           QStringLiteral("--json")});
    QCOMPARE(shown.exitCode, 0);
    QVERIFY(!shown.all().contains("s3cret"));
    const Json first = shown.json().value(0);
    QVERIFY(first.at("name") == "database_url");
    QVERIFY(first.at("value") == "postgresql://ann:***@db/notes");
    QVERIFY(first.at("source") == "command line");
}

void TestProgram::ingestThenSearch()
{
    write(QStringLiteral("bird.txt"), "A kingfisher dives from the willow branch into the clear brook.\n");
    write(QStringLiteral("sub/notes.md"), "# Rivers\n\nThe otter sleeps under the old bridge.\n");
    write(QStringLiteral("heron.pdf"), onePagePdf());
    write(QStringLiteral("broken.pdf"), "%PDF-1.4\nnothing of a document\n");
    write(QStringLiteral("skipped.log"), "left out\n");
    const Run ingest = run(withDatabase({QStringLiteral("ingest"),
                                         QStringLiteral("--owner=birds"),
                                         QStringLiteral("--exclude=*.log"),
                                         QStringLiteral("--json"),
                                         folder()}));
    QVERIFY2(ingest.exitCode == 1, ingest.all().constData()); // one file is broken, the others stay

    QList<Json> lines = ingest.json();
    QCOMPARE(lines.size(), 5);
    const Json summary = lines.takeLast().at("summary");
    QVERIFY2(summary.at("total") == 4 && summary.at("added") == 3 && summary.at("failed") == 1,
             toUtf8(summary).constData());
    QVERIFY(summary.at("embeddings_pending") == 0);
    for (const Json &line : lines) {
        const QString path = toQString(line.at("path"));
        const bool isBroken = path.endsWith(QStringLiteral("broken.pdf"));
        QCOMPARE(toQString(line.at("status")), isBroken ? QStringLiteral("failed") : QStringLiteral("added"));
        QCOMPARE(line.at("document_id").is_null(), isBroken);
        QCOMPARE(line.at("error").is_null(), !isBroken);
    }

    for (const QString &mode : {QStringLiteral("hybrid"), QStringLiteral("text")}) {
        const Run search = run(withDatabase({QStringLiteral("search"),
                                             QStringLiteral("--owner=birds"),
                                             QStringLiteral("--json"),
                                             QStringLiteral("--mode"),
                                             mode,
                                             QStringLiteral("heron beside weir")}));
        QVERIFY2(search.exitCode == 0, search.all().constData());
        QCOMPARE(search.json().size(), 1);
        const Json best = search.json().constFirst().at("results").at(0);
        QVERIFY2(toQString(best.at("document_name")).contains(QStringLiteral("heron")), toUtf8(best).constData());
        QVERIFY(best.at("locator").at("page") == 1);
        QVERIFY(best.at("rank") == 1);
    }
}

void TestProgram::unchangedFilesAreLeftAlone()
{
    ingestFolder(QStringLiteral("twice"));
    const Run again = run(withDatabase(
        {QStringLiteral("ingest"), QStringLiteral("--owner=twice"), QStringLiteral("--json"), folder()}));
    QVERIFY2(again.exitCode == 0, again.all().constData());
    QVERIFY(again.json().constLast().at("summary").at("unchanged") == 2);

    write(QStringLiteral("bird.txt"), "A dipper walks along the bottom of the brook.\n");
    const Run changed = run(withDatabase(
        {QStringLiteral("ingest"), QStringLiteral("--owner=twice"), QStringLiteral("--json"), folder()}));
    QVERIFY(changed.json().constLast().at("summary").at("updated") == 1);
}

void TestProgram::dryRunStoresNothing()
{
    write(QStringLiteral("bird.txt"), "A wren sings.\n");
    const Run plan = run(withDatabase({QStringLiteral("ingest"),
                                       QStringLiteral("--owner=dry"),
                                       QStringLiteral("--dry-run"),
                                       QStringLiteral("--json"),
                                       folder()}));
    QVERIFY2(plan.exitCode == 0, plan.all().constData());
    QVERIFY(plan.json().constLast().at("summary").at("total") == 1);
    const Run owners = run(withDatabase({QStringLiteral("owners"), QStringLiteral("list"), QStringLiteral("--json")}));
    QVERIFY(!owners.output.contains("\"dry\""));
}

void TestProgram::searchForPeople()
{
    ingestFolder(QStringLiteral("people"));
    const Run found = run(withDatabase(
        {QStringLiteral("search"), QStringLiteral("--owner=people"), QStringLiteral("heron"), QStringLiteral("weir")}));
    QCOMPARE(found.exitCode, 0);
    QVERIFY2(found.output.contains("p. 1"), found.output.constData());
    QVERIFY(found.output.contains("The heron waits beside the weir."));
    QVERIFY(!found.output.contains('\x1b')); // no terminal, no colours

    const Run nothing = run(withDatabase({QStringLiteral("search"),
                                          QStringLiteral("--owner=people"),
                                          QStringLiteral("--mode=text"),
                                          QStringLiteral("xylophone")}));
    QCOMPARE(nothing.exitCode, 0);
    QVERIFY(nothing.output.isEmpty());
    QVERIFY(nothing.errors.contains("xylophone"));
}

void TestProgram::ownersFromAddToDelete()
{
    const QString owners = QStringLiteral("owners");
    const Run added = run(withDatabase(
        {owners, QStringLiteral("add"), QStringLiteral("acme"), QStringLiteral("Acme Ltd"), QStringLiteral("--json")}));
    QVERIFY2(added.exitCode == 0, added.all().constData());
    QVERIFY(added.json().constFirst().at("owner_id") == "acme");
    QCOMPARE(run(withDatabase({owners, QStringLiteral("add"), QStringLiteral("acme")})).exitCode, 1);

    QCOMPARE(
        run(withDatabase({owners, QStringLiteral("rename"), QStringLiteral("acme"), QStringLiteral("Acme & Co")}))
            .exitCode,
        0);
    const Run list = run(withDatabase({owners, QStringLiteral("list")}));
    QVERIFY2(list.output.contains("Acme & Co"), list.output.constData());

    // Nobody is there to type the id.
    QCOMPARE(run(withDatabase({owners, QStringLiteral("delete"), QStringLiteral("acme")})).exitCode, 2);
    QCOMPARE(run(withDatabase({owners, QStringLiteral("show"), QStringLiteral("acme")})).exitCode, 0);
    QCOMPARE(
        run(withDatabase({owners, QStringLiteral("delete"), QStringLiteral("acme"), QStringLiteral("--yes")})).exitCode,
        0);
    QCOMPARE(run(withDatabase({owners, QStringLiteral("show"), QStringLiteral("acme")})).exitCode, 1);
}

void TestProgram::documentsFromListToDelete()
{
    ingestFolder(QStringLiteral("docs"));
    const QStringList list{QStringLiteral("documents"),
                           QStringLiteral("list"),
                           QStringLiteral("--owner=docs"),
                           QStringLiteral("--type=pdf"),
                           QStringLiteral("--json")};
    const Run listed = run(withDatabase(list));
    QVERIFY2(listed.exitCode == 0, listed.all().constData());
    const Json page = listed.json().constFirst();
    QVERIFY(page.at("total") == 1);
    const QString id = toQString(page.at("documents").at(0).at("document_id"));

    const Run shown = run(withDatabase({QStringLiteral("documents"),
                                        QStringLiteral("show"),
                                        QStringLiteral("--owner=docs"),
                                        QStringLiteral("--content"),
                                        id}));
    QVERIFY2(shown.output.contains("heron waits"), shown.all().constData());
    const QStringList remove{
        QStringLiteral("documents"), QStringLiteral("delete"), QStringLiteral("--owner=docs"), id};
    QCOMPARE(run(withDatabase(remove)).exitCode, 0);
    QCOMPARE(run(withDatabase(remove)).exitCode, 1); // it is gone already
    QVERIFY(run(withDatabase(list)).json().constFirst().at("total") == 0);
}

void TestProgram::otherTenantsDocumentIsNotFound()
{
    ingestFolder(QStringLiteral("mine"));
    const Run listed = run(withDatabase(
        {QStringLiteral("documents"), QStringLiteral("list"), QStringLiteral("--owner=mine"), QStringLiteral("--json")}));
    const QString id = toQString(listed.json().constFirst().at("documents").at(0).at("document_id"));
    const auto show = [&](const QString &owner, const QString &document) {
        return run(withDatabase({QStringLiteral("documents"),
                                 QStringLiteral("show"),
                                 QStringLiteral("--owner"),
                                 owner,
                                 document}));
    };
    const Run foreign = show(QStringLiteral("yours"), id);
    const Run missing = show(QStringLiteral("yours"), QStringLiteral("6a1f7c9e-2b3d-4e5f-8a9b-0c1d2e3f4a5b"));
    QCOMPARE(foreign.exitCode, 1);
    QCOMPARE(missing.exitCode, 1);
    QByteArray told = foreign.errors;
    QCOMPARE(told.replace(id.toUtf8(), "6a1f7c9e-2b3d-4e5f-8a9b-0c1d2e3f4a5b"), missing.errors);
}

void TestProgram::migrateTellsWhatIsDone()
{
    const Run status = run(withDatabase({QStringLiteral("migrate"), QStringLiteral("status"), QStringLiteral("--json")}));
    QVERIFY2(status.exitCode == 0, status.all().constData());
    QVERIFY(status.json().constFirst().at("migration") == "0001_schema.sql");
    QVERIFY(status.json().constFirst().at("applied") == true);
    QVERIFY(status.json().constLast().at("summary").at("pending") == 0);
    const Run apply = run(withDatabase({QStringLiteral("migrate"), QStringLiteral("apply"), QStringLiteral("--json")}));
    QVERIFY(apply.json().constFirst().at("applied") == 0);
}

void TestProgram::doctorSpeaksJson()
{
    const Run doctor = run(withDatabase({QStringLiteral("doctor"), QStringLiteral("--json")}));
    QVERIFY2(doctor.exitCode == 0, doctor.all().constData());
    QList<Json> lines = doctor.json();
    QVERIFY(lines.takeLast().at("summary").at("failed") == 0);
    QVERIFY(lines.size() >= 8);
    for (const Json &line : lines)
        QVERIFY2(line.contains("id") && line.contains("message"), toUtf8(line).constData());
}

void TestProgram::interruptedIngestKeepsWhatIsStored()
{
    constexpr int kFiles = 300;
    for (int i = 0; i < kFiles; ++i)
        write(QStringLiteral("file%1.txt").arg(i), "Sentence number " + QByteArray::number(i) + " about geese.\n");
    QProcess process;
    prepare(process,
            withDatabase(
                {QStringLiteral("ingest"), QStringLiteral("--owner=geese"), QStringLiteral("--json"), folder()}));
    process.start();
    QVERIFY(toQString(readyLine(process).at("status")) == QLatin1String("added"));
    ::kill(pid_t(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(kPatienceMs));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);

    const Run rest{.exitCode = 130, .output = process.readAllStandardOutput(), .errors = {}};
    const Json summary = rest.json().constLast().at("summary");
    const qint64 added = summary.at("added").get<qint64>();
    QVERIFY2(added >= 1 && added < kFiles, toUtf8(summary).constData());
    QVERIFY2(summary.at("cancelled") == kFiles - added, toUtf8(summary).constData());
    const Run owner = run(withDatabase(
        {QStringLiteral("owners"), QStringLiteral("show"), QStringLiteral("geese"), QStringLiteral("--json")}));
    QVERIFY2(owner.json().constFirst().at("document_count") == added, owner.output.constData());
}

void TestProgram::serveAnswersAndStopsCleanly_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void TestProgram::serveAnswersAndStopsCleanly()
{
    QFETCH(int, signal);
    QProcess process;
    prepare(process, withDatabase({QStringLiteral("serve"), QStringLiteral("--port"), QStringLiteral("0")}));
    process.start();
    const Json ready = readyLine(process);
    QVERIFY2(ready.contains("url"), process.readAllStandardError().constData());
    QFile tokenFile(toQString(ready.at("token_file")));
    QVERIFY(tokenFile.open(QIODevice::ReadOnly));
    const QByteArray token = tokenFile.readAll().trimmed();
    QVERIFY(token.startsWith("llm_"));
    QCOMPARE(tokenFile.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());

    const auto statusOf = [&](const QString &path, const QByteArray &authorization) {
        QNetworkAccessManager client;
        QNetworkRequest request(QUrl(toQString(ready.at("url")) + path));
        if (!authorization.isEmpty())
            request.setRawHeader("Authorization", authorization);
        std::unique_ptr<QNetworkReply> reply(client.get(request));
        QTest::qWaitFor([&] { return reply->isFinished(); }, kPatienceMs);
        return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    };
    QCOMPARE(statusOf(QStringLiteral("/healthz"), {}), 200);
    QCOMPARE(statusOf(QStringLiteral("/v1/owners"), {}), 401);
    QCOMPARE(statusOf(QStringLiteral("/v1/owners"), "Bearer " + token), 200);

    ::kill(pid_t(process.processId()), signal);
    QVERIFY(process.waitForFinished(kPatienceMs));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    QVERIFY2(!process.readAllStandardError().contains(token), "the token was logged");
}

void TestProgram::serveRefusesExposure()
{
    const Run open = run(
        withDatabase({QStringLiteral("serve"), QStringLiteral("--listen=0.0.0.0"), QStringLiteral("--no-auth")}));
    QCOMPARE(open.exitCode, 2);
    const Run defaultToken = run(withDatabase({QStringLiteral("serve"), QStringLiteral("--listen=0.0.0.0")}));
    QCOMPARE(defaultToken.exitCode, 2);
    QVERIFY(defaultToken.errors.contains("--token-file"));
}

void TestProgram::withoutDisplayItServes()
{
    QProcess process;
    prepare(process, withDatabase({}));
    QProcessEnvironment environment = process.processEnvironment();
    environment.insert(QStringLiteral("LLMEMORY_PORT"), QStringLiteral("0"));
    process.setProcessEnvironment(environment);
    process.start();
    QVERIFY(readyLine(process).contains("url"));
    QVERIFY(process.readAllStandardError().contains("serve"));
    ::kill(pid_t(process.processId()), SIGTERM);
    QVERIFY(process.waitForFinished(kPatienceMs));
    QCOMPARE(process.exitCode(), 0);
}

void TestProgram::filesAreForTheUserAlone()
{
    const QString token = m_directory->filePath(QStringLiteral("tokens/token"));
    QProcess process;
    prepare(process,
            withDatabase({QStringLiteral("serve"), QStringLiteral("--port=0"), QStringLiteral("--token-file"), token}));
    process.start();
    QVERIFY(readyLine(process).contains("url"));
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                        QFile::WriteOther | QFile::ExeOther;
    QCOMPARE(QFile::permissions(token) & others, QFile::Permissions());
    QCOMPARE(QFile::permissions(QFileInfo(token).path()) & others, QFile::Permissions());
    ::kill(pid_t(process.processId()), SIGTERM);
    QVERIFY(process.waitForFinished(kPatienceMs));
}

QTEST_GUILESS_MAIN(TestProgram)
#include "tst_program.moc"
