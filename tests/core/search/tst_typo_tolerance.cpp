#include "core/search/text_search.h"
#include "core/testing/verify_result.h"
#include "tests/core/search/search_test.h"

using namespace llmemory;
using testing::documentInput;
using testing::ownerId;

/// Words that nothing has, and what is found and suggested in their place.
class TestTypoTolerance : public testing::SearchTest
{
    Q_OBJECT

private slots:
    void initTestCase();
    void suggests_data();
    void suggests();
    void alikeThenFrequentWordsFirst();
    void wordsThatAreThereCountTwice();
    void highlightsAndExplains();
    void facetsCountWhatWasFound();
    void hybridSuggests();
    void foreignWordsAreNotSuggested();
    void deletedWordsAreNotSuggested();
    void whileTheIndexIsBuiltNothingIsSuggested();
    void canBeTurnedOff();

private:
    Result<SearchAnswer> search(const QString &text, SearchMode mode = SearchMode::Text);
    QString suggestion(const QString &text);
    void add(const OwnerId &owner, const char *id, const char *text);

    OwnerId m_owner = ownerId(QStringLiteral("reader"));
};

void TestTypoTolerance::add(const OwnerId &owner, const char *id, const char *text)
{
    VERIFY_RESULT(
        m_store->addEmbedded(documentInput(owner, QLatin1String(id), QString::fromUtf8(text))));
}

void TestTypoTolerance::initTestCase()
{
    if (const QString reason = open(2); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    add(m_owner,
        "en",
        "The harbour master keeps a ledger of every vessel that enters the port. Captains were "
        "signing below their entries, and the fees had been paid to the organisation before any of "
        "the ships could leave again. Nobody remembers the lighthouse keeper.");
    add(m_owner,
        "de",
        "Der Hafenmeister führt ein Buch über jedes Schiff, das in den Hafen einläuft. Die Häuser "
        "am Ufer gehören den Reedern, die Gebühren werden vor der Abfahrt bezahlt.");
    add(m_owner,
        "ru",
        "Начальник порта ведёт книгу всех кораблей, которые входят в гавань. Капитаны "
        "подписываются под своими записями и платят сборы до выхода в море.");
    add(m_owner, "boats", "Boats and coats are things that people like to have on a rainy day.");
    add(m_owner, "coats", "The coat was new, and coats like it were sold for a good price there.");
}

Result<SearchAnswer> TestTypoTolerance::search(const QString &text, SearchMode mode)
{
    SearchQuery query;
    query.owner = m_owner;
    query.text = text;
    query.mode = mode;
    return SearchTest::search(query);
}

QString TestTypoTolerance::suggestion(const QString &text)
{
    const auto answer = search(text);
    return answer ? answer->didYouMean : answer.error().message;
}

void TestTypoTolerance::suggests_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("suggestion");
    QTest::addColumn<QString>("best"); // id of the first hit; empty = none
    const auto row = [](const char *text, const char *suggestion, const char *best) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(suggestion)
                            << QString::fromUtf8(best);
    };
    row("harbour", "", "en");
    row("harbuor", "harbour", "en");
    row("harbours", "", "en");
    row("harbuors", "harbour", "en");
    row("harbor", "harbour", "en");
    row("ledgr", "ledger", "en");
    row("vesssel", "vessel", "en");
    row("xvessel", "vessel", "en");
    row("Ledgr LEDGR", "Ledger LEDGER", "en");
    row("  who  keeps the ledgr,   and why?", "  who  keeps the ledger,   and why?", "en");
    row("ledgr \"harbour master\" -rain type:text",
        "ledger \"harbour master\" -rain type:text",
        "en");
    row("Gebürhen", "Gebühren", "de");
    row("Hauser", "", "de");
    row("einlauffen", "einläuft", "de");
    row("гаавнь", "гавань", "ru");
    // The stem is what the word has in common with those in the text.
    row("organistaion", "organisation", "en");
    row("sgning", "signing", "en");
    // Distance 2 for words of eight letters, with the same beginning.
    row("lighthuose", "lighthouse", "en");
    row("lihgthuose", "", "");
    row("lighhtuose", "lighthouse", "en");
    row("remmebres", "remembers", "en");
    row("lxgthouse", "", "");
    row("veszzel", "", "");
    // Not guessed at.
    row("prt", "", "");
    row("\"harbuor\"", "", "");
    row("harbuo*", "", "");
    row("harbuor2", "", "");
    row("foo_harbuor", "", "");
    row("the with", "", "");
    row("vessel -harbuor", "", "en");
    // An unknown word that must be there leaves nothing.
    row("+harbuor", "+harbour", "");
    row("vessel +harbuor", "vessel +harbour", "");
    // As many as are looked for.
    row("harbuor ledgr vesssel signnig organistaion",
        "harbour ledger vessel signing organistaion",
        "en");
}

void TestTypoTolerance::suggests()
{
    QFETCH(QString, text);
    QFETCH(QString, best);
    const auto answer = search(text);
    VERIFY_RESULT(answer);
    QTEST(answer->didYouMean, "suggestion");
    QCOMPARE(answer->hits.isEmpty() ? QString() : answer->hits.first().idAtOrigin, best);
    if (!answer->didYouMean.isEmpty()) {
        const auto again = search(answer->didYouMean);
        VERIFY_RESULT(again);
        if (text != answer->didYouMean && !text.contains(QStringLiteral("organistaion")))
            QCOMPARE(again->didYouMean, QString());
        QVERIFY(again->hits.size() >= answer->hits.size());
    }
}

