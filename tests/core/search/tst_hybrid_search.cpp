#include "core/documents/document_repository.h"
#include "core/testing/verify_result.h"
#include "tests/core/search/search_test.h"

using namespace llmemory;
using db::Session;
using db::Statement;
using testing::documentInput;
using testing::englishText;
using testing::ownerId;

Q_DECLARE_METATYPE(SearchQuery)

namespace {

const SearchMode kModes[] = {SearchMode::Hybrid, SearchMode::Vector, SearchMode::Text};

/// An embedding service that is down.
class BrokenEmbedder final : public embed::Embedder
{
public:
    QString modelId() const override { return testing::DeterministicEmbedder().modelId(); }
    int dimension() const override { return testing::DeterministicEmbedder::kDimension; }
    Result<std::vector<embed::Vector>> embedDocuments(const QList<QString> &) const override
    {
        return failure();
    }
    Result<embed::Vector> embedQuery(const QString &) const override { return failure(); }

private:
    static Error failure()
    {
        return {.kind = ErrorKind::Embedding, .message = QStringLiteral("The service is down.")};
    }
};

SearchQuery query(const OwnerId &owner, const QString &text, SearchMode mode = SearchMode::Hybrid)
{
    SearchQuery query;
    query.owner = owner;
    query.text = text;
    query.mode = mode;
    query.limit = 200;
    return query;
}

QStringList documentsOf(const SearchAnswer &answer)
{
    QStringList ids;
    for (const SearchHit &hit : answer.hits) {
        if (!ids.contains(hit.idAtOrigin))
            ids << hit.idAtOrigin;
    }
    ids.sort();
    return ids;
}

QStringList passagesOf(const SearchAnswer &answer)
{
    QStringList ids;
    for (const SearchHit &hit : answer.hits)
        ids << hit.chunk.toString();
    return ids;
}

} // namespace

/// The whole search: filters, tenants, pages, context, and what happens without vectors.
class TestHybridSearch : public testing::SearchTest
{
    Q_OBJECT

private slots:
    void initTestCase();
    void w6_hybridKeepsToOneDocument();
    void filters_data();
    void filters();
    void foreignDocumentsAreNotFound();
    void vectorsFindEverythingOfASmallOwner();
    void largeOwnerUsesTheIndex();
    void hybridAnswersByBothLegs();
    void alphaChoosesTheLeg();
    void excludedWordsStayOut_data();
    void excludedWordsStayOut();
    void pagesFollowEachOther();
    void parents();
    void explained();
    void fusesByRankWhenTold();
    void withoutVectorsWordsAnswer();
    void passagesNotYetEmbeddedAreFoundByWords();
    void deletedDocumentIsNotFound();
    void replacedTextIsNotFound();
    void refused_data();
    void refused();
};

void TestHybridSearch::initTestCase()
{
    if (const QString reason = open(1); !reason.isEmpty())
        QSKIP(qPrintable(reason));

    const OwnerId owner = ownerId(QStringLiteral("filters"));
    const auto add =
        [&](const char *id, DocumentType type, const Json &metadata, const QDateTime &date) {
            DocumentInput input = documentInput(owner, QLatin1String(id), englishText(8));
            input.type = type;
            input.metadata = metadata;
            input.date = date;
            return m_store->addEmbedded(input);
        };
    VERIFY_RESULT(add("a",
                      DocumentType::Report,
                      {{"k", 1}, {"tags", {"x", "y"}}},
                      QDateTime(QDate(2024, 5, 1), QTime(0, 0), Qt::UTC)));
    VERIFY_RESULT(add("b",
                      DocumentType::Markdown,
                      {{"k", 1}},
                      QDateTime(QDate(2024, 6, 1), QTime(12, 0), Qt::UTC)));
    VERIFY_RESULT(add("c", DocumentType::Html, {{"k", "1"}}, {}));
    // The same for a neighbour, to be found by nobody.
    VERIFY_RESULT(m_store->addEmbedded(
        documentInput(ownerId(QStringLiteral("neighbour")), QStringLiteral("a"), englishText(8))));
}

