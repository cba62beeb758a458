#include "core/ingest/file_scanner.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace llmemory;

/// Which files a drop means.
class TestFileScanner : public QObject
{
    Q_OBJECT

private slots:
    void init();

    void walksFoldersSorted();
    void skipsHiddenFiles();
    void namesEachFileOnce();
    void excludesByNameAndPath();
    void reportsWhatIsMissing();
    void reportsWhatIsNoFile();
    void staysInsideTheFolder();
    void survivesLinkLoops();
    void idAtOriginWantsOneFile();
    void refusesEmptyRequests();
    void stopsWhenCancelled();

private:
    QString write(const QString &name);
    IngestRequest request(const QStringList &paths) const;
    QStringList names(const Result<QList<IngestFile>> &files) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestFileScanner::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

QString TestFileScanner::write(const QString &name)
{
    const QString path = m_folder->filePath(name);
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write("text");
    return path;
}

IngestRequest TestFileScanner::request(const QStringList &paths) const
{
    IngestRequest request;
    request.owner = OwnerId::parse(QStringLiteral("alice")).value();
    request.paths = paths;
    return request;
}

/// Paths below the folder, failed ones with their code in front.
QStringList TestFileScanner::names(const Result<QList<IngestFile>> &files) const
{
    QStringList list;
    const QDir folder(QFileInfo(m_folder->path()).canonicalFilePath());
    for (const IngestFile &file : files.value_or(QList<IngestFile>())) {
        const QString name = folder.relativeFilePath(file.path);
        list << (file.state == IngestState::Failed ? file.errorCode + QLatin1Char(':') + name
                                                   : name);
    }
    return list;
}

void TestFileScanner::walksFoldersSorted()
{
    write(QStringLiteral("b.txt"));
    write(QStringLiteral("a/z.txt"));
    write(QStringLiteral("a.txt"));
    const auto files = ingest::scanFiles(request({m_folder->path()}));
    VERIFY_RESULT(files);
    QCOMPARE(
        names(files),
        QStringList({QStringLiteral("a.txt"), QStringLiteral("a/z.txt"), QStringLiteral("b.txt")}));
    QCOMPARE(files->first().idAtOrigin, files->first().path);
}

void TestFileScanner::skipsHiddenFiles()
{
    write(QStringLiteral(".hidden.txt"));
    write(QStringLiteral(".git/config"));
    write(QStringLiteral("seen.txt"));
    QCOMPARE(names(ingest::scanFiles(request({m_folder->path()}))),
             QStringList(QStringLiteral("seen.txt")));
}

void TestFileScanner::namesEachFileOnce()
{
    const QString path = write(QStringLiteral("a.txt"));
    QCOMPARE(names(ingest::scanFiles(request({path, m_folder->path(), path}))),
             QStringList(QStringLiteral("a.txt")));
}

void TestFileScanner::excludesByNameAndPath()
{
    write(QStringLiteral("keep.txt"));
    write(QStringLiteral("drop.tmp"));
    write(QStringLiteral("node/deep.txt"));
    IngestRequest wanted = request({m_folder->path()});
    wanted.excludes = {QStringLiteral("*.tmp"), QStringLiteral("node/*")};
    QCOMPARE(names(ingest::scanFiles(wanted)), QStringList(QStringLiteral("keep.txt")));
}

void TestFileScanner::reportsWhatIsMissing()
{
    const auto files = ingest::scanFiles(request({m_folder->filePath(QStringLiteral("gone.txt"))}));
    QCOMPARE(names(files), QStringList(QStringLiteral("not_found:gone.txt")));
    QVERIFY(!files->first().error.isEmpty());
}

void TestFileScanner::reportsWhatIsNoFile()
{
    const QString pipe = m_folder->filePath(QStringLiteral("pipe"));
    QCOMPARE(mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    QCOMPARE(names(ingest::scanFiles(request({pipe}))),
             QStringList(QStringLiteral("unsupported:pipe")));
}

void TestFileScanner::staysInsideTheFolder()
{
    const QTemporaryDir outside;
    QFile secret(outside.filePath(QStringLiteral("secret.txt")));
    QVERIFY(secret.open(QIODevice::WriteOnly));
    write(QStringLiteral("in/a.txt"));
    QVERIFY(QFile::link(secret.fileName(), m_folder->filePath(QStringLiteral("in/link.txt"))));
    QVERIFY(QFile::link(outside.path(), m_folder->filePath(QStringLiteral("in/linked"))));
    QCOMPARE(names(ingest::scanFiles(request({m_folder->filePath(QStringLiteral("in"))}))),
             QStringList(QStringLiteral("in/a.txt")));
}

void TestFileScanner::survivesLinkLoops()
{
    write(QStringLiteral("a.txt"));
    QVERIFY(QFile::link(m_folder->path(), m_folder->filePath(QStringLiteral("loop"))));
    QCOMPARE(names(ingest::scanFiles(request({m_folder->path()}))),
             QStringList(QStringLiteral("a.txt")));
}

void TestFileScanner::idAtOriginWantsOneFile()
{
    IngestRequest wanted = request({write(QStringLiteral("a.txt"))});
    wanted.idAtOrigin = QStringLiteral("https://example.org/a");
    const auto one = ingest::scanFiles(wanted);
    VERIFY_RESULT(one);
    QCOMPARE(one->first().idAtOrigin, wanted.idAtOrigin);
    wanted.paths << write(QStringLiteral("b.txt"));
    const auto two = ingest::scanFiles(wanted);
    QVERIFY(!two);
    QCOMPARE(two.error().field, QStringLiteral("id_at_origin"));
}

void TestFileScanner::refusesEmptyRequests()
{
    QCOMPARE(ingest::scanFiles(request({})).error().kind, ErrorKind::Validation);
    IngestRequest nobody = request({m_folder->path()});
    nobody.owner = OwnerId();
    QCOMPARE(ingest::scanFiles(nobody).error().field, QStringLiteral("owner_id"));
}

void TestFileScanner::stopsWhenCancelled()
{
    write(QStringLiteral("a.txt"));
    const auto files = ingest::scanFiles(request({m_folder->path()}), {}, [] { return true; });
    QVERIFY(!files);
    QCOMPARE(files.error().kind, ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(TestFileScanner)
#include "tst_file_scanner.moc"
