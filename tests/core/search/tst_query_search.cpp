#include "core/db/statement_trace.h"
#include "core/testing/verify_result.h"
#include "tests/core/search/search_test.h"

#include <QRegularExpression>

using namespace llmemory;
using testing::documentInput;
using testing::ownerId;

namespace {

const SearchMode kModes[] = {SearchMode::Text, SearchMode::Vector, SearchMode::Hybrid};

QDateTime utc(int year, int month, int day, int hour = 0)
{
    return {QDate(year, month, day), QTime(hour, 0), Qt::UTC};
}

/// Each page on its own, long enough for a passage of its own.
DocumentInput paged(DocumentInput input, int pages)
{
    const QString page = input.content;
    input.content.clear();
    for (int i = 0; i < pages; ++i) {
        input.structure.pageStarts.append(input.content.size());
        for (int n = 0; n < 40; ++n)
            input.content += page + QStringLiteral(" Line %1 of it.\n").arg(n);
    }
    return input;
}

} // namespace

/// The query language against a real database: what its conditions keep, alike in every mode. Every
/// document has the word "harbour", so that words alone exclude none.
class TestQuerySearch : public testing::SearchTest
{
    Q_OBJECT

private slots:
    void initTestCase();
    void kept_data();
    void kept();
    void pages_data();
    void pages();
    void mistakesAreTold();
    void conditionsWithoutWordsAreListed();
    void prefixesRankByThemselves();
    void conditionsHoldForEveryWording();
    void fieldsOfRequestAndQueryBothHold();
    void anyTextIsNoDatabaseError();
    void conditionsOnlyAreRetrieved();
    void signsAloneAreFoundByMeaningOnly();
    void conditionsHoldWithTheVectorIndex();

private:
    using SearchTest::search;
    Result<SearchAnswer> search(const QString &text, SearchMode mode)
    {
        SearchQuery query;
        query.owner = m_owner;
        query.text = text;
        query.mode = mode;
        query.limit = 200;
        return search(query);
    }
    static QStringList documentsOf(const SearchAnswer &answer)
    {
        QStringList ids;
        for (const SearchHit &hit : answer.hits) {
            const QString id =
                QString::fromStdString(hit.documentMetadata.value("id", std::string()));
            if (!ids.contains(id))
                ids << id;
        }
        ids.sort();
        return ids;
    }

    OwnerId m_owner;
};