void TestHybridSearch::w6_hybridKeepsToOneDocument()
{
    SearchQuery wanted =
        query(ownerId(QStringLiteral("filters")), QStringLiteral("harbour ledger storms"));
    wanted.idsAtOrigin = QStringList{QStringLiteral("b")};
    for (const double alpha : {0.0, 0.5, 1.0}) {
        for (const bool twice : {false, true}) {
            wanted.alpha = alpha;
            wanted.queryExpansion = wanted.rerank = twice;
            const auto answer = search(wanted);
            VERIFY_RESULT(answer);
            QCOMPARE(documentsOf(*answer), QStringList(QStringLiteral("b")));
        }
    }
}

void TestHybridSearch::filters_data()
{
    QTest::addColumn<SearchQuery>("query");
    QTest::addColumn<QStringList>("documents");
    const QDateTime may(QDate(2024, 5, 1), QTime(0, 0), Qt::UTC);
    const QDateTime june(QDate(2024, 6, 1), QTime(12, 0), Qt::UTC);
    using Change = std::function<void(SearchQuery &)>;
    const std::tuple<const char *, const char *, Change> cases[] = {
        {"none", "a b c", [](SearchQuery &) {}},
        {"one id", "b", [](SearchQuery &q) { q.idsAtOrigin = QStringList{QStringLiteral("b")}; }},
        {"ids",
         "a c",
         [](SearchQuery &q) {
             q.idsAtOrigin =
                 QStringList{QStringLiteral("c"), QStringLiteral("a"), QStringLiteral("zz")};
         }},
        {"id with quotes",
         "",
         [](SearchQuery &q) { q.idsAtOrigin = QStringList{QStringLiteral("\"},'{a")}; }},
        {"unknown id",
         "",
         [](SearchQuery &q) { q.idsAtOrigin = QStringList{QStringLiteral("zz")}; }},
        {"type",
         "a",
         [](SearchQuery &q) { q.documentTypes = QStringList{QStringLiteral("report")}; }},
        {"types",
         "b c",
         [](SearchQuery &q) {
             q.documentTypes = QStringList{QStringLiteral("html"), QStringLiteral("markdown")};
         }},
        {"type without documents",
         "",
         [](SearchQuery &q) { q.documentTypes = QStringList{QStringLiteral("pdf")}; }},
        {"metadata",
         "a b",
         [](SearchQuery &q) {
             q.metadataFilter = Json{{"k", 1}};
         }},
        {"metadata as text",
         "c",
         [](SearchQuery &q) {
             q.metadataFilter = Json{{"k", "1"}};
         }},
        {"metadata in a list",
         "a",
         [](SearchQuery &q) {
             q.metadataFilter = Json{{"tags", {"y"}}};
         }},
        {"metadata with U+0000",
         "",
         [](SearchQuery &q) {
             q.metadataFilter = Json{{"k", std::string("\0x", 2)}};
         }},
        {"empty metadata filter",
         "a b c",
         [](SearchQuery &q) { q.metadataFilter = Json::object(); }},
        {"from, inclusive", "a b", [=](SearchQuery &q) { q.dateFrom = may; }},
        {"from a moment later", "b", [=](SearchQuery &q) { q.dateFrom = may.addMSecs(1); }},
        {"to, inclusive", "a b", [=](SearchQuery &q) { q.dateTo = june; }},
        {"to a moment earlier", "a", [=](SearchQuery &q) { q.dateTo = june.addMSecs(-1); }},
        {"one moment", "a", [=](SearchQuery &q) { q.dateFrom = q.dateTo = may; }},
        {"long ago", "", [=](SearchQuery &q) { q.dateTo = may.addYears(-1); }},
        {"everything together",
         "a",
         [=](SearchQuery &q) {
             q.idsAtOrigin = QStringList{QStringLiteral("a"), QStringLiteral("b")};
             q.documentTypes = QStringList{QStringLiteral("report"), QStringLiteral("html")};
             q.metadataFilter = Json{{"k", 1}};
             q.dateFrom = may;
             q.dateTo = june;
         }},
    };
    for (const auto &[name, documents, change] : cases) {
        for (const SearchMode mode : kModes) {
            SearchQuery changed =
                query(ownerId(QStringLiteral("filters")), QStringLiteral("harbour ledger"), mode);
            change(changed);
            QTest::addRow("%s, %s", name, qPrintable(toString(mode)))
                << changed
                << QString::fromLatin1(documents).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        }
    }
}

