#include "core/extract/extraction_process.h"
#include "core/testing/verify_result.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <csignal>
#include <sys/stat.h>
#include <vector>

using namespace llmemory;
using namespace llmemory::extract;

Q_DECLARE_METATYPE(llmemory::extract::Outcome)

namespace {

/// Also true for one that nobody has reaped yet.
bool hasEnded(int pid)
{
    QFile status(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return true;
    const QByteArray content = status.readAll();
    return content.mid(content.lastIndexOf(')') + 2, 1) == "Z";
}

} // namespace

class TestExtractionProcess : public QObject
{
    Q_OBJECT

private slots:
    void misbehaviour_data();
    void misbehaviour();
    void surroundings();
    void noGrandchildIsLeft();
    void cancelled();
    void fromManyThreads();
    void missingWorker();
    void notARegularFile_data();
    void notARegularFile();
    void decidedWithoutAWorker();
    void realWorker();

private:
    QString file(const QString &name, const QByteArray &content) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write the test's file");
        return file.fileName();
    }

    static ExtractionLimits shortLimits()
    {
        ExtractionLimits limits;
        limits.wallClock = std::chrono::milliseconds(700);
        limits.frameBytes = 1024 * 1024;
        return limits;
    }

    QTemporaryDir m_folder;
    QString m_mock = QStringLiteral(MOCK_WORKER);
};

void TestExtractionProcess::misbehaviour_data()
{
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<QString>("reason");

    const QString failed =
        QStringLiteral("Reading file.txt failed. Not imported; the other files are.");
    QTest::newRow("answer") << Outcome::Ok << QString();
    QTest::newRow("hang")
        << Outcome::Timeout
        << QStringLiteral("Reading file.txt took over 1 s. Not imported; the other files are.");
    QTest::newRow("close and hang") << Outcome::Timeout << QString();
    QTest::newRow("answer and hang") << Outcome::Timeout << QString();
    QTest::newRow("spin") << Outcome::Timeout << QString();
    QTest::newRow("eat memory") << Outcome::Memory << QString();
    QTest::newRow("flood") << Outcome::Crashed << failed;
    QTest::newRow("crash") << Outcome::Crashed << failed;
    QTest::newRow("abort") << Outcome::Crashed << failed;
    QTest::newRow("silent exit") << Outcome::Crashed << failed;
    QTest::newRow("garbage") << Outcome::Crashed << failed;
    QTest::newRow("half a frame") << Outcome::Crashed << failed;
    QTest::newRow("answer and fail") << Outcome::Crashed << failed;
    QTest::newRow("pretend unreadable") << Outcome::Crashed << failed;
    QTest::newRow("exit 127") << Outcome::Crashed << failed;
}

void TestExtractionProcess::misbehaviour()
{
    QFETCH(const Outcome, outcome);
    QFETCH(const QString, reason);
    const QByteArray what = QTest::currentDataTag();
    ExtractionLimits limits = shortLimits();
    if (what == "spin") {
        limits.cpuSeconds = 1;
        limits.wallClock = std::chrono::seconds(60);
    } else if (what == "eat memory") {
#ifdef LLMEMORY_SANITIZED
        QSKIP("Sanitizers need more address space than any limit allows.");
#endif
        limits.addressSpaceBytes = 256ULL * 1024 * 1024;
        limits.wallClock = std::chrono::seconds(60);
    } else if (outcome != Outcome::Timeout) {
        limits.wallClock = std::chrono::seconds(60);
    }

    const ExtractionProcess process(m_mock, limits);
    const Extraction extraction = process.extract(file(QStringLiteral("file.txt"), what));
    QCOMPARE(extraction.outcome, outcome);
    QCOMPARE(extraction.text.isEmpty(), outcome != Outcome::Ok);
    QCOMPARE(extraction.reason.isEmpty(), outcome == Outcome::Ok);
    if (!reason.isEmpty())
        QCOMPARE(extraction.reason, reason);
}

void TestExtractionProcess::surroundings()
{
    // What this process holds open must not reach the child.
    QFile secret(file(QStringLiteral("secret"), "secret"));
    QVERIFY(secret.open(QIODevice::ReadOnly));
    qputenv("LLMEMORY_TEST_SECRET", "secret");

    const Extraction extraction =
        ExtractionProcess(m_mock).extract(file(QStringLiteral("file.txt"), "surroundings"));
    QCOMPARE(extraction.outcome, Outcome::Ok);
    const QStringList lines = extraction.text.split(QLatin1Char('\n'));
    const QStringList expected{QStringLiteral("cpu 20"),
                               QStringLiteral("files 32"),
                               QStringLiteral("core 0"),
                               QStringLiteral("size 0"),
                               QStringLiteral("nonewprivs 1"),
                               QStringLiteral("root 0"),
                               QStringLiteral("descriptors 0"),
                               QStringLiteral("variables 2"),
                               QStringLiteral("deathsignal ") + QString::number(SIGKILL)};
    QCOMPARE(lines, expected);
}

void TestExtractionProcess::noGrandchildIsLeft()
{
    ExtractionLimits limits;
    limits.wallClock = std::chrono::minutes(4);
    const Extraction extraction = ExtractionProcess(m_mock, limits)
                                      .extract(file(QStringLiteral("file.txt"), "leave a child"));
    QCOMPARE(extraction.outcome, Outcome::Ok);
    // The answer is the number of the process that the worker left.
    const int grandchild = extraction.text.toInt();
    QVERIFY(grandchild > 0);
    QTRY_VERIFY(hasEnded(grandchild));
}