void TestQuerySearch::initTestCase()
{
    if (const QString reason = open(2); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    m_owner = ownerId(QStringLiteral("reader"));
    const auto add = [&](const OwnerId &owner,
                         const char *origin,
                         const char *name,
                         DocumentType type,
                         const QDateTime &date,
                         const Json &metadata,
                         const char *text) {
        DocumentInput input =
            documentInput(owner, QString::fromUtf8(origin), QString::fromUtf8(text));
        input.name = QString::fromUtf8(name);
        input.type = type;
        input.date = date;
        input.metadata = metadata;
        return m_store->addEmbedded(input);
    };
    VERIFY_RESULT(add(m_owner,
                      "/home/ada/reports/2024/annual.pdf",
                      "Annual Report 2024.pdf",
                      DocumentType::Pdf,
                      utc(2024, 3, 1),
                      {{"id", "a"},
                       {"year", 2024},
                       {"status", "done"},
                       {"tags", {"finance", "to do"}},
                       {"due", "2024-05-17"},
                       {"author", "Ada Lovelace"},
                       {"nested", {{"depth", 3}}}},
                      "The harbour master keeps the running ledgers of all port fees. Ships that "
                      "were moored at the northern pier for a week have paid their dues."));
    VERIFY_RESULT(add(
        m_owner,
        "/home/ada/notes/100%_notes.md",
        "Harbour notes",
        DocumentType::Markdown,
        {},
        {{"id", "b"}, {"year", "2023"}, {"tags", "finance"}, {"paid", true}, {"version", "1.10"}},
        "The harbour of the town is deep. The captain writes with a pencil about the "
        "weather and the port, and the fees are another matter for him."));
    VERIFY_RESULT(
        add(m_owner,
            "mail-17",
            "Re: Hafen",
            DocumentType::Email,
            utc(2023, 7, 1, 12),
            {{"id", "c"}, {"year", 1999.5}, {"status", "open"}, {"due", "2023-12-31T10:00:00Z"}},
            "Der Hafenmeister f\u00fchrt ein Buch \u00fcber jedes Schiff, das in den "
            "Hafen einl\u00e4uft. Das Wort harbour steht auch auf dem Schild am Ufer."));
    VERIFY_RESULT(add(ownerId(QStringLiteral("stranger")),
                      "/home/ada/reports/foreign.pdf",
                      "Annual Report 2024.pdf",
                      DocumentType::Pdf,
                      utc(2024, 3, 1),
                      {{"id", "foreign"}, {"year", 2024}, {"tags", {"finance"}}},
                      "The harbour master keeps the running ledgers of all port fees."));
}

void TestQuerySearch::kept_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("documents"); // their ids
    const std::pair<const char *, const char *> rows[] = {
        // must, phrases, near, prefixes
        {"harbour", "abc"},
        {"harbour +pencil", "b"},
        {"harbour +ledger", "a"}, // stemmed
        {"harbour +port +captain", "b"},
        {"harbour +the", "abc"}, // a stop word where it is one
        {"harbour \"port fees\"", "a"},
        {"harbour \"the fees\" pier", "ab"}, // a stop word is not indexed
        {"harbour -\"port fees\"", "bc"},
        {"harbour -pencil -ship", "c"},
        {"harbour ledg*", "a"},
        {"harbour LEDGERS*", "a"}, // its stem
        {"harbour hafenm*", "c"},
        {"harbour -ledg* -penc*", "c"},
        {"harbour xyl*", ""},
        {"harbour 'po*", "abc"}, // a word
        {"harbour pier NEAR/2 northern", "a"},
        {"harbour northern NEAR/1 pier", "a"},
        {"harbour pier NEAR/1 northern", "a"}, // either order
        {"harbour port NEAR/5 fees", "ab"},
        {"harbour port NEAR/1 fees", "a"},
        {"harbour \"port fees\" NEAR/9 ships", "a"},
        {"port near fees", "ab"},
        {"harbour -port NEAR/1 fees", "bc"},
        // fields
        {"harbour type:pdf", "a"},
        {"harbour type:pdf type:email", "ac"},
        {"harbour -type:pdf", "bc"},
        {"harbour name:report", "a"},
        {"harbour name:\"annual report\"", "a"},
        {"harbour name:ann*2024", "a"},
        {"harbour name:annual name:notes", ""},
        {"harbour -name:harbour", "ac"},
        {"harbour name:\"100%\" ", ""},
        {"harbour path:/home/ada", "ab"},
        {"harbour path:reports", "a"},
        {"harbour path:reports/2024", "a"},
        {"harbour path:ada/*/2024", "a"},
        {"harbour path:eports", ""},
        {"harbour path:/reports", ""},
        {"harbour path:100%_notes.md", "b"},
        {"harbour path:10.%_notes", ""}, // signs are no patterns
        {"harbour path:notes path:mail-17", "bc"},
        {"harbour -path:notes -path:mail", "a"},
        {"harbour lang:en", "ab"},
        {"harbour lang:german", "c"},
        {"harbour -lang:en", "c"},
        {"harbour tag:finance", "ab"},
        {"harbour tag:finance tag:\"to do\"", "a"},
        {"harbour -tag:\"to do\"", "bc"},
        {"harbour tag:Finance", ""},
        {"harbour date:2024", "a"},
        {"harbour date:2023..2024", "ac"},
        {"harbour before:2024", "c"},
        {"harbour after:2023-07-01", "a"},
        {"harbour date:2023-07-01", "c"},
        {"harbour after:2020 before:2024", "c"},
        {"harbour -date:2024", "bc"},
        {"harbour -after:2020", "b"},
        // metadata
        {"harbour year=2024", "a"},
        {"harbour year=2023", "b"}, // a number in a string
        {"harbour year>=2000", "ab"},
        {"harbour year<2000", "c"},
        {"harbour year<=1999.5", "c"},
        {"harbour year>2023 year<2025", "a"},
        {"harbour year!=2024", "bc"},
        {"harbour status=done", "a"},
        {"harbour -status=done", "bc"},
        {"harbour status!=done", "bc"},
        {"harbour status=Done", ""},
        {"harbour author=\"Ada Lovelace\"", "a"},
        {"harbour tags=finance", "ab"},
        {"harbour paid=true", "b"},
        {"harbour nested.depth=3", "a"},
        {"harbour due=2024-05-17", "a"},
        {"harbour due>=2024-05", "a"},
        {"harbour due<=2023-12-31", "c"}, // a time of that day
        {"harbour due>2023-12-31", "a"},
        {"harbour version=1.10", "b"},
        {"harbour nothing=1", ""},
        // together
        {"harbour +port type:pdf year>=2020 tag:finance after:2023", "a"},
        {"harbour -type:pdf -lang:de", "b"},
        // without any word
        {"type:pdf", "a"},
        {"tag:finance -type:pdf", "b"},
        {"-lang:en", "c"},
        {"ledg*", "a"},
        {"-ledg*", "bc"},
        {"year>=2000", "ab"},
    };
    for (const auto &[text, documents] : rows) {
        for (const SearchMode mode : kModes)
            QTest::addRow("%s, %s", text, qPrintable(toString(mode)))
                << QString::fromUtf8(text) << QString::fromUtf8(documents);
    }
}

