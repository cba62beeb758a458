#include "core/db/connection.h"
#include "core/testing/verify_result.h"
#include "tests/app/program_fixture.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace llmemory;
using namespace llmemory::testing;

/// The commands "bench search" and "bench recall" of the real program, on a corpus that is too
/// small for real figures.
class TestProgramBench : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void recallNeedsACorpus();
    void everyModeAndNumberOfClients();
    void secondRunMakesNothing();
    void overHttp();
    void writesScriptsForPgbench();
    void plansOfEveryStatement();
    void growsAndGoesOn();
    void recallOfEachSize();
    void dropDeletesTheTenants();

private:
    ProgramRun search(const QStringList &more) const
    {
        return m_program->runOnDatabase(QStringList{QStringLiteral("bench"),
                                                    QStringLiteral("search"),
                                                    QStringLiteral("--owner-prefix=b"),
                                                    QStringLiteral("--owners=3"),
                                                    QStringLiteral("--queries=4")} +
                                        more);
    }
    ProgramRun recall(const QStringList &more) const
    {
        return m_program->runOnDatabase(QStringList{QStringLiteral("bench"),
                                                    QStringLiteral("recall"),
                                                    QStringLiteral("--owner-prefix=b"),
                                                    QStringLiteral("--queries=3")} +
                                        more);
    }

    std::unique_ptr<ProgramFixture> m_program;
};

void TestProgramBench::initTestCase()
{
    m_program = std::make_unique<ProgramFixture>();
    if (!m_program->reason().isEmpty())
        QSKIP(qPrintable(m_program->reason()));
}

void TestProgramBench::init()
{
    QVERIFY(m_program->clear());
}

void TestProgramBench::recallNeedsACorpus()
{
    const ProgramRun run = recall({});
    QCOMPARE(run.exitCode, 1);
    QVERIFY2(run.errors.contains("bench search"), run.errors.constData());
}

void TestProgramBench::everyModeAndNumberOfClients()
{
    const ProgramRun run = search({QStringLiteral("--chunks=100"),
                                   QStringLiteral("--clients=1,2"),
                                   QStringLiteral("--json")});
    QVERIFY2(run.exitCode == 0, run.all().constData());
    const Json report = run.json().constFirst();
    QVERIFY(report.at("owners") == 3);
    QVERIFY(report.at("documents_added") == report.at("documents"));
    QVERIFY2(report.at("passages") >= 90 && report.at("passages") <= 110,
             toUtf8(report).constData());
    QVERIFY(report.at("largest_owner_passages") >= 50);
    QCOMPARE(report.at("runs").size(), size_t(6));
    for (const Json &measured : report.at("runs")) {
        QVERIFY(measured.at("queries") == 4);
        QVERIFY(measured.at("latency_ms").at("p95") > 0.0);
        QVERIFY(measured.at("queries_per_second") > 0.0);
        QVERIFY(measured.at("statement_share") > 0.0 && measured.at("statement_share") <= 1.0);
        const bool usesMeaning = measured.at("mode") != "text";
        QCOMPARE(measured.at("steps_ms").at("embedding") > 0.0, usesMeaning);
    }
    // No user searched.
    const ProgramRun history = m_program->runOnDatabase({QStringLiteral("history"),
                                                         QStringLiteral("list"),
                                                         QStringLiteral("--owner=b-001"),
                                                         QStringLiteral("--json")});
    QCOMPARE(history.exitCode, 0);
    QVERIFY2(history.output.isEmpty(), history.output.constData());
}

void TestProgramBench::secondRunMakesNothing()
{
    const ProgramRun run = search(
        {QStringLiteral("--chunks=100"), QStringLiteral("--clients=1"), QStringLiteral("--json")});
    QVERIFY2(run.exitCode == 0, run.all().constData());
    QVERIFY(run.json().constFirst().at("documents_added") == 0);
    const ProgramRun other = search({QStringLiteral("--chunks=10"), QStringLiteral("--clients=1")});
    QVERIFY2(other.errors.contains("were made with other numbers"), other.errors.constData());
}

