#include "ui/common/file_actions.h"

#include <QDesktopServices>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <optional>

using namespace llmemory;

/// Stands for the desktop: is told what would be opened.
class Desktop : public QObject
{
    Q_OBJECT

public:
    QList<QUrl> opened;

public slots:
    void open(const QUrl &url) { opened.append(url); }
};

class TestFileActions : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void localPath_data();
    void localPath();
    void opensTheFile();
    void opensTheFolder();
    void missingFileIsSaid();
    void foreignOriginIsSaid();

private:
    std::optional<Result<>> m_answer;
    QTemporaryDir m_directory;
    Desktop m_desktop;
};

void TestFileActions::init()
{
    m_answer.reset();
    m_desktop.opened.clear();
    QDesktopServices::setUrlHandler(QStringLiteral("file"), &m_desktop, "open");
}

void TestFileActions::cleanup()
{
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
}

void TestFileActions::localPath_data()
{
    QTest::addColumn<QString>("origin");
    QTest::addColumn<QString>("path");
    QTest::newRow("absolute path") << "/home/a/b.pdf"
                                   << "/home/a/b.pdf";
    QTest::newRow("dots are resolved") << "/home/a/../b.pdf"
                                       << "/home/b.pdf";
    QTest::newRow("file URL") << "file:///home/a%20b.pdf"
                              << "/home/a b.pdf";
    QTest::newRow("file URL of this host") << "file://localhost/home/a.pdf"
                                           << "/home/a.pdf";
    QTest::newRow("file URL of another host") << "file://server/home/a.pdf"
                                              << "";
    QTest::newRow("web address") << "https://example.org/a.pdf"
                                 << "";
    QTest::newRow("relative path") << "a/b.pdf"
                                   << "";
    QTest::newRow("free id") << "mail-4711"
                             << "";
    QTest::newRow("empty") << ""
                           << "";
}

void TestFileActions::localPath()
{
    QFETCH(QString, origin);
    QTEST(ui::localPath(origin), "path");
}

void TestFileActions::opensTheFile()
{
    QFile file(m_directory.filePath(QStringLiteral("50 % of #1.txt")));
    QVERIFY(file.open(QFile::WriteOnly));
    ui::openFile(file.fileName(), this, [this](const Result<> &r) { m_answer = r; });
    QTRY_VERIFY(m_answer);
    QVERIFY(m_answer->has_value());
    QCOMPARE(m_desktop.opened, QList<QUrl>{QUrl::fromLocalFile(file.fileName())});
}

void TestFileActions::opensTheFolder()
{
    ui::showInFolder(m_directory.filePath(QStringLiteral("gone.txt")),
                     this,
                     [this](const Result<> &r) { m_answer = r; });
    QTRY_VERIFY(m_answer);
    QVERIFY(m_answer->has_value());
    QCOMPARE(m_desktop.opened, QList<QUrl>{QUrl::fromLocalFile(m_directory.path())});
}

void TestFileActions::missingFileIsSaid()
{
    ui::openFile(m_directory.filePath(QStringLiteral("gone.txt")), this, [this](const Result<> &r) {
        m_answer = r;
    });
    QTRY_VERIFY(m_answer);
    QVERIFY(!m_answer->has_value());
    QVERIFY(m_answer->error().message.contains(QStringLiteral("gone.txt")));
    QVERIFY(m_desktop.opened.isEmpty());
}

void TestFileActions::foreignOriginIsSaid()
{
    ui::openFile(
        QStringLiteral("https://example.org/a"), this, [this](const Result<> &r) { m_answer = r; });
    QVERIFY(m_answer);
    QVERIFY(!m_answer->has_value());
    QVERIFY(m_desktop.opened.isEmpty());
}

QTEST_MAIN(TestFileActions)
#include "tst_file_actions.moc"