void TestExtractionProcess::cancelled()
{
    const ExtractionProcess process(m_mock);
    const QString path = file(QStringLiteral("file.txt"), "hang");
    std::atomic_bool stop = false;
    Extraction extraction;
    const std::unique_ptr<QThread> thread(
        QThread::create([&] { extraction = process.extract(path, &stop); }));
    thread->start();
    QThread::msleep(100);
    stop = true;
    QVERIFY(thread->wait(30'000));
    QCOMPARE(extraction.outcome, Outcome::Cancelled);
    QVERIFY(!isAboutContent(extraction.outcome));
}

void TestExtractionProcess::fromManyThreads()
{
    static constexpr int kThreads = 8;
    const ExtractionProcess process(m_mock);
    const QString good = file(QStringLiteral("good.txt"), "answer");
    const QString bad = file(QStringLiteral("bad.txt"), "crash");
    std::atomic_int right = 0;
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < kThreads; ++i) {
        const bool isGood = i % 2 == 0;
        threads.emplace_back(QThread::create([&, isGood] {
            const Outcome outcome = process.extract(isGood ? good : bad).outcome;
            right += outcome == (isGood ? Outcome::Ok : Outcome::Crashed) ? 1 : 0;
        }));
        threads.back()->start();
    }
    for (const auto &thread : threads)
        QVERIFY(thread->wait(60'000));
    QCOMPARE(right.load(), kThreads);
}

void TestExtractionProcess::missingWorker()
{
    const QString path = file(QStringLiteral("file.txt"), "answer");
    const Extraction absent =
        ExtractionProcess(m_folder.filePath(QStringLiteral("absent"))).extract(path);
    QCOMPARE(absent.outcome, Outcome::Unreadable);
    QVERIFY(absent.reason.contains(QLatin1String("does not start")));

    const QString noProgram = file(QStringLiteral("noprogram"), "just text");
    QVERIFY(QFile::setPermissions(noProgram, QFile::ReadOwner | QFile::ExeOwner | QFile::ExeOther));
    QCOMPARE(ExtractionProcess(noProgram).extract(path).outcome, Outcome::Unreadable);
}

void TestExtractionProcess::notARegularFile_data()
{
    QTest::addColumn<QString>("path");

    const QString link = m_folder.filePath(QStringLiteral("link.txt"));
    QFile::link(file(QStringLiteral("target.txt"), "answer"), link);
    QTest::newRow("symbolic link") << link;
    const QString fifo = m_folder.filePath(QStringLiteral("fifo.txt"));
    QCOMPARE(::mkfifo(QFile::encodeName(fifo).constData(), 0600), 0);
    QTest::newRow("pipe without a writer") << fifo;
    QTest::newRow("folder") << m_folder.path();
    QTest::newRow("device") << QStringLiteral("/dev/zero");
    QTest::newRow("terminal") << QStringLiteral("/dev/tty");
    QTest::newRow("nothing there") << m_folder.filePath(QStringLiteral("absent.txt"));
    QTest::newRow("empty path") << QString();
}

void TestExtractionProcess::notARegularFile()
{
    QFETCH(const QString, path);
    const Extraction extraction = ExtractionProcess(m_mock).extract(path);
    QCOMPARE(extraction.outcome, Outcome::Unreadable);
    QVERIFY(!extraction.reason.isEmpty());
}

void TestExtractionProcess::decidedWithoutAWorker()
{
    ExtractionLimits limits;
    limits.inputBytes = 10;
    const ExtractionProcess process(m_folder.filePath(QStringLiteral("absent")), limits);

    QCOMPARE(process.extract(file(QStringLiteral("empty.txt"), "")).outcome, Outcome::Empty);
    QCOMPARE(process.extract(file(QStringLiteral("large.txt"), "eleven bytes")).outcome,
             Outcome::TooLarge);
    const Extraction book = process.extract(file(QStringLiteral("Book.EPUB"), "PK"));
    QCOMPARE(book.outcome, Outcome::Unsupported);
    QCOMPARE(book.reason, QStringLiteral("Reading .epub files is not supported yet."));
}

void TestExtractionProcess::realWorker()
{
    const ExtractionProcess process(QStringLiteral(REAL_WORKER));
    const Extraction text =
        process.extract(file(QStringLiteral("note.txt"), "One line\r\nand another\n"));
    QCOMPARE(text.outcome, Outcome::Ok);
    QCOMPARE(text.text, QStringLiteral("One line\nand another\n"));
    QCOMPARE(text.type, DocumentType::Text);

    const Extraction code = process.extract(file(QStringLiteral("main.py"), "print('hello')\n"));
    QCOMPARE(code.type, DocumentType::Code);

    const Extraction binary =
        process.extract(file(QStringLiteral("data.txt"), QByteArray(100, '\0')));
    QCOMPARE(binary.outcome, Outcome::Unsupported);
    QCOMPARE(binary.reason, QStringLiteral("data.txt is not a text file. Not imported."));
}

QTEST_GUILESS_MAIN(TestExtractionProcess)
#include "tst_extraction_process.moc"