void TestProgramBench::overHttp()
{
    const auto server = m_program->process(m_program->withDatabase(
        {QStringLiteral("serve"), QStringLiteral("--port"), QStringLiteral("0")}));
    server->start();
    const Json ready = ProgramFixture::firstLine(*server);
    QVERIFY(ready.is_object());
    const QString url = QString::fromStdString(ready.at("url"));
    const QString token = QString::fromStdString(ready.at("token_file"));
    const QStringList options{QStringLiteral("--chunks=100"),
                              QStringLiteral("--clients=8"),
                              QStringLiteral("--json"),
                              QStringLiteral("--endpoint=") + url};
    const ProgramRun run = search(options + QStringList{QStringLiteral("--token-file=") + token});
    QVERIFY2(run.exitCode == 0, run.all().constData());
    for (const Json &measured : run.json().constFirst().at("runs")) {
        QVERIFY(measured.at("queries") == 4);
        QVERIFY(measured.at("latency_ms").at("p50") > 0.0);
        QVERIFY(measured.at("steps_ms").at("fusion") > 0.0);
    }
    const ProgramRun refused = search(options);
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.errors.contains("/v1/search"), refused.all().constData());
    server->terminate();
    QVERIFY(server->waitForFinished(kProgramPatienceMs));
    const ProgramRun gone = search(options);
    QCOMPARE(gone.exitCode, 1);
}

void TestProgramBench::writesScriptsForPgbench()
{
    const QString folder = m_program->path(QStringLiteral("scripts"));
    const ProgramRun run = search({QStringLiteral("--chunks=100"),
                                   QStringLiteral("--clients=1"),
                                   QStringLiteral("--modes=text"),
                                   QStringLiteral("--pgbench=") + folder});
    QVERIFY2(run.exitCode == 0, run.all().constData());
    const QFileInfoList scripts = QDir(folder).entryInfoList(QDir::Files);
    QCOMPARE(scripts.size(), 100);
    const auto connection = db::Connection::open(m_program->database().params());
    VERIFY_RESULT(connection);
    for (const QFileInfo &script : scripts) {
        QFile file(script.filePath());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QString sql = QString::fromUtf8(file.readAll());
        QVERIFY2(sql.contains(QLatin1String("<#>")), qPrintable(sql)); // both legs
        QVERIFY2(sql.contains(QLatin1String("text_postings")), qPrintable(sql));
        QVERIFY2(sql.endsWith(QLatin1String("COMMIT;\n")), qPrintable(sql));
        VERIFY_RESULT((*connection)->runScript(script.fileName(), sql.remove(QLatin1Char('\\'))));
    }
}

void TestProgramBench::plansOfEveryStatement()
{
    const ProgramRun run = m_program->runOnDatabase(
        {QStringLiteral("bench"), QStringLiteral("plans"), QStringLiteral("--owner-prefix=b")});
    // Of so few passages whole tables may be read.
    QVERIFY2(run.exitCode == 0 || run.errors.contains("read a whole table"), run.all().constData());
    for (const char *statement : {"vector_search_exact", "load_hits", "load_terms", "count_facets"})
        QVERIFY2(run.output.contains(QByteArray(QByteArray("### `") + statement)),
                 run.output.constData());
    QVERIFY(run.output.contains("Buffers: shared hit="));
}

void TestProgramBench::growsAndGoesOn()
{
    const ProgramRun run = search({QStringLiteral("--chunks=200"),
                                   QStringLiteral("--clients=1"),
                                   QStringLiteral("--modes=text"),
                                   QStringLiteral("--json")});
    QVERIFY2(run.exitCode == 0, run.all().constData());
    const Json report = run.json().constFirst();
    QVERIFY(report.at("documents_added") > 0);
    QVERIFY(report.at("documents_added") < report.at("documents"));
}

void TestProgramBench::recallOfEachSize()
{
    const ProgramRun run = recall({QStringLiteral("--json")});
    QVERIFY2(run.exitCode == 0, run.all().constData());
    const Json report = run.json().constFirst();
    QVERIFY(report.at("owners").size() >= 4);
    for (const Json &row : report.at("owners")) {
        // Few passages are compared exactly.
        QVERIFY(row.at("recall_at_10") == 1.0);
        QVERIFY(row.at("short_answers") == 0);
        QVERIFY(row.at("queries") == 3);
    }
    const ProgramRun table = recall({});
    QVERIFY2(table.output.contains("Recall@10"), table.all().constData());
}

void TestProgramBench::dropDeletesTheTenants()
{
    const ProgramRun run = search({QStringLiteral("--chunks=200"),
                                   QStringLiteral("--clients=1"),
                                   QStringLiteral("--modes=text"),
                                   QStringLiteral("--drop")});
    QVERIFY2(run.exitCode == 0, run.all().constData());
    QVERIFY2(run.output.contains("STATEMENTS"), run.output.constData());
    QCOMPARE(recall({}).exitCode, 1);
}

QTEST_GUILESS_MAIN(TestProgramBench)
#include "tst_program_bench.moc"
