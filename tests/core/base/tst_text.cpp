#include "core/base/logging.h"
#include "core/base/text.h"

#include <QTest>

using namespace llmemory;

namespace {

const QChar kNul(u'\0');
const QChar kHigh(0xD83D); // with kLow: U+1F600
const QChar kLow(0xDE00);
const QChar kReplacement(QChar::ReplacementCharacter);

} // namespace

/// What is taken out of texts before they go to the database, the screen or the log.
class TestText : public QObject
{
    Q_OBJECT

private slots:
    void scrubbed_data();
    void scrubbed();
    void elided_data();
    void elided();
    void sha256();
    void redacted_data();
    void redacted();
};

void TestText::scrubbed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const QString a = QStringLiteral("a");
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("plain") << QStringLiteral("a\tb\n") << QStringLiteral("a\tb\n");
    QTest::newRow("U+0000 inside") << QString(a + kNul + a) << QStringLiteral("aa");
    QTest::newRow("only U+0000") << QString(kNul) << QString();
    QTest::newRow("pair stays") << QString(a + kHigh + kLow) << QString(a + kHigh + kLow);
    QTest::newRow("lone high at the end") << QString(a + kHigh) << QString(a + kReplacement);
    QTest::newRow("lone high inside") << QString(kHigh + a) << QString(kReplacement + a);
    QTest::newRow("lone low") << QString(kLow + a) << QString(kReplacement + a);
    QTest::newRow("turned round") << QString(QString(kLow) + kHigh)
                                  << QString(QString(kReplacement) + kReplacement);
    QTest::newRow("high before a pair")
        << QString(QString(kHigh) + kHigh + kLow) << QString(QString(kReplacement) + kHigh + kLow);
    QTest::newRow("halves parted by U+0000")
        << QString(QString(kHigh) + kNul + kLow) << QString(QString(kHigh) + kLow);
}

void TestText::scrubbed()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const QString before = text;
    QCOMPARE(llmemory::scrubbed(text), expected);
    QCOMPARE(text, before);
}

void TestText::elided_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("expected");
    QTest::newRow("fits") << QStringLiteral("abc") << 3 << QStringLiteral("abc");
    QTest::newRow("cut") << QStringLiteral("abcd") << 3 << QStringLiteral("ab\u2026");
    QTest::newRow("one") << QStringLiteral("abcd") << 1 << QStringLiteral("\u2026");
    QTest::newRow("never half a pair")
        << QString(QStringLiteral("a") + kHigh + kLow + QLatin1Char('b')) << 3
        << QStringLiteral("a\u2026");
}

void TestText::elided()
{
    QFETCH(QString, text);
    QFETCH(int, length);
    QFETCH(QString, expected);
    QCOMPARE(llmemory::elided(text, length), expected);
}

void TestText::sha256()
{
    const QString ofAbc =
        QStringLiteral("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QCOMPARE(sha256Hex(QStringView(u"abc")), ofAbc);
    QCOMPARE(sha256Hex(QByteArray("abc")), ofAbc);
}

void TestText::redacted_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("nothing secret") << QStringLiteral("added 3 passages to report.pdf")
                                    << QStringLiteral("added 3 passages to report.pdf");
    QTest::newRow("bearer") << QStringLiteral("Authorization: bearer abc.def-1 end")
                            << QStringLiteral("Authorization: Bearer *** end");
    QTest::newRow("key") << QStringLiteral("key sk-abc_DEF-1.") << QStringLiteral("key sk-***.");
    QTest::newRow("own token") << QStringLiteral("(llm_0aF-_)") << QStringLiteral("(llm_***)");
    QTest::newRow("keyword string") << QStringLiteral("host=h password=hidden dbname=d")
                                    << QStringLiteral("host=h password=*** dbname=d");
    QTest::newRow("quoted password")
        << QStringLiteral("PASSWORD = 'hid den' x") << QStringLiteral("password=*** x");
    QTest::newRow("URL") << QStringLiteral("at postgresql://me:hidden@h/d twice https://u@h")
                         << QStringLiteral("at postgresql://***@h/d twice https://***@h");
    QTest::newRow("URL without user")
        << QStringLiteral("https://h/a@b") << QStringLiteral("https://h/a@b");
}

void TestText::redacted()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(logging::redacted(text), expected);
}

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"