void TestHybridSearch::filters()
{
    QFETCH(SearchQuery, query);
    QFETCH(QStringList, documents);
    VERIFY_RESULT(query.validate());
    const auto answer = search(query);
    VERIFY_RESULT(answer);
    QCOMPARE(documentsOf(*answer), documents);
}

void TestHybridSearch::foreignDocumentsAreNotFound()
{
    const OwnerId empty = ownerId(QStringLiteral("empty"));
    const OwnerId own = ownerId(QStringLiteral("own"));
    VERIFY_RESULT(m_store->addEmbedded(
        documentInput(own, QStringLiteral("mine"), QStringLiteral("My harbour ledger."))));
    for (const SearchMode mode : kModes) {
        const auto nothing = search(query(empty, QStringLiteral("harbour ledger"), mode));
        VERIFY_RESULT(nothing);
        QVERIFY(nothing->hits.isEmpty());
        const auto mine = search(query(own, QStringLiteral("harbour ledger"), mode));
        VERIFY_RESULT(mine);
        QCOMPARE(documentsOf(*mine), QStringList(QStringLiteral("mine")));
        SearchQuery foreign = query(own, QStringLiteral("harbour ledger"), mode);
        foreign.idsAtOrigin = QStringList{QStringLiteral("b")};
        const auto filtered = search(foreign);
        VERIFY_RESULT(filtered);
        QVERIFY(filtered->hits.isEmpty());
    }
}

void TestHybridSearch::vectorsFindEverythingOfASmallOwner()
{
    const OwnerId owner = ownerId(QStringLiteral("small"));
    for (int i = 0; i < 30; ++i)
        VERIFY_RESULT(m_store->add(
            documentInput(owner, QString::number(i), QStringLiteral("Ledger number %1").arg(i))));
    VERIFY_RESULT(m_store->embed(owner));
    const auto answer =
        search(query(owner, QStringLiteral("ledger number 17"), SearchMode::Vector));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 30);
    QCOMPARE(answer->hits.first().idAtOrigin, QStringLiteral("17"));
    double last = 1.0 + 1e-3; // half floats
    for (const SearchHit &hit : answer->hits) {
        QVERIFY(hit.similarity && *hit.similarity <= last);
        QVERIFY(!hit.textRank);
        last = *hit.similarity;
    }
}

void TestHybridSearch::largeOwnerUsesTheIndex()
{
    static constexpr Statement kPretend{
        "pretend", "UPDATE {{tables.owners}} SET chunk_count = 1000000 WHERE owner_id = $1"};
    const OwnerId owner = ownerId(QStringLiteral("large"));
    for (int i = 0; i < 30; ++i)
        VERIFY_RESULT(m_store->add(
            documentInput(owner, QString::number(i), QStringLiteral("Ledger number %1").arg(i))));
    VERIFY_RESULT(m_store->embed(owner));
    VERIFY_RESULT(m_store->session().execute(kPretend, {owner.toString()}));
    const auto answer =
        search(query(owner, QStringLiteral("ledger number 17"), SearchMode::Vector));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 30);
    QCOMPARE(answer->hits.first().idAtOrigin, QStringLiteral("17"));
    SearchQuery filtered = query(owner, QStringLiteral("ledger number 17"), SearchMode::Vector);
    filtered.idsAtOrigin = QStringList{QStringLiteral("3")};
    const auto one = search(filtered);
    VERIFY_RESULT(one);
    QCOMPARE(documentsOf(*one), QStringList(QStringLiteral("3")));
}

void TestHybridSearch::hybridAnswersByBothLegs()
{
    const OwnerId owner = ownerId(QStringLiteral("legs"));
    VERIFY_RESULT(m_store->addEmbedded(
        documentInput(owner, QStringLiteral("word"), QStringLiteral("A ledger of fees"))));
    VERIFY_RESULT(m_store->addEmbedded(
        documentInput(owner, QStringLiteral("like"), QStringLiteral("ledgerbooks"))));
    const auto answer = search(query(owner, QStringLiteral("ledger")));
    VERIFY_RESULT(answer);
    QCOMPARE(documentsOf(*answer), QStringList({QStringLiteral("like"), QStringLiteral("word")}));
    for (const SearchHit &hit : answer->hits) {
        QVERIFY(hit.score >= 0 && hit.score <= 1);
        QVERIFY(hit.rrfScore.has_value());
        QVERIFY(hit.similarity.has_value());
        QCOMPARE(hit.textRank.has_value(), hit.idAtOrigin == QLatin1String("word"));
    }
}

