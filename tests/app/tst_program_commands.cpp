#include "core/base/version.h"
#include "tests/app/program_fixture.h"

#include <QFile>
#include <QTest>

using namespace llmemory;
using namespace llmemory::testing;

/// The commands of the real program, as a user gives them.
class TestProgramCommands : public QObject
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
    void configShowTellsWhatHasNoEffect();
    void configShowFitsATerminal();
    void configSet_data();
    void configSet();
    void configSetMendsTheFile();
    void configSetTakesSecretsFromInput();
    void searchForPeople();
    void searchInTheQueryLanguage();
    void historyFromSearchToClear();
    void searchesFromSaveToDelete();
    void ownersFromAddToDelete();
    void documentsFromListToDelete();
    void otherTenantsDocumentIsNotFound();
    void migrateTellsWhatIsDone();
    void migratePlanShowsTheStatements();
    void doctorSpeaksJson();

private:
    std::unique_ptr<ProgramFixture> m_program;
};

void TestProgramCommands::initTestCase()
{
    m_program = std::make_unique<ProgramFixture>();
    if (!m_program->reason().isEmpty())
        QSKIP(qPrintable(m_program->reason()));
}

void TestProgramCommands::init()
{
    QVERIFY(m_program->clear());
}

void TestProgramCommands::versionAndHelp()
{
    const ProgramRun version = m_program->run({QStringLiteral("--version")});
    QCOMPARE(version.exitCode, 0);
    QCOMPARE(version.output, QByteArray("llmemory ") + kVersion + '\n');
    const ProgramRun help = m_program->run({QStringLiteral("search"), QStringLiteral("--help")});
    QCOMPARE(help.exitCode, 0);
    QVERIFY(help.output.contains("--owner"));
    QVERIFY(help.errors.isEmpty());
}

void TestProgramCommands::wrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("told");
    QTest::newRow("unknown option")
        << QStringList{QStringLiteral("search"), QStringLiteral("--nonsense")}
        << QByteArray("Usage: llmemory search");
    QTest::newRow("unknown command")
        << QStringList{QStringLiteral("tokens")} << QByteArray("Commands:");
    QTest::newRow("missing owner")
        << QStringList{QStringLiteral("ingest"), QStringLiteral("/tmp")} << QByteArray("--owner");
    QTest::newRow("wrong port") << QStringList{QStringLiteral("serve"),
                                               QStringLiteral("--port=http")}
                                << QByteArray("--port");
}

void TestProgramCommands::wrongUsage()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, told);
    const ProgramRun wrong = m_program->run(arguments);
    QCOMPARE(wrong.exitCode, 2);
    QVERIFY(wrong.output.isEmpty());
    QVERIFY2(wrong.errors.contains(told), wrong.errors.constData());
}

void TestProgramCommands::wrongSettings()
{
    const QString config = m_program->path(QStringLiteral("config.json"));
    QFile file(config);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(R"({"colour": "red"})") > 0);
    file.close();
    const ProgramRun wrong = m_program->run(
        {QStringLiteral("--config"), config, QStringLiteral("config"), QStringLiteral("show")});
    QCOMPARE(wrong.exitCode, 1);
    QVERIFY2(wrong.errors.contains("colour"), wrong.errors.constData());
}

void TestProgramCommands::databaseNotReachable()
{
    const ProgramRun search =
        m_program->run({QStringLiteral("--database-url"),
                        QStringLiteral("host=/nonexistent dbname=x user=y password=s3cret"),
                        QStringLiteral("search"),
                        QStringLiteral("--owner=o"),
                        QStringLiteral("word")});
    QCOMPARE(search.exitCode, 3);
    QVERIFY(search.output.isEmpty());
    QVERIFY(!search.errors.contains("s3cret"));
}

