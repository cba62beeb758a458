#include "core/http/token_store.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace llmemory;
using namespace llmemory::http;

class TestTokenStore : public QObject
{
    Q_OBJECT

private slots:
    void makesATokenOnce();
    void keepsItForTheUserAlone();
    void refuses_data();
    void refuses();
    void saysWhyThereIsNoFile();
};

void TestTokenStore::makesATokenOnce()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("token"));
    const auto first = TokenStore::open(path);
    QVERIFY(first);
    QVERIFY(first->token().startsWith("llm_"));
    QCOMPARE(first->token().size(), 4 + 43); // 256 bits in base64url
    QCOMPARE(first->sha256(), QCryptographicHash::hash(first->token(), QCryptographicHash::Sha256));
    const auto second = TokenStore::open(path);
    QVERIFY(second);
    QCOMPARE(second->token(), first->token());
    QVERIFY(TokenStore::createToken() != TokenStore::createToken());
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void TestTokenStore::keepsItForTheUserAlone()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("token"));
    const mode_t before = ::umask(0);
    const auto store = TokenStore::open(path);
    ::umask(before);
    QVERIFY(store);
    struct stat status = {};
    QCOMPARE(::stat(QFile::encodeName(path).constData(), &status), 0);
    QCOMPARE(int(status.st_mode & 07777), 0600);
}

void TestTokenStore::refuses_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("mode");
    const QByteArray good = "llm_" + QByteArray(43, 'a');
    QTest::newRow("readable by the group") << good << 0640;
    QTest::newRow("readable by all") << good << 0604;
    QTest::newRow("empty") << QByteArray() << 0600;
    QTest::newRow("short") << good.chopped(1) << 0600;
    QTest::newRow("two lines") << QByteArray(good + '\n' + good) << 0600;
    QTest::newRow("another file") << QByteArray(10'000, 'a') << 0600;
}

void TestTokenStore::refuses()
{
    QFETCH(QByteArray, content);
    QFETCH(int, mode);
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("token"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode_t(mode)), 0);
    const auto store = TokenStore::open(path);
    QVERIFY(!store);
    QVERIFY(store.error().kind == ErrorKind::Configuration);
    QVERIFY(store.error().message.contains(path));
    QVERIFY(!store.error().message.contains(QLatin1String("llm_")));
}

void TestTokenStore::saysWhyThereIsNoFile()
{
    const QTemporaryDir folder;
    const auto missing = TokenStore::open(folder.filePath(QStringLiteral("no/token")));
    QVERIFY(!missing);
    QVERIFY(missing.error().kind == ErrorKind::Unavailable);
    QVERIFY(!TokenStore::open(folder.path()));
    const QString link = folder.filePath(QStringLiteral("link"));
    QVERIFY(QFile::link(folder.filePath(QStringLiteral("target")), link));
    QVERIFY(!TokenStore::open(link));
    QVERIFY(!QFileInfo::exists(folder.filePath(QStringLiteral("target"))));
}

QTEST_GUILESS_MAIN(TestTokenStore)
#include "tst_token_store.moc"
