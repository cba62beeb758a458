#include "core/textindex/passage_condition.h"

#include <QtTest>

using namespace llmemory::textindex;

namespace {

constexpr size_t kMany = 100;

QByteArray listOf(const std::vector<quint32> &chunks, bool removed = false)
{
    Postings postings;
    for (const quint32 chunk : chunks)
        postings.push_back({chunk, 1, 1, removed});
    return encodePostings(postings);
}

QString shown(const std::optional<std::vector<quint32>> &passages)
{
    if (!passages)
        return QStringLiteral("unknown");
    QStringList numbers;
    for (const quint32 passage : *passages)
        numbers << QString::number(passage);
    return numbers.join(u' ');
}

} // namespace

/// Which passages can meet a tsquery, by the postings of its terms.
class TestPassageCondition : public QObject
{
    Q_OBJECT

private slots:
    void termsAreAskedForOnce();
    void passages_data();
    void passages();
    void takenBackPassagesAreNone();
    void manyAreNotGiven();
    void damagedListsTellNothing();
    void unreadable_data();
    void unreadable();

private:
    static std::optional<std::vector<quint32>> passagesOf(const QString &tsquery,
                                                          const QList<TermLists> &lists,
                                                          size_t most = kMany);
};

std::optional<std::vector<quint32>> TestPassageCondition::passagesOf(const QString &tsquery,
                                                                     const QList<TermLists> &lists,
                                                                     size_t most)
{
    const auto condition = PassageCondition::parse(tsquery);
    return condition ? condition->passages(lists, most) : std::nullopt;
}

void TestPassageCondition::termsAreAskedForOnce()
{
    const auto condition = PassageCondition::parse(
        QStringLiteral("( 'it''s' & 'a':AB ) | ( 'a' <2> 'b\\\\' & !'c' | 'd':*A & 'e-f' )"));
    QVERIFY(condition);
    QList<QByteArray> terms;
    for (const AskedTerm &term : condition->terms())
        terms << term.term;
    QCOMPARE(terms, QList<QByteArray>({"it's", "a", "b\\"}));
}

void TestPassageCondition::passages_data()
{
    QTest::addColumn<QString>("tsquery");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *tsquery, const char *expected) {
        QTest::newRow(tsquery) << QString::fromLatin1(tsquery) << QString::fromLatin1(expected);
    };
    row("'a'", "1 2 3 500");
    row("'a' & 'b'", "2 3");
    row("'a' <-> 'b'", "2 3");
    row("'a' <12> 'b' <-> 'c'", "");
    row("'a' | 'c'", "1 2 3 500 501");
    row("'a' & 'b' | 'c'", "2 3 501");
    row("'a' & ( 'b' | 'c' )", "2 3");
    row("('a' & 'b') | ('a' <-> 'b' | 'c')", "2 3 501");
    row("'a':AB & 'b':C", "2 3");
    row("'a' & 'nowhere'", "");
    row("'a' & !'b'", "1 2 3 500");
    row("'a' <-> !( 'b' | 'c' )", "1 2 3 500");
    row("!'a'", "unknown");
    row("!!'a' & 'b'", "2 3 9");
    row("'a' | !'b'", "unknown");
    row("'a':* & 'b'", "2 3 9");
    row("'a':* | 'b'", "unknown");
    row("'a-c' <-> 'b'", "2 3 9"); // the index may have the parts only
    row("'a-1' & 'b'", "2");       // an identifier is one term
}

void TestPassageCondition::passages()
{
    QFETCH(QString, tsquery);
    const QByteArray early = listOf({1, 2, 3});
    const QByteArray late = listOf({500});
    const QByteArray b = listOf({2, 3, 9});
    const QByteArray c = listOf({501});
    const QByteArray identifier = listOf({2});
    const QList<TermLists> lists{{"a", 4, false, {late, early}, 1},
                                 {"b", 3, false, {b}, 1},
                                 {"c", 1, false, {c}, 1},
                                 {"a-1", 1, false, {identifier}, 1}};
    QTEST(shown(passagesOf(tsquery, lists)), "expected");
}

void TestPassageCondition::takenBackPassagesAreNone()
{
    const QByteArray first = listOf({1, 2, 3});
    const QByteArray second = listOf({2}, true);
    const QList<TermLists> lists{{"a", 2, true, {first, second}, 1}};
    QCOMPARE(shown(passagesOf(QStringLiteral("'a'"), lists)), QStringLiteral("1 3"));
}

void TestPassageCondition::manyAreNotGiven()
{
    const QByteArray list = listOf({1, 2, 3});
    const QList<TermLists> lists{{"a", 3, false, {list}, 1}};
    QCOMPARE(shown(passagesOf(QStringLiteral("'a'"), lists, 3)), QStringLiteral("1 2 3"));
    QCOMPARE(shown(passagesOf(QStringLiteral("'a'"), lists, 2)), QStringLiteral("unknown"));
}

void TestPassageCondition::damagedListsTellNothing()
{
    const QByteArray list("\xff\xff", 2);
    QCOMPARE(shown(passagesOf(QStringLiteral("'a'"), {{"a", 1, false, {list}, 1}})),
             QStringLiteral("unknown"));
}

void TestPassageCondition::unreadable_data()
{
    QTest::addColumn<QString>("tsquery");
    QTest::newRow("nothing") << QString();
    QTest::newRow("no quotes") << QStringLiteral("a & b");
    QTest::newRow("operand missing") << QStringLiteral("'a' &");
    QTest::newRow("operator missing") << QStringLiteral("'a' 'b'");
    QTest::newRow("open parenthesis") << QStringLiteral("( 'a' | 'b'");
    QTest::newRow("closed too often") << QStringLiteral("'a' )");
    QTest::newRow("open distance") << QStringLiteral("'a' <2 'b'");
}

void TestPassageCondition::unreadable()
{
    QFETCH(QString, tsquery);
    QVERIFY(!PassageCondition::parse(tsquery));
}

QTEST_APPLESS_MAIN(TestPassageCondition)
#include "tst_passage_condition.moc"
