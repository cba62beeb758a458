#include "tests/app/program_fixture.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::testing;

namespace {

const QString kOwner = QStringLiteral("t-tiny_collection");

QString tinyCollection()
{
    return qEnvironmentVariable("LLMEMORY_TEST_DATA") + QStringLiteral("/tiny_collection");
}

QStringList evalOf(const QString &directory, const QStringList &more = {})
{
    return QStringList{QStringLiteral("eval"),
                       QStringLiteral("--owner-prefix=t"),
                       QStringLiteral("--dataset"),
                       directory} +
           more;
}

} // namespace

/// The command "eval" of the real program.
class TestProgramEval : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void everyModeOfTheTinyCollection();
    void secondRunLeavesDocumentsAlone();
    void forPeople();
    void dropDeletesTheTenant();
    void missingFolder();
    void brokenCorpusLineFailsAlone();
    void foreignDocumentsAreTold();
    void signalEndsIt();

private:
    ProgramRun owner(const char *command) const
    {
        return m_program->runOnDatabase(
            {QStringLiteral("owners"), QLatin1String(command), kOwner, QStringLiteral("--json")});
    }

    std::unique_ptr<ProgramFixture> m_program;
};

void TestProgramEval::initTestCase()
{
    m_program = std::make_unique<ProgramFixture>();
    if (!m_program->reason().isEmpty())
        QSKIP(qPrintable(m_program->reason()));
}

void TestProgramEval::init()
{
    QVERIFY(m_program->clear());
    m_program->runOnDatabase(
        {QStringLiteral("owners"), QStringLiteral("delete"), kOwner, QStringLiteral("--yes")});
}

void TestProgramEval::everyModeOfTheTinyCollection()
{
    const ProgramRun run =
        m_program->runOnDatabase(evalOf(tinyCollection(), {QStringLiteral("--json")}));
    QVERIFY2(run.exitCode == 0, run.all().constData());
    const Json report = run.json().constFirst();
    QVERIFY(report.at("dataset") == "tiny_collection");
    QVERIFY(report.at("owner_id") == kOwner.toStdString());
    QVERIFY(report.at("documents") == 4);
    QVERIFY(report.at("documents_left_out") == 1);
    QVERIFY(report.at("queries") == 2);
    QVERIFY(report.at("model").is_string() && report.at("model") != "");
    QVERIFY(report.at("settings").at("limit") == 100);
    QCOMPARE(report.at("modes").size(), size_t(3));
    for (const auto &[mode, figures] : report.at("modes").items()) {
        // The words of each query stand in its best document.
        QVERIFY2(figures.at("mrr_at_10") == 1.0, mode.c_str());
        QVERIFY2(figures.at("recall_at_100") == 1.0, mode.c_str());
        QVERIFY(figures.at("ndcg_at_10") > 0.9);
        QVERIFY(figures.at("latency_ms").at("p50") > 0.0);
        QVERIFY(figures.at("latency_ms").at("p99") >= figures.at("latency_ms").at("p50"));
    }
    // No user searched.
    const ProgramRun history = m_program->runOnDatabase({QStringLiteral("history"),
                                                         QStringLiteral("list"),
                                                         QStringLiteral("--owner"),
                                                         kOwner,
                                                         QStringLiteral("--json")});
    QCOMPARE(history.exitCode, 0);
    QVERIFY2(history.output.isEmpty(), history.output.constData());
}

void TestProgramEval::secondRunLeavesDocumentsAlone()
{
    const QStringList arguments =
        evalOf(tinyCollection(), {QStringLiteral("--json"), QStringLiteral("--modes=text,text")});
    QCOMPARE(m_program->runOnDatabase(arguments).exitCode, 0);
    const Json before = owner("show").json().constFirst();
    const ProgramRun again = m_program->runOnDatabase(arguments);
    QVERIFY2(again.exitCode == 0, again.all().constData());
    QCOMPARE(again.json().constFirst().at("modes").size(), size_t(1));
    QCOMPARE(toUtf8(owner("show").json().constFirst()), toUtf8(before));
}