void TestHybridSearch::alphaChoosesTheLeg()
{
    SearchQuery wanted = query(ownerId(QStringLiteral("legs")), QStringLiteral("ledger"));
    wanted.alpha = 0;
    const auto words = search(wanted);
    VERIFY_RESULT(words);
    QCOMPARE(documentsOf(*words), QStringList(QStringLiteral("word")));
    wanted.alpha = 1;
    const auto meaning = search(wanted);
    VERIFY_RESULT(meaning);
    QCOMPARE(meaning->hits.size(), 2);
}

void TestHybridSearch::excludedWordsStayOut_data()
{
    QTest::addColumn<SearchMode>("mode");
    QTest::newRow("hybrid") << SearchMode::Hybrid;
    QTest::newRow("text") << SearchMode::Text;
    QTest::newRow("vector") << SearchMode::Vector;
}

void TestHybridSearch::excludedWordsStayOut()
{
    QFETCH(SearchMode, mode);
    const OwnerId owner = ownerId(QStringLiteral("without"));
    VERIFY_RESULT(m_store->addEmbedded(
        documentInput(owner, QStringLiteral("wet"), QStringLiteral("A heron in the rain"))));
    VERIFY_RESULT(m_store->addEmbedded(
        documentInput(owner, QStringLiteral("dry"), QStringLiteral("A heron in the sun"))));
    SearchQuery wanted = query(owner, QStringLiteral("heron -rain"));
    wanted.mode = mode;
    const auto answer = search(wanted);
    VERIFY_RESULT(answer);
    QCOMPARE(documentsOf(*answer), QStringList(QStringLiteral("dry")));
}

void TestHybridSearch::pagesFollowEachOther()
{
    const OwnerId owner = ownerId(QStringLiteral("pages"));
    VERIFY_RESULT(m_store->addEmbedded(documentInput(owner, QStringLiteral("a"), englishText(60))));
    for (const SearchMode mode : kModes) {
        SearchQuery wanted = query(owner, QStringLiteral("captain signs the ledger, page 7"), mode);
        wanted.limit = 15;
        const auto whole = search(wanted);
        VERIFY_RESULT(whole);
        QVERIFY(whole->hits.size() > 8);
        QStringList joined;
        wanted.limit = 4;
        for (; wanted.offset < 16; wanted.offset += 4) {
            const auto page = search(wanted);
            VERIFY_RESULT(page);
            joined << passagesOf(*page);
            for (qsizetype i = 0; i < page->hits.size(); ++i)
                QCOMPARE(page->hits.at(i).rank, wanted.offset + int(i) + 1);
        }
        QCOMPARE(joined.mid(0, whole->hits.size()), passagesOf(*whole));
        wanted.offset = 10'000;
        const auto behind = search(wanted);
        VERIFY_RESULT(behind);
        QVERIFY(behind->hits.isEmpty());
    }
}

void TestHybridSearch::parents()
{
    const OwnerId owner = ownerId(QStringLiteral("parents"));
    VERIFY_RESULT(m_store->addEmbedded(documentInput(owner, QStringLiteral("a"), englishText(60))));
    SearchQuery wanted = query(owner, QStringLiteral("ledger"));
    wanted.limit = 5;
    const auto without = search(wanted);
    VERIFY_RESULT(without);
    for (const SearchHit &hit : without->hits)
        QVERIFY(hit.parents.isEmpty());

    wanted.includeParentContext = true;
    const auto with = search(wanted);
    VERIFY_RESULT(with);
    QCOMPARE(with->hits.size(), 5);
    for (const SearchHit &hit : with->hits) {
        QCOMPARE(hit.parents.size(), 1);
        const Chunk &parent = hit.parents.first();
        QCOMPARE(parent.level, 2);
        QCOMPARE(parent.document, hit.document);
        QVERIFY(parent.locator.charStart <= hit.locator.charStart);
        QVERIFY(parent.locator.charEnd >= hit.locator.charEnd);
        QVERIFY(parent.content.contains(hit.content));
    }

    wanted.contextWindow = 0;
    const auto none = search(wanted);
    VERIFY_RESULT(none);
    for (const SearchHit &hit : none->hits)
        QVERIFY(hit.parents.isEmpty());
}

