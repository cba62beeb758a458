#include "core/base/program_locator.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using llmemory::ErrorKind;
using llmemory::locateProgram;
using llmemory::ProgramPlaces;

/// Where the llmemory executable is found by a program that links the library.
class TestProgramLocator : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void takesTheFirst_data();
    void takesTheFirst();
    void refusesWhatCannotBeStarted_data();
    void refusesWhatCannotBeStarted();
    void saysWhatToDo();
    void knowsThisProcess();

private:
    QString path(const QString &name) const { return m_directory->filePath(name); }
    /// An executable file, its directory included.
    void place(const QString &name) const;
    ProgramPlaces places(const QString &application) const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestProgramLocator::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(m_directory->isValid());
}

void TestProgramLocator::place(const QString &name) const
{
    QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
}

ProgramPlaces TestProgramLocator::places(const QString &application) const
{
    return {path(application),
            path(QStringLiteral("installed")),
            {path(QStringLiteral("path1")), path(QStringLiteral("path2"))}};
}

void TestProgramLocator::takesTheFirst_data()
{
    QTest::addColumn<QStringList>("present");
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("application");
    QTest::addColumn<QString>("expected");

    const QString other = QStringLiteral("app/notes");
    const QString own = QStringLiteral("app/llmemory");
    const QString installed = QStringLiteral("installed/llmemory");
    const QString first = QStringLiteral("path1/llmemory");
    const QString second = QStringLiteral("path2/llmemory");
    const QStringList all{QStringLiteral("my/memory"), own, installed, first, second};
    QTest::newRow("given") << all << QStringLiteral("my/memory") << other
                           << QStringLiteral("my/memory");
    QTest::newRow("itself") << all << QString() << own << own;
    QTest::newRow("beside the application") << all << QString() << other << own;
    QTest::newRow("installed") << QStringList{installed, first} << QString() << other << installed;
    QTest::newRow("PATH in its order") << QStringList{first, second} << QString() << other << first;
    QTest::newRow("later in PATH") << QStringList{second} << QString() << other << second;
}

void TestProgramLocator::takesTheFirst()
{
    QFETCH(QStringList, present);
    QFETCH(QString, given);
    QFETCH(QString, application);
    QFETCH(QString, expected);
    for (const QString &name : present)
        place(name);
    const auto found = locateProgram(given.isEmpty() ? given : path(given), places(application));
    VERIFY_RESULT(found);
    QCOMPARE(*found, path(expected));
}

void TestProgramLocator::refusesWhatCannotBeStarted_data()
{
    QTest::addColumn<QString>("given");
    QTest::newRow("absent") << QStringLiteral("nothing");
    QTest::newRow("directory") << QStringLiteral("folder");
    QTest::newRow("not executable") << QStringLiteral("file");
}

void TestProgramLocator::refusesWhatCannotBeStarted()
{
    QFETCH(QString, given);
    QVERIFY(QDir().mkpath(path(QStringLiteral("folder"))));
    QFile file(path(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    // A wrong setting is not silently replaced by another program.
    place(QStringLiteral("path1/llmemory"));
    const auto found = locateProgram(path(given), places(QStringLiteral("app/notes")));
    QVERIFY(!found);
    QCOMPARE(found.error().kind, ErrorKind::Configuration);
    QCOMPARE(found.error().code, QStringLiteral("program_missing"));
    QVERIFY2(found.error().message.contains(path(given)), qPrintable(found.error().message));
}

void TestProgramLocator::saysWhatToDo()
{
    QVERIFY(QDir().mkpath(path(QStringLiteral("path1/llmemory")))); // a directory is no program
    const auto found = locateProgram({}, places(QStringLiteral("app/notes")));
    QVERIFY(!found);
    QCOMPARE(found.error().kind, ErrorKind::Configuration);
    QVERIFY2(found.error().message.contains(path(QStringLiteral("installed"))),
             qPrintable(found.error().message));
    QVERIFY(found.error().message.contains(QStringLiteral("Install llmemory")));
}

void TestProgramLocator::knowsThisProcess()
{
    qputenv("PATH", "/usr/bin::/bin");
    const ProgramPlaces places = ProgramPlaces::ofThisProcess();
    QCOMPARE(places.application, QCoreApplication::applicationFilePath());
    QVERIFY(QDir::isAbsolutePath(places.installation));
    QCOMPARE(places.searchPaths, (QStringList{QStringLiteral("/usr/bin"), QStringLiteral("/bin")}));
}

QTEST_GUILESS_MAIN(TestProgramLocator)
#include "tst_program_locator.moc"
