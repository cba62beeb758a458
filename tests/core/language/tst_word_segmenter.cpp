#include "core/language/word_segmenter.h"

#include <QtTest>

#include <array>
#include <thread>

using namespace llmemory::language;

class TestWordSegmenter : public QObject
{
    Q_OBJECT

private slots:
    void words_data();
    void words();
    void onlySpacesAreAdded_data();
    void onlySpacesAreAdded();
    void otherTextIsNotCopied_data();
    void otherTextIsNotCopied();
    void threads();
};

void TestWordSegmenter::words_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("Chinese") << QStringLiteral("我们在北京学习。")
                             << QStringLiteral("我们 在 北京 学习。");
    QTest::newRow("Japanese") << QStringLiteral("今日は良い天気ですね")
                              << QStringLiteral("今日 は 良い 天気 です ね");
    QTest::newRow("Thai") << QStringLiteral("ภาษาไทยเป็นภาษา")
                          << QStringLiteral("ภาษา ไทย เป็น ภาษา");
    QTest::newRow("Lao") << QStringLiteral("ພາສາລາວ") << QStringLiteral("ພາສາ ລາວ");
    QTest::newRow("Latin inside") << QStringLiteral("用Python写") << QStringLiteral("用 Python 写");
    QTest::newRow("digits inside") << QStringLiteral("第3回") << QStringLiteral("第 3 回");
    QTest::newRow("katakana stays one word")
        << QStringLiteral("コンピューター") << QStringLiteral("コンピューター");
    QTest::newRow("words are not divided twice")
        << QStringLiteral("我们 在 北京") << QStringLiteral("我们 在 北京");
}

void TestWordSegmenter::words()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QVERIFY(needsSegmentation(text));
    QCOMPARE(segmentedWords(text), expected);
}

void TestWordSegmenter::onlySpacesAreAdded_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("mixed") << QStringLiteral(
        "Über 北京大学的Qt程序、データベース(DB)とภาษาไทย 123😀中");
    QTest::newRow("beyond the first plane") << QStringLiteral("𠮷野家𠮷");
    QTest::newRow("Khmer") << QStringLiteral("ភាសាខ្មែរជាភាសា");
    QTest::newRow("Burmese") << QStringLiteral("မြန်မာဘာသာစကား");
    QTest::newRow("lone surrogates") << QChar(0xDC00) + QStringLiteral("中") + QChar(0xD83D);
    QTest::newRow("variation selector") << QStringLiteral("葛\U000E0100城");
}

void TestWordSegmenter::onlySpacesAreAdded()
{
    QFETCH(QString, text);
    const QString found = segmentedWords(text);
    QCOMPARE(QString(found).remove(u' '), QString(text).remove(u' '));
    QVERIFY(!found.contains(QStringLiteral("  ")));
}

void TestWordSegmenter::otherTextIsNotCopied_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("English") << QStringLiteral("plain text, 2024");
    QTest::newRow("Korean") << QStringLiteral("한국어 문장입니다");
    QTest::newRow("Hindi") << QStringLiteral("नमस्ते दुनिया");
    QTest::newRow("emoji") << QStringLiteral("😀👍");
    QTest::newRow("quotes and euro") << QStringLiteral("“5 €”");
}

void TestWordSegmenter::otherTextIsNotCopied()
{
    QFETCH(QString, text);
    QVERIFY(!needsSegmentation(text));
    const QString found = segmentedWords(text);
    QCOMPARE(found, text);
    QCOMPARE(found.constData(), text.constData());
}

void TestWordSegmenter::threads()
{
    const QString text = QStringLiteral("我们在北京学习。今日は良い天気ですね").repeated(50);
    const QString expected = segmentedWords(text);
    std::array<bool, 4> same{};
    std::array<std::thread, 4> threads;
    for (size_t i = 0; i < threads.size(); ++i) {
        threads.at(i) = std::thread([&, i] {
            bool ok = true;
            for (int round = 0; round < 20; ++round)
                ok = ok && segmentedWords(text) == expected;
            same.at(i) = ok;
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    for (const bool ok : same)
        QVERIFY(ok);
}

QTEST_GUILESS_MAIN(TestWordSegmenter)
#include "tst_word_segmenter.moc"