void TestHybridSearch::explained()
{
    SearchQuery wanted = query(ownerId(QStringLiteral("legs")), QStringLiteral("ledger"));
    const auto silent = search(wanted);
    VERIFY_RESULT(silent);
    QVERIFY(silent->hits.first().explain == Json::object());
    wanted.explain = true;
    wanted.alpha = 0.25;
    const auto answer = search(wanted);
    VERIFY_RESULT(answer);
    const auto hit = std::find_if(answer->hits.begin(), answer->hits.end(), [](const SearchHit &h) {
        return h.idAtOrigin == QLatin1String("word");
    });
    QVERIFY(hit != answer->hits.end());
    QVERIFY(hit->explain.at("text").at("rank") == 1);
    QVERIFY(hit->explain.at("text").at("score").is_number());
    const Json terms = hit->explain.at("text").at("terms");
    QCOMPARE(terms.size(), size_t(1));
    QVERIFY(terms.at(0).at("term") == "ledger");
    QVERIFY(terms.at(0).at("idf") > 0);
    QVERIFY(terms.at(0).at("frequency") >= 1);
    QCOMPARE(terms.at(0).at("score").get<double>(), *hit->textRank);
    const Json fusion = hit->explain.at("fusion");
    QVERIFY(fusion.at("method") == "weighted");
    QVERIFY(fusion.at("alpha") == 0.25);
    QCOMPARE(fusion.at("vector_weight").get<double>(), 0.25); // the model's balance is 0.5
    QCOMPARE(fusion.at("text_share").get<double>(), 0.75);    // the only one with the word
    QCOMPARE(hit->score, 0.75 + fusion.at("vector_share").get<double>());
}

void TestHybridSearch::fusesByRankWhenTold()
{
    Config::Search config;
    config.fusion = FusionMethod::ReciprocalRank;
    search::SearchService service(
        m_database->manager(1), std::make_shared<testing::DeterministicEmbedder>(), config);
    SearchQuery wanted = query(ownerId(QStringLiteral("legs")), QStringLiteral("ledger"));
    wanted.explain = true;
    wanted.alpha = 0.25;
    const auto answer = service.search(wanted, [] { return false; });
    VERIFY_RESULT(answer);
    const SearchHit &hit = answer->hits.first();
    QCOMPARE(hit.idAtOrigin, QStringLiteral("word"));
    const int place = hit.explain.at("vector").at("rank").get<int>();
    QCOMPARE(hit.score, 0.25 / (60 + place) + 0.75 / 61);
    QCOMPARE(hit.rrfScore, std::optional<double>(hit.score));
    QVERIFY(hit.explain.at("fusion").at("method") == "rrf");
    QVERIFY(hit.explain.at("fusion").at("k") == 60);
}

void TestHybridSearch::withoutVectorsWordsAnswer()
{
    const auto never = [] { return false; };
    search::SearchService broken(
        m_database->manager(1), std::make_shared<BrokenEmbedder>(), Config::Search());
    SearchQuery wanted = query(ownerId(QStringLiteral("legs")), QStringLiteral("ledger"));
    wanted.alpha = 1;
    const auto hybrid = broken.search(wanted, never);
    VERIFY_RESULT(hybrid);
    QCOMPARE(documentsOf(*hybrid), QStringList(QStringLiteral("word")));
    QVERIFY(hybrid->note.contains(QLatin1String("The service is down.")));
    wanted.mode = SearchMode::Text;
    const auto text = broken.search(wanted, never);
    VERIFY_RESULT(text);
    QCOMPARE(text->note, QString());
    wanted.mode = SearchMode::Vector;
    const auto vector = broken.search(wanted, never);
    QVERIFY(!vector);
    QCOMPARE(vector.error().kind, ErrorKind::Embedding);
}