void TestQuerySearch::kept()
{
    QFETCH(QString, text);
    QFETCH(QString, documents);
    const QString mode =
        QString::fromUtf8(QTest::currentDataTag()).section(QLatin1String(", "), -1);
    const auto answer = search(text, searchModeFromString(mode).value());
    VERIFY_RESULT(answer);
    QCOMPARE(documentsOf(*answer).join(QString()), documents);
}

void TestQuerySearch::pages_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<int>>("pages");
    QTest::newRow("one") << QStringLiteral("lighthouse page:2") << QList<int>{2};
    QTest::newRow("range") << QStringLiteral("lighthouse page:2-3") << QList<int>{2, 3};
    QTest::newRow("open") << QStringLiteral("lighthouse page:3..") << QList<int>{3, 4};
    QTest::newRow("until") << QStringLiteral("lighthouse page:..1") << QList<int>{1};
    QTest::newRow("several") << QStringLiteral("lighthouse page:1 page:4") << QList<int>{1, 4};
    QTest::newRow("excluded") << QStringLiteral("lighthouse +light* -page:2-3 page:1-4")
                              << QList<int>{1, 4};
    QTest::newRow("none") << QStringLiteral("lighthouse page:9") << QList<int>{};
}

void TestQuerySearch::pages()
{
    QFETCH(QString, text);
    QFETCH(QList<int>, pages);
    const OwnerId owner = ownerId(QStringLiteral("pages"));
    VERIFY_RESULT(m_store->addEmbedded(paged(
        documentInput(owner,
                      QStringLiteral("book"),
                      QStringLiteral("A lighthouse stands at the end of the pier and shines.")),
        4)));
    for (const SearchMode mode : kModes) {
        SearchQuery query;
        query.owner = owner;
        query.text = text;
        query.mode = mode;
        query.limit = 200;
        const auto answer = search(query);
        VERIFY_RESULT(answer);
        QSet<int> found;
        for (const SearchHit &hit : answer->hits)
            found.insert(hit.locator.page);
        QCOMPARE(found, QSet<int>(pages.begin(), pages.end()));
    }
}

void TestQuerySearch::mistakesAreTold()
{
    for (const SearchMode mode : kModes) {
        const auto answer = search(QStringLiteral("harbour before:someday"), mode);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Validation);
        QCOMPARE(answer.error().field, QStringLiteral("query"));
        QVERIFY(answer.error().message.contains(QLatin1String("column 16")));
    }
}

void TestQuerySearch::conditionsWithoutWordsAreListed()
{
    for (const SearchMode mode : kModes) {
        const auto answer = search(QStringLiteral("-type:html"), mode);
        VERIFY_RESULT(answer);
        QStringList ids;
        for (const SearchHit &hit : answer->hits)
            ids << QString::fromStdString(hit.documentMetadata.at("id").get<std::string>());
        QCOMPARE(ids.join(QString()), QStringLiteral("acb")); // newest first, undated last
        QCOMPARE(answer->hits.first().score, 0.0);
    }
    const auto signs = search(QStringLiteral("?! ..."), SearchMode::Text);
    VERIFY_RESULT(signs);
    QVERIFY(signs->hits.isEmpty());
}

