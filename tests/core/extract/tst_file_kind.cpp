#include "core/extract/file_kind.h"
#include "core/testing/verify_result.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::extract;

Q_DECLARE_METATYPE(llmemory::extract::FileKind)

class TestFileKind : public QObject
{
    Q_OBJECT

private slots:
    void kind_data();
    void kind();
    void supportedName_data();
    void supportedName();
    void words();
};

void TestFileKind::kind_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<FileKind>("kind");

    const auto row = [](const char *tag, const char *name, const QByteArray &bytes, FileKind kind) {
        QTest::newRow(tag) << QString::fromUtf8(name) << bytes << kind;
    };
    const QByteArray zip("PK\x03\x04");
    const QByteArray ole("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    row("text", "notes.txt", "some words", FileKind::Text);
    row("table", "a.CSV", "a,b", FileKind::Text);
    row("code", "main.cpp", "int main()", FileKind::Code);
    row("code by its whole name", "Makefile", "all:", FileKind::Code);
    row("markdown", "README.md", "# Title", FileKind::Markdown);
    row("page", "index.html", "<p>", FileKind::Html);
    row("page under another name", "saved.txt", "\n <!DOCTYPE html><p>", FileKind::Html);
    row("pdf", "a.pdf", "%PDF-1.7", FileKind::Pdf);
    row("pdf under another name", "a.txt", "%PDF-1.7", FileKind::Pdf);
    row("pdf after rubbish", "a.pdf", QByteArray(500, ' ') + "%PDF-1.7", FileKind::Pdf);
    row("notes about pdf", "a.md", "the header is %PDF-1.7", FileKind::Markdown);
    row("damaged pdf", "a.pdf", "nothing", FileKind::Pdf);
    row("document", "a.docx", zip, FileKind::Docx);
    row("document with a password", "a.docx", ole, FileKind::Docx);
    row("old document", "a.doc", ole, FileKind::Unsupported);
    row("archive as text", "a.txt", zip, FileKind::Unsupported);
    row("archive", "a.zip", zip, FileKind::Unsupported);
    row("image", "a.png", "\x89PNG\r\n", FileKind::Unsupported);
    row("image without suffix", "photo", "\xff\xd8\xff\xe0", FileKind::Unsupported);
    row("mail", "a.eml", "From: a@example.org", FileKind::Unsupported);
    row("rich text", "a.rtf", "{\\rtf1", FileKind::Unsupported);
    row("rich text as text", "a.txt", "{\\rtf1", FileKind::Unsupported);
    row("unknown suffix is tried", "a.xyzzy", "words", FileKind::Text);
    row("no suffix is tried", "letter", "words", FileKind::Text);
    row("path", "/home/a.pdf/notes.txt", "words", FileKind::Text);
    row("empty", "", "", FileKind::Text);
}

void TestFileKind::kind()
{
    QFETCH(const QString, name);
    QFETCH(const QByteArray, bytes);
    QFETCH(const FileKind, kind);
    QCOMPARE(kindOfFile(name, bytes), kind);
}

void TestFileKind::supportedName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("supported");
    QTest::newRow("text") << QStringLiteral("a.txt") << true;
    QTest::newRow("upper case") << QStringLiteral("REPORT.PDF") << true;
    QTest::newRow("path") << QStringLiteral("/tmp/x.y/report.docx") << true;
    QTest::newRow("whole name") << QStringLiteral("LICENSE") << true;
    QTest::newRow("unknown suffix") << QStringLiteral("a.xyzzy") << false;
    QTest::newRow("no suffix") << QStringLiteral("core") << false;
    QTest::newRow("book") << QStringLiteral("a.epub") << false;
    QTest::newRow("image") << QStringLiteral("a.jpg") << false;
    QTest::newRow("suffix in the folder only") << QStringLiteral("/a.txt/b") << false;
}

void TestFileKind::supportedName()
{
    QFETCH(const QString, name);
    QFETCH(const bool, supported);
    QCOMPARE(isSupportedName(name), supported);
}

void TestFileKind::words()
{
    for (const FileKind kind : {FileKind::Unsupported,
                                FileKind::Text,
                                FileKind::Code,
                                FileKind::Markdown,
                                FileKind::Html,
                                FileKind::Pdf,
                                FileKind::Docx})
        QCOMPARE(fileKindFromString(toString(kind)), kind);
    QCOMPARE(fileKindFromString(QStringLiteral("exe")), FileKind::Unsupported);
    QVERIFY(supportedSuffixes().contains(QStringLiteral("docx")));
}

QTEST_GUILESS_MAIN(TestFileKind)
#include "tst_file_kind.moc"