void TestHybridSearch::passagesNotYetEmbeddedAreFoundByWords()
{
    const OwnerId owner = ownerId(QStringLiteral("waiting"));
    VERIFY_RESULT(m_store->add(
        documentInput(owner, QStringLiteral("a"), QStringLiteral("A ledger of fees"))));
    const auto hybrid = search(query(owner, QStringLiteral("ledger")));
    VERIFY_RESULT(hybrid);
    QCOMPARE(hybrid->hits.size(), 1);
    QVERIFY(!hybrid->hits.first().similarity);
    const auto vector = search(query(owner, QStringLiteral("ledger"), SearchMode::Vector));
    VERIFY_RESULT(vector);
    QVERIFY(vector->hits.isEmpty());
}

void TestHybridSearch::deletedDocumentIsNotFound()
{
    const OwnerId owner = ownerId(QStringLiteral("deleting"));
    const auto gone =
        m_store->addEmbedded(documentInput(owner, QStringLiteral("gone"), englishText(8)));
    VERIFY_RESULT(gone);
    VERIFY_RESULT(
        m_store->addEmbedded(documentInput(owner, QStringLiteral("kept"), englishText(8))));
    VERIFY_RESULT(m_store->as(owner, [&](Session &s) {
        return documents::deleteDocuments(
            s, owner, {.ids = {gone->document.id}, .metadataFilter = {}});
    }));
    for (const SearchMode mode : kModes) {
        const auto answer = search(query(owner, QStringLiteral("harbour"), mode));
        VERIFY_RESULT(answer);
        QCOMPARE(documentsOf(*answer), QStringList(QStringLiteral("kept")));
    }
}

void TestHybridSearch::replacedTextIsNotFound()
{
    const OwnerId owner = ownerId(QStringLiteral("replacing"));
    VERIFY_RESULT(m_store->addEmbedded(
        documentInput(owner, QStringLiteral("a"), QStringLiteral("An old zeppelin"))));
    VERIFY_RESULT(m_store->addEmbedded(
        documentInput(owner, QStringLiteral("a"), QStringLiteral("A new aeroplane"))));
    const auto old = search(query(owner, QStringLiteral("zeppelin"), SearchMode::Text));
    VERIFY_RESULT(old);
    QVERIFY(old->hits.isEmpty());
    const auto vector = search(query(owner, QStringLiteral("zeppelin"), SearchMode::Vector));
    VERIFY_RESULT(vector);
    QCOMPARE(vector->hits.size(), 1);
    QCOMPARE(vector->hits.first().content, QStringLiteral("A new aeroplane"));
}

void TestHybridSearch::refused_data()
{
    QTest::addColumn<SearchQuery>("wrong");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *field, const std::function<void(SearchQuery &)> &change) {
        SearchQuery wrong = query(ownerId(QStringLiteral("a")), QStringLiteral("b"));
        change(wrong);
        QTest::newRow(field) << wrong << QString::fromLatin1(field);
    };
    row("owner_id", [](auto &q) { q.owner = {}; });
    row("query", [](auto &q) { q.text = QStringLiteral(" "); });
    row("limit", [](auto &q) { q.limit = 201; });
    row("offset", [](auto &q) { q.offset = -1; });
    row("alpha", [](auto &q) { q.alpha = 1.5; });
    row("document_types", [](auto &q) { q.documentTypes = QStringList{QStringLiteral("novel")}; });
    row("id_at_origin", [](auto &q) { q.idsAtOrigin = QStringList{QStringLiteral("a\n")}; });
    row("metadata_filter", [](auto &q) { q.metadataFilter = Json::array(); });
    row("context_window", [](auto &q) { q.contextWindow = 11; });
    row("max_query_variants", [](auto &q) { q.maxQueryVariants = 9; });
    row("rerank_top_k", [](auto &q) { q.rerankTopK = 0; });
    row("rerank_return_k", [](auto &q) { q.rerankReturnK = 201; });
    row("date_from", [](auto &q) {
        q.dateFrom = QDateTime(QDate(2024, 5, 2), QTime(0, 0), Qt::UTC);
        q.dateTo = q.dateFrom.addDays(-1);
    });
}

void TestHybridSearch::refused()
{
    QFETCH(SearchQuery, wrong);
    QFETCH(QString, field);
    const auto outcome = search(wrong);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Validation);
    QCOMPARE(outcome.error().field, field);
}

QTEST_GUILESS_MAIN(TestHybridSearch)
#include "tst_hybrid_search.moc"
