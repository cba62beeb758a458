#include "core/textindex/spelling.h"

#include <QRandomGenerator>
#include <QtTest>

#include <algorithm>

using namespace llmemory::textindex;

namespace {

/// By the definition: the last letters are alike, or one of the four edits made them so.
int distanceByDefinition(QStringView a, QStringView b)
{
    if (a.isEmpty() || b.isEmpty())
        return int(a.size() + b.size());
    int least = std::min(
        {distanceByDefinition(a.chopped(1), b) + 1,
         distanceByDefinition(a, b.chopped(1)) + 1,
         distanceByDefinition(a.chopped(1), b.chopped(1)) + (a.back() == b.back() ? 0 : 1)});
    const bool isSwapped =
        a.size() > 1 && b.size() > 1 && a.back() == b[b.size() - 2] && a[a.size() - 2] == b.back();
    if (isSwapped)
        least = std::min(least, distanceByDefinition(a.chopped(2), b.chopped(2)) + 1);
    return least;
}

QString randomWord(QRandomGenerator &random, int longest)
{
    QString word;
    for (int i = random.bounded(longest + 1); i > 0; --i)
        word += QChar(u'a' + random.bounded(3));
    return word;
}

} // namespace

class TestSpelling : public QObject
{
    Q_OBJECT

private slots:
    void distances_data();
    void distances();
    void distancesAsDefined();
    void correctable_data();
    void correctable();
    void variants();
    void variantsAreThoseOfDistanceOne();
};

void TestSpelling::distances_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<int>("distance");
    const auto row = [](const char *a, const char *b, int distance) {
        QTest::addRow("%s, %s", a, b) << QString::fromUtf8(a) << QString::fromUtf8(b) << distance;
    };
    row("", "", 0);
    row("harbour", "harbour", 0);
    row("harbor", "harbour", 1);
    row("harbuor", "harbour", 1);
    row("hatbour", "harbour", 1);
    row("hafen", "häfen", 1);
    row("abc", "cba", 2);
    row("ca", "abc", 3); // 2 if a place might be changed twice
    row("a", "", 1);
    row("abcd", "", 3); // above
    row("organistaion", "organisation", 1);
}

void TestSpelling::distances()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QFETCH(int, distance);
    QCOMPARE(editDistance(a, b, 2), distance);
    QCOMPARE(editDistance(b, a, 2), distance);
}

void TestSpelling::distancesAsDefined()
{
    QRandomGenerator random(3);
    for (int i = 0; i < 400; ++i) {
        const QString a = randomWord(random, 6);
        const QString b = randomWord(random, 6);
        const int distance = distanceByDefinition(a, b);
        for (int most = 0; most < 7; ++most)
            QCOMPARE(editDistance(a, b, most), std::min(distance, most + 1));
    }
}

void TestSpelling::correctable_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<bool>("isCorrectable");
    const auto row = [](const char *word, bool isCorrectable) {
        QTest::addRow("%s", word) << QString::fromUtf8(word) << isCorrectable;
    };
    row("dams", true);
    row("dam", false);
    row("Gebühren", true);
    row("гавань", true);
    row("λιμάνι", true);
    row("foo_bar", false);
    row("v231", false);
    row("港口费用", false);
    row("항구에서", false);
    QTest::newRow("40 letters") << QString(40, u'a') << true;
    QTest::newRow("41 letters") << QString(41, u'a') << false;
}

void TestSpelling::correctable()
{
    QFETCH(QString, word);
    QFETCH(bool, isCorrectable);
    QCOMPARE(llmemory::textindex::isCorrectable(word), isCorrectable);
    QCOMPARE(!editVariants(word).isEmpty(), isCorrectable);
}

void TestSpelling::variants()
{
    const QStringList harbour = editVariants(QStringLiteral("harbuor"));
    for (const char *word :
         {"harbour", "arbuor", "harbuo", "harbuors", "xharbuor", "harbuör", "hárbuor", "hrabuor"})
        QVERIFY2(harbour.contains(QString::fromUtf8(word)), word);
    QVERIFY(!harbour.contains(QStringLiteral("harbuor")));
    QVERIFY(harbour.size() < 60 * 7);
    QVERIFY(editVariants(QStringLiteral("elève")).contains(QStringLiteral("élève")));
    QVERIFY(editVariants(QStringLiteral("gebühern")).contains(QStringLiteral("gebühren")));
    QVERIFY(editVariants(QStringLiteral("гаванъ")).contains(QStringLiteral("гавань")));
    QVERIFY(editVariants(QStringLiteral("λιμανι")).contains(QStringLiteral("λιμάνι")));
}

void TestSpelling::variantsAreThoseOfDistanceOne()
{
    const QString letters = QStringLiteral("abcdefghijklmnopqrstuvwxyz");
    const QStringList found = editVariants(QStringLiteral("adam"));
    QVERIFY(std::is_sorted(found.begin(), found.end()));
    QCOMPARE(QSet<QString>(found.begin(), found.end()).size(), found.size());
    for (const QString &variant : found)
        QCOMPARE(editDistance(variant, QStringLiteral("adam"), 4), 1);
    // 4 shorter, 4 * 25 with another letter, 5 * 26 longer less 4 doubled ones, 3 swapped.
    const auto plain = std::count_if(found.begin(), found.end(), [&](const QString &word) {
        return std::all_of(word.begin(), word.end(), [&](QChar c) { return letters.contains(c); });
    });
    QCOMPARE(plain, 4 + 4 * 25 + 5 * 26 - 4 + 3);
}

QTEST_GUILESS_MAIN(TestSpelling)
#include "tst_spelling.moc"