void TestTypoTolerance::alikeThenFrequentWordsFirst()
{
    // "boat" is in one passage, "coat" in two.
    QCOMPARE(suggestion(QStringLiteral("xoats")), QStringLiteral("coats"));
    QCOMPARE(suggestion(QStringLiteral("bboats")), QStringLiteral("boats"));
    // What begins as typed goes before.
    add(m_owner, "coast1", "The coast was empty when the storm came over the land at night.");
    add(m_owner, "coast2", "Along the coast there are many small houses, and nobody in them.");
    QCOMPARE(suggestion(QStringLiteral("coasz")), QStringLiteral("coast"));
    QCOMPARE(suggestion(QStringLiteral("boast")), QStringLiteral("boats"));
}

void TestTypoTolerance::wordsThatAreThereCountTwice()
{
    const auto typed = search(QStringLiteral("ledgr"));
    VERIFY_RESULT(typed);
    const auto right = search(QStringLiteral("ledger"));
    VERIFY_RESULT(right);
    QVERIFY(std::abs(typed->hits.first().score - right->hits.first().score / 2) < 1e-12);
    // Both in one query: the word that is there counts, and half of it again.
    const auto both = search(QStringLiteral("ledger ledgr"));
    VERIFY_RESULT(both);
    QVERIFY(std::abs(both->hits.first().score - right->hits.first().score * 1.5) < 1e-12);
}

void TestTypoTolerance::highlightsAndExplains()
{
    SearchQuery query;
    query.owner = m_owner;
    query.text = QStringLiteral("harbuor ledger");
    query.mode = SearchMode::Text;
    query.explain = true;
    const auto answer = SearchTest::search(query);
    VERIFY_RESULT(answer);
    const SearchHit &hit = answer->hits.first();
    QStringList marked;
    for (const auto &[start, end] : hit.highlights)
        marked << hit.content.mid(start, end - start);
    QCOMPARE(marked, (QStringList{QStringLiteral("harbour"), QStringLiteral("ledger")}));
    double sum = 0;
    QStringList instead;
    for (const Json &term : hit.explain["text"]["terms"]) {
        sum += term["score"].get<double>();
        instead << toQString(term["term"]) + u' ' + toQString(term.value("instead_of", Json("")));
    }
    instead.sort();
    QCOMPARE(instead, (QStringList{QStringLiteral("harbour harbuor"), QStringLiteral("ledger ")}));
    QVERIFY(std::abs(sum - hit.score) < 1e-12);
}

void TestTypoTolerance::facetsCountWhatWasFound()
{
    SearchQuery query;
    query.owner = m_owner;
    query.text = QStringLiteral("harbuor");
    query.mode = SearchMode::Text;
    query.facets = true;
    const auto answer = SearchTest::search(query);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->facets->passages, 1);
}

void TestTypoTolerance::hybridSuggests()
{
    const auto answer = search(QStringLiteral("harbuor"), SearchMode::Hybrid);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->didYouMean, QStringLiteral("harbour"));
    const auto byMeaning = search(QStringLiteral("harbuor"), SearchMode::Vector);
    VERIFY_RESULT(byMeaning);
    QCOMPARE(byMeaning->didYouMean, QString());
}

void TestTypoTolerance::foreignWordsAreNotSuggested()
{
    add(ownerId(QStringLiteral("stranger")), "secret", "The zeppelin is a secret of the stranger.");
    QCOMPARE(suggestion(QStringLiteral("zeppelim")), QString());
}

void TestTypoTolerance::deletedWordsAreNotSuggested()
{
    add(m_owner, "changed", "There was a windmill upon the hill, and a miller lived in it.");
    QCOMPARE(suggestion(QStringLiteral("windmlil")), QStringLiteral("windmill"));
    add(m_owner, "changed", "There is nothing left upon the hill but stones and some grass.");
    QCOMPARE(suggestion(QStringLiteral("windmlil")), QString());
}

void TestTypoTolerance::whileTheIndexIsBuiltNothingIsSuggested()
{
    constexpr db::Statement kSet{
        "set_indexed", "UPDATE {{tables.owners}} SET text_indexed = $2 WHERE owner_id = $1"};
    const auto set = [&](bool indexed) {
        return m_store->as(m_owner, [&](db::Session &session) {
            return session.execute(kSet, {m_owner.toString(), indexed});
        });
    };
    VERIFY_RESULT(set(false));
    QCOMPARE(suggestion(QStringLiteral("harbuor")), QString());
    VERIFY_RESULT(set(true));
}

void TestTypoTolerance::canBeTurnedOff()
{
    Config::Search config;
    config.typoTolerance = false;
    const auto found = m_store->as(m_owner, [&](db::Session &session) {
        SearchQuery query;
        query.owner = m_owner;
        return llmemory::search::searchText(
            session,
            query,
            llmemory::search::parseTextQuery(QStringLiteral("harbuor")),
            10,
            llmemory::search::textOptions(config));
    });
    VERIFY_RESULT(found);
    QVERIFY(found->ranked.isEmpty());
    QVERIFY(found->corrections.isEmpty());
}

QTEST_GUILESS_MAIN(TestTypoTolerance)
#include "tst_typo_tolerance.moc"
