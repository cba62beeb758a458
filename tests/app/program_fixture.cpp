#include "tests/app/program_fixture.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcessEnvironment>
#include <QTest>

namespace llmemory::testing {

QList<Json> ProgramRun::json() const
{
    QList<Json> values;
    for (const QByteArray &line : output.split('\n')) {
        if (!line.isEmpty())
            values += parseJson(line, QStringLiteral("output")).value_or(Json());
    }
    return values;
}

ProgramFixture::ProgramFixture() : m_program(qEnvironmentVariable("LLMEMORY_EXECUTABLE")) {}

QString ProgramFixture::reason() const
{
    if (m_program.isEmpty())
        return QStringLiteral("LLMEMORY_EXECUTABLE is not set; run the test with ctest");
    return m_database.reason();
}

bool ProgramFixture::clear()
{
    m_directory = std::make_unique<QTemporaryDir>();
    return m_directory->isValid() && QDir().mkpath(folder() + QStringLiteral("/sub"));
}

QStringList ProgramFixture::withDatabase(const QStringList &arguments) const
{
    return QStringList{QStringLiteral("--database-url"),
                       m_database.connectionString(),
                       QStringLiteral("--schema"),
                       m_database.schema(),
                       QStringLiteral("--data-dir"),
                       path(QStringLiteral("data"))} +
           arguments;
}

std::unique_ptr<QProcess> ProgramFixture::process(const QStringList &arguments) const
{
    auto process = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        environment.remove(QLatin1String(name));
    process->setProcessEnvironment(environment);
    process->setProgram(m_program);
    process->setArguments(arguments);
    return process;
}

ProgramRun ProgramFixture::run(const QStringList &arguments) const
{
    const auto running = process(arguments);
    running->start();
    ProgramRun run;
    if (!running->waitForFinished(kProgramPatienceMs)) {
        running->kill();
        running->waitForFinished();
    } else if (running->exitStatus() == QProcess::NormalExit) {
        run.exitCode = running->exitCode();
    }
    run.output = running->readAllStandardOutput();
    run.errors = running->readAllStandardError();
    return run;
}

QString ProgramFixture::folder() const
{
    return path(QStringLiteral("files"));
}

bool ProgramFixture::write(const QString &name, const QByteArray &content) const
{
    QFile file(folder() + u'/' + name);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

void ProgramFixture::ingestTwoFiles(const QString &owner) const
{
    QVERIFY(write(QStringLiteral("bird.txt"),
                  "A kingfisher dives from the willow branch into the clear brook.\n"));
    QVERIFY(write(QStringLiteral("heron.pdf"), onePagePdf()));
    const ProgramRun ingest =
        runOnDatabase({QStringLiteral("ingest"), QStringLiteral("--owner"), owner, folder()});
    QVERIFY2(ingest.exitCode == 0, ingest.all().constData());
}

Json ProgramFixture::firstLine(QProcess &process)
{
    QElapsedTimer clock;
    clock.start();
    while (!process.canReadLine() && process.state() != QProcess::NotRunning &&
           clock.elapsed() < kProgramPatienceMs)
        process.waitForReadyRead(100);
    return parseJson(process.readLine(), QStringLiteral("output")).value_or(Json());
}

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

} // namespace llmemory::testing