void TestProgramCommands::configShowMasksSecrets()
{
    const ProgramRun shown = m_program->run({QStringLiteral("--database-url"),
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

void TestProgramCommands::configShowTellsWhatHasNoEffect()
{
    qputenv("LLMEMORY_RERANK_MODEL", "m");
    const ProgramRun shown = m_program->run(
        {QStringLiteral("config"), QStringLiteral("show"), QStringLiteral("--json")});
    qunsetenv("LLMEMORY_RERANK_MODEL");
    QCOMPARE(shown.exitCode, 0);
    QVERIFY2(shown.errors.contains("LLMEMORY_RERANK_MODEL has no effect."),
             shown.errors.constData());
    const Json last = shown.json().constLast();
    QVERIFY(last.at("name") == "search.rerank_model");
    QVERIFY(last.at("value") == "m");
    QVERIFY(last.at("origin") == "LLMEMORY_RERANK_MODEL");
    QVERIFY(last.contains("without_effect"));
    QVERIFY(!m_program->run({QStringLiteral("config"), QStringLiteral("show")})
                 .output.contains("search.rerank_model"));
}

void TestProgramCommands::configShowFitsATerminal()
{
    const ProgramRun shown = m_program->run({QStringLiteral("config"), QStringLiteral("show")});
    QCOMPARE(shown.exitCode, 0);
    QVERIFY(shown.output.contains("20 to 2,000 (0 = by document type)"));
    for (const QByteArray &line : shown.output.split('\n')) {
        if (!line.contains('/')) // paths are as long as they are
            QVERIFY2(QString::fromUtf8(line).size() <= 80, line.constData());
    }
}

void TestProgramCommands::configSet_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("told");
    QTest::addColumn<QByteArray>("file");
    const auto row = [](const char *line, int exitCode, const char *told, const char *file) {
        QTest::newRow(line) << QString::fromLatin1(line).split(u' ') << exitCode << QByteArray(told)
                            << QByteArray(file);
    };
    row("port 1", 0, "port is set in", R"({ "schema": "s", "port": 1 })");
    row("search.rerank Yes",
        0,
        "search.rerank is set",
        R"({ "schema": "s", "search": { "rerank": true } })");
    row("--unset schema", 0, "schema is not in", "{}");
    row("port 70000", 2, "port must be 0 to 65,535; it is 70000.", R"({"schema": "s"})");
    row("search.rerank_model m", 2, "has no effect", R"({"schema": "s"})");
    row("database.password s3cret", 2, "standard input", R"({"schema": "s"})");
    row("database_url postgresql://a:s3cret@h/d", 2, "standard input", R"({"schema": "s"})");
    row("embedding.provider openai",
        0,
        "cannot be used yet: embedding.openai_api_key is missing",
        R"({ "schema": "s", "embedding": { "provider": "openai" } })");
}

void TestProgramCommands::configSet()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, told);
    QFETCH(QByteArray, file);
    const QString path = m_program->path(QStringLiteral("config.json"));
    QFile config(path);
    QVERIFY(config.open(QIODevice::WriteOnly) && config.write(R"({"schema": "s"})") > 0);
    config.close();
    const ProgramRun set = m_program->run(
        QStringList{
            QStringLiteral("--config"), path, QStringLiteral("config"), QStringLiteral("set")} +
        arguments);
    QCOMPARE(set.exitCode, exitCode);
    QVERIFY2(set.errors.contains(told), set.errors.constData());
    QVERIFY(config.open(QIODevice::ReadOnly));
    QCOMPARE(config.readAll().simplified(), file);
}

void TestProgramCommands::configSetMendsTheFile()
{
    const QString path = m_program->path(QStringLiteral("config.json"));
    QFile config(path);
    QVERIFY(config.open(QIODevice::WriteOnly) && config.write(R"({"port": 70000})") > 0);
    config.close();
    const QStringList start{QStringLiteral("--config"), path, QStringLiteral("config")};
    const QStringList show = start + QStringList{QStringLiteral("show")};
    QCOMPARE(m_program->run(show).exitCode, 1);
    const QStringList set =
        start + QStringList{QStringLiteral("set"), QStringLiteral("port"), QStringLiteral("7000")};
    QCOMPARE(m_program->run(set).exitCode, 0);
    QCOMPARE(m_program->run(show).exitCode, 0);
}