void TestProgramEval::forPeople()
{
    const ProgramRun run = m_program->runOnDatabase(
        evalOf(tinyCollection(), {QStringLiteral("--limit=1"), QStringLiteral("--modes=vector")}));
    QVERIFY2(run.exitCode == 0, run.all().constData());
    QVERIFY2(run.output.contains("nDCG@10"), run.output.constData());
    QVERIFY(run.output.contains("queries 1"));
    QVERIFY(run.output.contains("vector") && !run.output.contains("hybrid"));
    QVERIFY2(run.errors.contains("owners delete t-tiny_collection"), run.errors.constData());
}

void TestProgramEval::dropDeletesTheTenant()
{
    const ProgramRun run = m_program->runOnDatabase(
        evalOf(tinyCollection(), {QStringLiteral("--drop"), QStringLiteral("--modes=text")}));
    QVERIFY2(run.exitCode == 0, run.all().constData());
    QCOMPARE(owner("show").exitCode, 1);
}

void TestProgramEval::missingFolder()
{
    const ProgramRun run = m_program->runOnDatabase(evalOf(QStringLiteral("/nonexistent/set")));
    QCOMPARE(run.exitCode, 1);
    QVERIFY2(run.errors.contains("/nonexistent/set/corpus.jsonl"), run.errors.constData());
    QVERIFY(run.output.isEmpty());
}

void TestProgramEval::brokenCorpusLineFailsAlone()
{
    QVERIFY(m_program->write(QStringLiteral("corpus.jsonl"),
                             "{\"_id\": \"a\", \"text\": \"A heron.\"}\n{\"_id\": \n"));
    QVERIFY(m_program->write(QStringLiteral("queries.jsonl"),
                             "{\"_id\": \"1\", \"text\": \"heron\"}\n"));
    QVERIFY(m_program->write(QStringLiteral("qrels.tsv"), "1\ta\t1\n"));
    const ProgramRun run = m_program->runOnDatabase(evalOf(
        m_program->folder(),
        {QStringLiteral("--json"), QStringLiteral("--drop"), QStringLiteral("--modes=text")}));
    QCOMPARE(run.exitCode, 1);
    QVERIFY2(run.errors.contains("corpus.jsonl:2: "), run.errors.constData());
    const Json report = run.json().constFirst();
    QVERIFY(report.at("documents") == 1);
    QVERIFY(report.at("documents_left_out") == 1);
    QVERIFY(report.at("modes").at("text").at("ndcg_at_10") == 1.0);
}

void TestProgramEval::foreignDocumentsAreTold()
{
    m_program->ingestTwoFiles(kOwner);
    const ProgramRun run =
        m_program->runOnDatabase(evalOf(tinyCollection(), {QStringLiteral("--modes=text")}));
    QVERIFY2(run.exitCode == 0, run.all().constData());
    QVERIFY2(run.errors.contains("not of this collection (2)"), run.errors.constData());
}

void TestProgramEval::signalEndsIt()
{
    constexpr int kDocuments = 5'000; // more than can be stored before the signal
    QByteArray corpus;
    for (int i = 0; i < kDocuments; ++i)
        corpus += "{\"_id\": " + QByteArray::number(i) + ", \"text\": \"A heron.\"}\n";
    QVERIFY(m_program->write(QStringLiteral("corpus.jsonl"), corpus));
    QVERIFY(m_program->write(QStringLiteral("queries.jsonl"),
                             "{\"_id\": \"1\", \"text\": \"heron\"}\n"));
    QVERIFY(m_program->write(QStringLiteral("qrels.tsv"), "1\t1\t1\n"));
    const auto process = m_program->process(m_program->withDatabase(evalOf(m_program->folder())));
    const QStringList show{QStringLiteral("owners"),
                           QStringLiteral("show"),
                           QStringLiteral("t-") + m_program->folder().section(
                                                      u'/', -1, -1, QString::SectionSkipEmpty)};
    process->start();
    QVERIFY(process->waitForStarted(kProgramPatienceMs));
    QTRY_COMPARE_WITH_TIMEOUT(m_program->runOnDatabase(show).exitCode, 0, kProgramPatienceMs);
    process->terminate();
    QVERIFY(process->waitForFinished(kProgramPatienceMs));
    QCOMPARE(process->exitCode(), 130);
    QVERIFY(process->readAllStandardOutput().isEmpty());
    QVERIFY(process->readAllStandardError().contains("What was stored stays."));
}

QTEST_GUILESS_MAIN(TestProgramEval)
#include "tst_program_eval.moc"
