#include "tests/app/program_fixture.h"

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