void TestQuerySearch::prefixesRankByThemselves()
{
    const auto answer = search(QStringLiteral("harb* -lang:de"), SearchMode::Text);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 2);
    QVERIFY(answer->hits.first().score > 0);
    QVERIFY(answer->hits.first().score >= answer->hits.last().score);
    for (const SearchHit &hit : answer->hits)
        QVERIFY(!hit.highlights.isEmpty());
}

void TestQuerySearch::conditionsHoldForEveryWording()
{
    SearchQuery query;
    query.owner = m_owner;
    query.text = QStringLiteral("what are the harbour fees +pencil type:markdown");
    query.queryExpansion = true;
    query.rerank = true;
    for (const SearchMode mode : kModes) {
        query.mode = mode;
        const auto answer = search(query);
        VERIFY_RESULT(answer);
        QCOMPARE(documentsOf(*answer), QStringList(QStringLiteral("b")));
    }
    query.text = QStringLiteral("type:markdown");
    for (const SearchMode mode : kModes) {
        query.mode = mode;
        const auto answer = search(query);
        VERIFY_RESULT(answer);
        QCOMPARE(documentsOf(*answer), QStringList(QStringLiteral("b")));
    }
}

void TestQuerySearch::fieldsOfRequestAndQueryBothHold()
{
    SearchQuery query;
    query.owner = m_owner;
    query.text = QStringLiteral("harbour type:pdf type:markdown");
    query.documentTypes = QStringList{QStringLiteral("pdf"), QStringLiteral("email")};
    auto answer = search(query);
    VERIFY_RESULT(answer);
    QCOMPARE(documentsOf(*answer), QStringList(QStringLiteral("a")));
    query.documentTypes = QStringList{QStringLiteral("email")};
    answer = search(query);
    VERIFY_RESULT(answer);
    QVERIFY(answer->hits.isEmpty());

    query.documentTypes.clear();
    query.text = QStringLiteral("harbour after:2023-12 path:home page:..3");
    query.dateFrom = utc(2020, 1, 1);
    query.filter.paths = {{QStringLiteral("reports"), QStringLiteral("mail")}};
    query.filter.languages = QStringList{QStringLiteral("en")};
    answer = search(query);
    VERIFY_RESULT(answer);
    QVERIFY(answer->hits.isEmpty()); // no pages
    query.text = QStringLiteral("harbour after:2023-12 path:home");
    answer = search(query);
    VERIFY_RESULT(answer);
    QCOMPARE(documentsOf(*answer), QStringList(QStringLiteral("a")));
}

/// Whatever is typed into prefixes, near, fields and values, the server parses none of it.
void TestQuerySearch::anyTextIsNoDatabaseError()
{
    const QStringList values{
        QStringLiteral("it's"),
        QStringLiteral("a'b\\c"),
        QStringLiteral("\\"),
        QStringLiteral("a&b|c!d:e"),
        QStringLiteral("(["),
        QStringLiteral("a{2,1}"),
        QStringLiteral("%s_%1$1"),
        QStringLiteral("\u6e2f\u53e3\u8239\u53ea"),
        QStringLiteral("a-b/c.d_e"),
        QStringLiteral("1e99"),
        QStringLiteral("the"),
        QStringLiteral("\u202eabc"),
        QString(300, QLatin1Char('x')),
        QString(QChar(0xd83d)) + QStringLiteral("ab"),
        QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b"),
        QStringLiteral("***="),
        QStringLiteral("{a,\"b"),
    };
    const QStringList forms{
        QStringLiteral("%1*"),
        QStringLiteral("-%1*"),
        QStringLiteral("'%1'*"),
        QStringLiteral("+%1"),
        QStringLiteral("\u201e%1\u201c"),
        QStringLiteral("\u201e%1\u201c NEAR/50 \u201e%1 %1\u201c"),
        QStringLiteral("-\u201e%1\u201c NEAR/2 harbour"),
        QStringLiteral("name:\u201e%1\u201c -name:\u201e%1\u201c"),
        QStringLiteral("path:\u201e%1\u201c -path:\u201e%1\u201c"),
        QStringLiteral("tag:\u201e%1\u201c -tag:\u201e%1\u201c"),
        QStringLiteral("key=\u201e%1\u201c -key=\u201e%1\u201c"),
        QStringLiteral("year=1e99 year>-1e99 -date:..2024 -date:1000.. harbour %1"),
    };
    for (const QString &form : forms) {
        for (const QString &value : values) {
            for (const SearchMode mode : kModes) {
                QString text = form;
                const auto answer = search(text.replace(QLatin1String("%1"), value), mode);
                if (!answer && answer.error().kind != ErrorKind::Validation)
                    QFAIL(qPrintable(text + QLatin1Char('\n') + answer.error().detail));
            }
        }
    }
}