void TestProgramCommands::configSetTakesSecretsFromInput()
{
    const QString path = m_program->path(QStringLiteral("config.json"));
    const auto process = m_program->process({QStringLiteral("--config"),
                                             path,
                                             QStringLiteral("config"),
                                             QStringLiteral("set"),
                                             QStringLiteral("embedding.openai_api_key"),
                                             QStringLiteral("-")});
    process->start();
    process->write("sk-s3cret"); // without a line break, as many files have it
    process->closeWriteChannel();
    QVERIFY(process->waitForFinished(kProgramPatienceMs));
    QCOMPARE(process->exitCode(), 0);
    QVERIFY(!process->readAllStandardError().contains("s3cret"));
    QFile config(path);
    QVERIFY(config.open(QIODevice::ReadOnly));
    QCOMPARE(config.readAll().simplified(),
             QByteArray(R"({ "embedding": { "openai_api_key": "sk-s3cret" } })"));
    QCOMPARE(config.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void TestProgramCommands::searchForPeople()
{
    m_program->ingestTwoFiles(QStringLiteral("people"));
    const ProgramRun found = m_program->runOnDatabase({QStringLiteral("search"),
                                                       QStringLiteral("--owner=people"),
                                                       QStringLiteral("heron"),
                                                       QStringLiteral("weir")});
    QCOMPARE(found.exitCode, 0);
    QVERIFY2(found.output.contains("p. 1"), found.output.constData());
    QVERIFY(found.output.contains("The heron waits beside the weir."));
    QVERIFY(!found.output.contains('\x1b')); // no terminal, no colours

    const ProgramRun nothing = m_program->runOnDatabase({QStringLiteral("search"),
                                                         QStringLiteral("--owner=people"),
                                                         QStringLiteral("--mode=text"),
                                                         QStringLiteral("xylophone")});
    QCOMPARE(nothing.exitCode, 0);
    QVERIFY(nothing.output.isEmpty());
    QVERIFY(nothing.errors.contains("xylophone"));
}

void TestProgramCommands::searchInTheQueryLanguage()
{
    m_program->ingestTwoFiles(QStringLiteral("linguists"));
    const auto search = [this](const QStringList &arguments) {
        return m_program->runOnDatabase(QStringList{QStringLiteral("search"),
                                                    QStringLiteral("--owner=linguists"),
                                                    QStringLiteral("--json")} +
                                        arguments);
    };
    const ProgramRun all =
        search({QStringLiteral("-nothing -type:html"), QStringLiteral("--facets")});
    QCOMPARE(all.exitCode, 2); // a word in front is no option
    const ProgramRun listed = search(
        {QStringLiteral("--facets"), QStringLiteral("--"), QStringLiteral("-nothing -type:html")});
    QVERIFY2(listed.exitCode == 0, listed.all().constData());
    const Json facets = listed.json().constFirst().at("facets");
    QVERIFY(facets.at("passages") >= 2);
    QVERIFY(facets.at("exact") == true);
    QCOMPARE(facets.at("types").size(), size_t(2));
    QCOMPARE(facets.at("folders").size(), size_t(1));

    const ProgramRun one = search({QStringLiteral("heron +weir type:pdf \"waits beside\"")});
    QVERIFY2(one.exitCode == 0, one.all().constData());
    const Json results = one.json().constFirst().at("results");
    QVERIFY(!results.empty());
    for (const Json &hit : results)
        QVERIFY(hit.at("document_type") == "pdf");
    QVERIFY(!one.json().constFirst().contains("facets"));

    const ProgramRun wrong = search({QStringLiteral("heron"), QStringLiteral("before:someday")});
    QCOMPARE(wrong.exitCode, 2);
    QVERIFY(wrong.errors.contains("column 14"));
    const ProgramRun people = m_program->runOnDatabase({QStringLiteral("search"),
                                                        QStringLiteral("--owner=linguists"),
                                                        QStringLiteral("--facets"),
                                                        QStringLiteral("heron")});
    QVERIFY2(people.output.contains("Types: pdf ("), people.output.constData());
}

void TestProgramCommands::historyFromSearchToClear()
{
    m_program->ingestTwoFiles(QStringLiteral("historians"));
    const auto run = [this](const QStringList &arguments) {
        return m_program->runOnDatabase(arguments +
                                        QStringList{QStringLiteral("--owner=historians")});
    };
    const QStringList search{QStringLiteral("search"), QStringLiteral("--json")};
    const ProgramRun found = run(search + QStringList{QStringLiteral("heron")});
    QVERIFY2(found.exitCode == 0, found.all().constData());
    const Json answer = found.json().constFirst();
    QCOMPARE(
        run(search + QStringList{QStringLiteral("otter"), QStringLiteral("--no-history")}).exitCode,
        0);

    const QString history = QStringLiteral("history");
    const QString id = toQString(answer.at("search_id"));
    const QString chunk = toQString(answer.at("results").at(0).at("chunk_id"));
    for (const char *word : {"chosen", "good"}) {
        const ProgramRun noted =
            run({history, QStringLiteral("feedback"), id, chunk, QString::fromLatin1(word)});
        QVERIFY2(noted.exitCode == 0, noted.all().constData());
    }
    const ProgramRun foreign = m_program->runOnDatabase({history,
                                                         QStringLiteral("feedback"),
                                                         QStringLiteral("--owner=nobody"),
                                                         id,
                                                         chunk,
                                                         QStringLiteral("good")});
    QCOMPARE(foreign.exitCode, 1);
    QVERIFY(foreign.errors.contains(id.toLatin1()));

    const ProgramRun listed = run({history, QStringLiteral("list"), QStringLiteral("--json")});
    QCOMPARE(listed.json().size(), 1);
    QVERIFY(listed.json().constFirst().at("search_id") == answer.at("search_id"));
    QVERIFY(listed.json().constFirst().at("results").at(0).at("verdict") == "good");
    const ProgramRun people = run({history, QStringLiteral("list")});
    QVERIFY2(people.output.contains("1*+"), people.output.constData());

    const QString notebook = QStringLiteral("notebook");
    const ProgramRun noted = run({notebook, QStringLiteral("list"), QStringLiteral("--json")});
    QCOMPARE(noted.json().size(), 1);
    QVERIFY(noted.json().constFirst().at("query") == "heron");
    const QString test = toQString(noted.json().constFirst().at("query_id"));
    const ProgramRun report = run({notebook, QStringLiteral("report")});
    QVERIFY2(report.exitCode == 0, report.all().constData());
    QVERIFY2(report.output.contains("nDCG@10"), report.output.constData());
    const ProgramRun second = run({notebook, QStringLiteral("report")});
    QVERIFY2(second.output.contains("(+0.0000)"), second.output.constData());
    const ProgramRun both = run({notebook, QStringLiteral("report"), QStringLiteral("--json")});
    QVERIFY(both.json().constFirst().at("previous").is_object());
    const ProgramRun shown = run({notebook, QStringLiteral("list")});
    QVERIFY2(shown.output.contains(test.toLatin1()), shown.output.constData());
    QCOMPARE(run({notebook, QStringLiteral("remove"), test}).exitCode, 0);
    QCOMPARE(run({notebook, QStringLiteral("remove"), test}).exitCode, 1);
    QCOMPARE(run({notebook, QStringLiteral("report")}).exitCode, 1);

    const ProgramRun cleared = run({history, QStringLiteral("clear"), QStringLiteral("--json")});
    QVERIFY(cleared.json().constFirst() ==
            Json({{"owner_id", "historians"}, {"searches_deleted", 1}}));
    const ProgramRun nothing = run({history, QStringLiteral("list")});
    QCOMPARE(nothing.exitCode, 0);
    QVERIFY(nothing.output.isEmpty());
}

void TestProgramCommands::searchesFromSaveToDelete()
{
    m_program->ingestTwoFiles(QStringLiteral("keepers"));
    const auto run = [this](const QString &action, const QStringList &arguments) {
        return m_program->runOnDatabase(
            QStringList{QStringLiteral("searches"), action, QStringLiteral("--owner=keepers")} +
            arguments);
    };
    const QString json = QStringLiteral("--json");
    const QString name = QStringLiteral("at the weir");
    const QStringList words{QStringLiteral("--mode=text"), name, QStringLiteral("heron +weir")};
    const ProgramRun saved = run(QStringLiteral("save"), QStringList{json} + words);
    QVERIFY2(saved.exitCode == 0, saved.all().constData());
    const Json search = saved.json().constFirst();
    QVERIFY(search.at("request") == Json({{"query", "heron +weir"}, {"search_type", "text"}}));
    QCOMPARE(run(QStringLiteral("save"), words).exitCode, 1);
    const ProgramRun replaced =
        run(QStringLiteral("save"),
            {QStringLiteral("--replace"), json, name, QStringLiteral("heron type:pdf")});
    QVERIFY2(replaced.exitCode == 0, replaced.all().constData());
    QVERIFY(replaced.json().constFirst().at("saved_id") == search.at("saved_id"));

    const ProgramRun listed = run(QStringLiteral("list"), {});
    QVERIFY2(listed.output.contains("heron type:pdf"), listed.output.constData());
    QCOMPARE(run(QStringLiteral("list"), {json}).json().size(), 1);
    const ProgramRun found = run(QStringLiteral("run"), {json, name, QStringLiteral("--limit=1")});
    QVERIFY2(found.exitCode == 0, found.all().constData());
    QCOMPARE(found.json().constFirst().at("results").size(), size_t(1));
    QVERIFY(found.json().constFirst().at("results").at(0).at("document_type") == "pdf");
    const ProgramRun people = run(QStringLiteral("run"), {toQString(search.at("saved_id"))});
    QVERIFY2(people.output.contains("heron"), people.all().constData());

    QCOMPARE(run(QStringLiteral("delete"), {name}).exitCode, 0);
    const ProgramRun gone = run(QStringLiteral("run"), {name});
    QCOMPARE(gone.exitCode, 1);
    QVERIFY(gone.errors.contains("at the weir"));
}

void TestProgramCommands::ownersFromAddToDelete()
{
    const QString owners = QStringLiteral("owners");
    const ProgramRun added = m_program->runOnDatabase({owners,
                                                       QStringLiteral("add"),
                                                       QStringLiteral("acme"),
                                                       QStringLiteral("Acme Ltd"),
                                                       QStringLiteral("--json")});
    QVERIFY2(added.exitCode == 0, added.all().constData());
    QVERIFY(added.json().constFirst().at("owner_id") == "acme");
    QCOMPARE(
        m_program->runOnDatabase({owners, QStringLiteral("add"), QStringLiteral("acme")}).exitCode,
        1);

    QCOMPARE(m_program
                 ->runOnDatabase({owners,
                                  QStringLiteral("rename"),
                                  QStringLiteral("acme"),
                                  QStringLiteral("Acme & Co")})
                 .exitCode,
             0);
    const ProgramRun list = m_program->runOnDatabase({owners, QStringLiteral("list")});
    QVERIFY2(list.output.contains("Acme & Co"), list.output.constData());

    // Nobody is there to type the id.
    QCOMPARE(m_program->runOnDatabase({owners, QStringLiteral("delete"), QStringLiteral("acme")})
                 .exitCode,
             2);
    QCOMPARE(
        m_program->runOnDatabase({owners, QStringLiteral("show"), QStringLiteral("acme")}).exitCode,
        0);
    QCOMPARE(
        m_program
            ->runOnDatabase(
                {owners, QStringLiteral("delete"), QStringLiteral("acme"), QStringLiteral("--yes")})
            .exitCode,
        0);
    QCOMPARE(
        m_program->runOnDatabase({owners, QStringLiteral("show"), QStringLiteral("acme")}).exitCode,
        1);
}

void TestProgramCommands::documentsFromListToDelete()
{
    m_program->ingestTwoFiles(QStringLiteral("docs"));
    const QStringList list{QStringLiteral("documents"),
                           QStringLiteral("list"),
                           QStringLiteral("--owner=docs"),
                           QStringLiteral("--type=pdf"),
                           QStringLiteral("--json")};
    const ProgramRun listed = m_program->runOnDatabase(list);
    QVERIFY2(listed.exitCode == 0, listed.all().constData());
    const Json page = listed.json().constFirst();
    QVERIFY(page.at("total") == 1);
    const QString id = toQString(page.at("documents").at(0).at("document_id"));

    const ProgramRun shown = m_program->runOnDatabase({QStringLiteral("documents"),
                                                       QStringLiteral("show"),
                                                       QStringLiteral("--owner=docs"),
                                                       QStringLiteral("--content"),
                                                       id});
    QVERIFY2(shown.output.contains("heron waits"), shown.all().constData());
    const QStringList remove{
        QStringLiteral("documents"), QStringLiteral("delete"), QStringLiteral("--owner=docs"), id};
    QCOMPARE(m_program->runOnDatabase(remove).exitCode, 0);
    QCOMPARE(m_program->runOnDatabase(remove).exitCode, 1); // it is gone already
    QVERIFY(m_program->runOnDatabase(list).json().constFirst().at("total") == 0);
}

void TestProgramCommands::otherTenantsDocumentIsNotFound()
{
    m_program->ingestTwoFiles(QStringLiteral("mine"));
    const ProgramRun listed = m_program->runOnDatabase({QStringLiteral("documents"),
                                                        QStringLiteral("list"),
                                                        QStringLiteral("--owner=mine"),
                                                        QStringLiteral("--json")});
    const QString id =
        toQString(listed.json().constFirst().at("documents").at(0).at("document_id"));
    const auto show = [&](const QString &owner, const QString &document) {
        return m_program->runOnDatabase({QStringLiteral("documents"),
                                         QStringLiteral("show"),
                                         QStringLiteral("--owner"),
                                         owner,
                                         document});
    };
    const ProgramRun foreign = show(QStringLiteral("yours"), id);
    const ProgramRun missing =
        show(QStringLiteral("yours"), QStringLiteral("6a1f7c9e-2b3d-4e5f-8a9b-0c1d2e3f4a5b"));
    QCOMPARE(foreign.exitCode, 1);
    QCOMPARE(missing.exitCode, 1);
    QByteArray told = foreign.errors;
    QCOMPARE(told.replace(id.toUtf8(), "6a1f7c9e-2b3d-4e5f-8a9b-0c1d2e3f4a5b"), missing.errors);
}

void TestProgramCommands::migrateTellsWhatIsDone()
{
    const ProgramRun status = m_program->runOnDatabase(
        {QStringLiteral("migrate"), QStringLiteral("status"), QStringLiteral("--json")});
    QVERIFY2(status.exitCode == 0, status.all().constData());
    QVERIFY(status.json().constFirst().at("migration") == "0001_schema.sql");
    QVERIFY(status.json().constFirst().at("module") == "llmemory");
    QVERIFY(status.json().constFirst().at("number") == 1);
    QVERIFY(status.json().constFirst().at("applied") == true);
    QVERIFY(status.json().constLast().at("summary").at("pending") == 0);
    const ProgramRun apply = m_program->runOnDatabase(
        {QStringLiteral("migrate"), QStringLiteral("apply"), QStringLiteral("--json")});
    QVERIFY(apply.json().constFirst().at("applied") == 0);
}

void TestProgramCommands::migratePlanShowsTheStatements()
{
    // A schema that nobody makes.
    QStringList arguments{QStringLiteral("--database-url"),
                          qEnvironmentVariable("LLMEMORY_TEST_DATABASE"),
                          QStringLiteral("--schema"),
                          QStringLiteral("only_planned"),
                          QStringLiteral("migrate"),
                          QStringLiteral("plan")};
    const ProgramRun text = m_program->run(arguments);
    QVERIFY2(text.exitCode == 0, text.all().constData());
    QVERIFY(text.output.startsWith("-- llmemory 0001_schema.sql (in one transaction)"));
    QVERIFY(text.output.contains("CREATE TABLE \"only_planned\".\"documents\""));
    const ProgramRun plan = m_program->run(arguments << QStringLiteral("--json"));
    QVERIFY2(plan.exitCode == 0, plan.all().constData());
    const QList<Json> lines = plan.json();
    QVERIFY(lines.size() > 2);
    QVERIFY(lines.constFirst().at("module") == "llmemory");
    QVERIFY(lines.constFirst().at("in_transaction") == true);
    QVERIFY(toQString(lines.constFirst().at("sql"))
                .contains(QLatin1String("CREATE TABLE \"only_planned\".\"documents\"")));
    QVERIFY(lines.constLast().at("summary").at("pending") == int(lines.size()) - 1);
}

void TestProgramCommands::doctorSpeaksJson()
{
    const ProgramRun doctor =
        m_program->runOnDatabase({QStringLiteral("doctor"), QStringLiteral("--json")});
    QVERIFY2(doctor.exitCode == 0, doctor.all().constData());
    QList<Json> lines = doctor.json();
    QVERIFY(lines.takeLast().at("summary").at("failed") == 0);
    QVERIFY(lines.size() >= 8);
    for (const Json &line : lines)
        QVERIFY2(line.contains("id") && line.contains("message"), toUtf8(line).constData());
}

QTEST_GUILESS_MAIN(TestProgramCommands)
#include "tst_program_commands.moc"
