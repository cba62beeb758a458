#include "core/chunk/token_counter.h"

#include <QtTest>

using namespace llmemory::chunk;

class TestTokenCounter : public QObject
{
    Q_OBJECT

private slots:
    void tokens_data();
    void tokens();
    void spansCoverEveryText_data();
    void spansCoverEveryText();
    void longMarkRunsAreBounded();
};

void TestTokenCounter::tokens_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("expected");

    const auto row = [](const char *name, const QString &joined) {
        QTest::newRow(name) << QString(joined).remove(u'|')
                            << joined.split(u'|', Qt::SkipEmptyParts);
    };
    row("empty", QString());
    row("words take the space before them", QStringLiteral("the| cat| sat"));
    row("long words are divided", QStringLiteral("interna|tionali|zation"));
    row("digits by three", QStringLiteral("in| |202|4"));
    row("contraction", QStringLiteral("don|'t"));
    row("punctuation", QStringLiteral("end|.| Next|,| (|a|)"));
    row("pairs", QStringLiteral("a|](|b"));
    row("rule of dashes", QStringLiteral("----------------|----"));
    row("indentation", QStringLiteral("if|\n|   | return"));
    row("line breaks", QStringLiteral("one|\n\n|two"));
    row("accented Latin costs more", QStringLiteral("Größ|e"));
    row("Cyrillic by two", QStringLiteral("во|да"));
    row("Chinese by one", QStringLiteral("北|京|大|学|。"));
    row("Hangul by one", QStringLiteral("한|국| 어"));
    row("Thai marks stay with their consonant", QStringLiteral("ที่|นี่"));
    row("combining accent stays with its letter", QStringLiteral("cafe\u0301"));
    row("emoji by one", QStringLiteral("😀|😀"));
    row("special token text is plain text", QStringLiteral("<|endofte|xt|>"));
}

void TestTokenCounter::tokens()
{
    QFETCH(QString, text);
    QFETCH(QStringList, expected);
    QStringList found;
    for (const TokenSpan &span : tokenSpans(text))
        found << text.mid(span.start, span.length);
    QCOMPARE(found, expected);
    QCOMPARE(countTokens(text), expected.size());
}

void TestTokenCounter::spansCoverEveryText_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("mixed") << QStringLiteral(
        "A 1,234.5 € – “quote”\r\n\t北京😀👨‍👩‍👧 e\u0301 "
        "नमस्ते مرحبا שלום \u3000x");
    QTest::newRow("lone high surrogate") << QStringLiteral("a") + QChar(0xD83D);
    QTest::newRow("lone low surrogate") << QChar(0xDE00) + QStringLiteral("a");
    QTest::newRow("only marks") << QString(100, QChar(0x0301));
    QTest::newRow("NUL") << QString(3, QChar(0));
}

void TestTokenCounter::spansCoverEveryText()
{
    QFETCH(QString, text);
    qint32 expectedStart = 0;
    for (const TokenSpan &span : tokenSpans(text)) {
        QCOMPARE(span.start, expectedStart);
        QVERIFY(span.length > 0);
        const bool splitsPair = span.start > 0 && text[span.start].isLowSurrogate() &&
                                text[span.start - 1].isHighSurrogate();
        QVERIFY(!splitsPair);
        expectedStart = span.end();
    }
    QCOMPARE(expectedStart, text.size());
}

void TestTokenCounter::longMarkRunsAreBounded()
{
    const QString text = QStringLiteral("a") + QString(1000, QChar(0x0301));
    for (const TokenSpan &span : tokenSpans(text))
        QVERIFY(span.length <= 16);
}

QTEST_GUILESS_MAIN(TestTokenCounter)
#include "tst_token_counter.moc"
