#include "tests/app/program_fixture.h"

#include <QTest>

#include <csignal>

using namespace llmemory;
using namespace llmemory::testing;

/// Reading files with the real program.
class TestProgramIngest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void ingestThenSearch();
    void findsByMeaning_data();
    void findsByMeaning();
    void unchangedFilesAreLeftAlone();
    void dryRunStoresNothing();
    void interruptedIngestKeepsWhatIsStored();

private:
    std::unique_ptr<ProgramFixture> m_program;
};

void TestProgramIngest::initTestCase()
{
    m_program = std::make_unique<ProgramFixture>();
    if (!m_program->reason().isEmpty())
        QSKIP(qPrintable(m_program->reason()));
}

void TestProgramIngest::init()
{
    QVERIFY(m_program->clear());
}

void TestProgramIngest::ingestThenSearch()
{
    QVERIFY(m_program->write(QStringLiteral("bird.txt"),
                             "A kingfisher dives from the willow branch into the clear brook.\n"));
    QVERIFY(m_program->write(QStringLiteral("sub/notes.md"),
                             "# Rivers\n\nThe otter sleeps under the old bridge.\n"));
    QVERIFY(m_program->write(QStringLiteral("heron.pdf"), onePagePdf()));
    QVERIFY(m_program->write(QStringLiteral("broken.pdf"), "%PDF-1.4\nnothing of a document\n"));
    QVERIFY(m_program->write(QStringLiteral("skipped.log"), "left out\n"));
    const ProgramRun ingest = m_program->runOnDatabase({QStringLiteral("ingest"),
                                                        QStringLiteral("--owner=birds"),
                                                        QStringLiteral("--exclude=*.log"),
                                                        QStringLiteral("--json"),
                                                        m_program->folder()});
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
        QCOMPARE(toQString(line.at("status")),
                 isBroken ? QStringLiteral("failed") : QStringLiteral("added"));
        QCOMPARE(line.at("document_id").is_null(), isBroken);
        QCOMPARE(line.at("error").is_null(), !isBroken);
    }

    for (const QString &mode : {QStringLiteral("hybrid"), QStringLiteral("text")}) {
        const ProgramRun search = m_program->runOnDatabase({QStringLiteral("search"),
                                                            QStringLiteral("--owner=birds"),
                                                            QStringLiteral("--json"),
                                                            QStringLiteral("--mode"),
                                                            mode,
                                                            QStringLiteral("heron beside weir")});
        QVERIFY2(search.exitCode == 0, search.all().constData());
        QCOMPARE(search.json().size(), 1);
        const Json best = search.json().constFirst().at("results").at(0);
        QVERIFY2(toQString(best.at("document_name")).contains(QStringLiteral("heron")),
                 toUtf8(best).constData());
        QVERIFY(best.at("locator").at("page") == 1);
        QVERIFY(best.at("rank") == 1);
    }
}

void TestProgramIngest::findsByMeaning_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("file");
    QTest::newRow("synonym") << "car"
                             << "dealer.txt";
    QTest::newRow("another language") << "apple trees in the orchard"
                                      << "obst.txt";
}

void TestProgramIngest::findsByMeaning()
{
    QFETCH(QString, query);
    QFETCH(QString, file);
    QVERIFY(m_program->write(QStringLiteral("dealer.txt"),
                             "She sold her old automobile to the dealer.\n"));
    QVERIFY(m_program->write(QStringLiteral("obst.txt"), "Im Obstgarten blühen die Apfelbäume.\n"));
    QVERIFY(m_program->write(QStringLiteral("bird.txt"),
                             "A kingfisher dives from the willow branch into the clear brook.\n"));
    const QString owner = QStringLiteral("--owner=meaning");
    const ProgramRun ingest =
        m_program->runOnDatabase({QStringLiteral("ingest"), owner, m_program->folder()});
    QVERIFY2(ingest.exitCode == 0, ingest.all().constData());
    const ProgramRun search = m_program->runOnDatabase({QStringLiteral("search"),
                                                        owner,
                                                        QStringLiteral("--json"),
                                                        QStringLiteral("--mode"),
                                                        QStringLiteral("vector"),
                                                        query});
    QVERIFY2(search.exitCode == 0, search.all().constData());
    const Json best = search.json().constFirst().at("results").at(0);
    QVERIFY2(toQString(best.at("document_name")).contains(file), toUtf8(best).constData());
}