void TestQuerySearch::conditionsOnlyAreRetrieved()
{
    RoutedQuery query;
    query.query.owner = m_owner;
    query.query.text = QStringLiteral("type:pdf");
    const auto routed = m_service->searchWithRouting(query, [] { return false; });
    VERIFY_RESULT(routed);
    QCOMPARE(routed->route, Route::Retrieval);
    QVERIFY(routed->answer);
    QCOMPARE(documentsOf(*routed->answer), QStringList(QStringLiteral("a")));
}

void TestQuerySearch::signsAloneAreFoundByMeaningOnly()
{
    SearchQuery query{.owner = m_owner, .text = QStringLiteral("?!"), .limit = 200};
    query.filter.languages = QStringList{QStringLiteral("en")};
    const auto answer = search(query);
    VERIFY_RESULT(answer);
    QVERIFY(!answer->hits.isEmpty());
    for (const SearchHit &hit : answer->hits) {
        QVERIFY(hit.similarity);
        QVERIFY(!hit.textRank);
    }
}

void TestQuerySearch::conditionsHoldWithTheVectorIndex()
{
    static constexpr db::Statement kPretend{
        "pretend", "UPDATE {{tables.owners}} SET chunk_count = 1000000 WHERE owner_id = $1"};
    static constexpr db::Statement kUnindexed{
        "unindexed", "UPDATE {{tables.owners}} SET text_indexed = false WHERE owner_id = $1"};
    const OwnerId owner = ownerId(QStringLiteral("large"));
    for (int i = 0; i < 30; ++i) {
        DocumentInput input =
            documentInput(owner, QString::number(i), QStringLiteral("Ledger number %1").arg(i));
        input.metadata = {{"id", std::to_string(i)}};
        VERIFY_RESULT(m_store->add(input));
    }
    VERIFY_RESULT(m_store->embed(owner));
    VERIFY_RESULT(m_store->session().execute(kPretend, {owner.toString()}));
    // The text index tells which few passages can meet a condition, or does not have them yet.
    for (const bool isIndexed : {true, false}) {
        if (!isIndexed)
            VERIFY_RESULT(m_store->session().execute(kUnindexed, {owner.toString()}));
        SearchQuery query;
        query.owner = owner;
        query.limit = 200;
        for (const SearchMode mode : kModes) {
            for (const auto &[text, documents] : {std::pair("ledger +17", 1),
                                                  std::pair("ledger \"number 17\"", 1),
                                                  std::pair("\"number ledger\"", 0),
                                                  std::pair("+ledger +17 -number", 0),
                                                  std::pair("ledger +17 id>=10", 1),
                                                  std::pair("ledger +17 id>=20", 0),
                                                  std::pair("ledger -17", 29),
                                                  std::pair("ledger -\"number 17\" -19", 28),
                                                  std::pair("ledger -\"17 number\"", 30),
                                                  std::pair("ledger -number", 0),
                                                  std::pair("ledger id>=10 -20", 19)}) {
                query.text = QString::fromLatin1(text);
                query.mode = mode;
                db::StatementTrace trace;
                const auto answer = search(query);
                VERIFY_RESULT(answer);
                QVERIFY2(documentsOf(*answer).size() == documents, text);
                bool isKnown = false;
                for (const db::TracedStatement &statement : trace.take())
                    isKnown =
                        isKnown || statement.name == QLatin1String("vector_search_of_passages");
                static const QRegularExpression required(QStringLiteral("(^| )[+\"]"));
                const bool mustHave = query.text.contains(required);
                QCOMPARE(isKnown, isIndexed && mustHave && mode != SearchMode::Text);
            }
        }
    }
}

QTEST_GUILESS_MAIN(TestQuerySearch)
#include "tst_query_search.moc"