void TestProgramIngest::unchangedFilesAreLeftAlone()
{
    m_program->ingestTwoFiles(QStringLiteral("twice"));
    const ProgramRun again = m_program->runOnDatabase({QStringLiteral("ingest"),
                                                       QStringLiteral("--owner=twice"),
                                                       QStringLiteral("--json"),
                                                       m_program->folder()});
    QVERIFY2(again.exitCode == 0, again.all().constData());
    QVERIFY(again.json().constLast().at("summary").at("unchanged") == 2);

    QVERIFY(m_program->write(QStringLiteral("bird.txt"),
                             "A dipper walks along the bottom of the brook.\n"));
    const ProgramRun changed = m_program->runOnDatabase({QStringLiteral("ingest"),
                                                         QStringLiteral("--owner=twice"),
                                                         QStringLiteral("--json"),
                                                         m_program->folder()});
    QVERIFY(changed.json().constLast().at("summary").at("updated") == 1);
}

void TestProgramIngest::dryRunStoresNothing()
{
    QVERIFY(m_program->write(QStringLiteral("bird.txt"), "A wren sings.\n"));
    const ProgramRun plan = m_program->runOnDatabase({QStringLiteral("ingest"),
                                                      QStringLiteral("--owner=dry"),
                                                      QStringLiteral("--dry-run"),
                                                      QStringLiteral("--json"),
                                                      m_program->folder()});
    QVERIFY2(plan.exitCode == 0, plan.all().constData());
    QVERIFY(plan.json().constLast().at("summary").at("total") == 1);
    const ProgramRun owners = m_program->runOnDatabase(
        {QStringLiteral("owners"), QStringLiteral("list"), QStringLiteral("--json")});
    QVERIFY(!owners.output.contains("\"dry\""));
}

void TestProgramIngest::interruptedIngestKeepsWhatIsStored()
{
    constexpr int kFiles = 300;
    for (int i = 0; i < kFiles; ++i)
        QVERIFY(m_program->write(QStringLiteral("file%1.txt").arg(i),
                                 "Sentence number " + QByteArray::number(i) + " about geese.\n"));
    const auto process =
        m_program->process(m_program->withDatabase({QStringLiteral("ingest"),
                                                    QStringLiteral("--owner=geese"),
                                                    QStringLiteral("--json"),
                                                    m_program->folder()}));
    process->start();
    QVERIFY(toQString(ProgramFixture::firstLine(*process).at("status")) == QLatin1String("added"));
    ::kill(pid_t(process->processId()), SIGINT);
    QVERIFY(process->waitForFinished(kProgramPatienceMs));
    QCOMPARE(process->exitStatus(), QProcess::NormalExit);
    QCOMPARE(process->exitCode(), 130);

    const ProgramRun rest{
        .exitCode = 130, .output = process->readAllStandardOutput(), .errors = {}};
    const Json summary = rest.json().constLast().at("summary");
    const qint64 added = summary.at("added").get<qint64>();
    QVERIFY2(added >= 1 && added < kFiles, toUtf8(summary).constData());
    QVERIFY2(summary.at("cancelled") == kFiles - added, toUtf8(summary).constData());
    const ProgramRun owner = m_program->runOnDatabase({QStringLiteral("owners"),
                                                       QStringLiteral("show"),
                                                       QStringLiteral("geese"),
                                                       QStringLiteral("--json")});
    QVERIFY2(owner.json().constFirst().at("document_count") == added, owner.output.constData());
}

QTEST_GUILESS_MAIN(TestProgramIngest)
#include "tst_program_ingest.moc"
