#include "core/memory.h"
#include "core/testing/await.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/sample_documents.h"
#include "core/testing/temporary_schema.h"
#include "core/testing/verify_result.h"
#include "tests/core/db/thread_session.h"

using namespace llmemory;
using testing::await;
using testing::plainDocument;
using testing::TemporarySchema;
using testing::ThreadSession;

namespace {

constexpr db::Statement kRowsLeft{
    "rows_left",
    "SELECT (SELECT count(*) FROM {{tables.notebook_queries}} WHERE owner_id = $1), "
    "(SELECT count(*) FROM {{tables.notebook_judgements}} WHERE owner_id = $1), "
    "(SELECT count(*) FROM {{tables.notebook_reports}} WHERE owner_id = $1)"};

} // namespace

/// Verdicts as test queries, and what reports make of them.
class TestNotebook : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void verdictsBecomeJudgements();
    void lastVerdictCounts();
    void sameTextIsOneQuery();
    void longTextsAreQueries();
    void clearingTheHistoryKeepsIt();
    void judgementsGoWithTheirDocument();
    void goneWithTheOwner();
    void queriesAreTakenOut();
    void surviveOtherPassages();
    void goneWithItsPassageIsTheWholeDocument();
    void reportsCompare();
    void reportsLeaveNoHistory();
    void nothingToMeasure();
    void ownersAreApart();

private:
    Memory &memory() { return *m_memory; }
    void reopen();
    AddedDocument add(const char *origin, const QString &text);
    Result<SearchAnswer> find(const QString &text, const OwnerId &owner);
    Result<SearchAnswer> find(const char *text) { return find(QString::fromLatin1(text), m_owner); }
    Result<> judge(const SearchAnswer &answer, int rank, Feedback feedback);
    QList<NotebookQuery> notebook();
    QList<int> rowsOf(const OwnerId &owner);

    std::unique_ptr<TemporarySchema> m_schema;
    std::unique_ptr<Memory> m_memory;
    Config m_config;
    const OwnerId m_owner = *OwnerId::parse(QStringLiteral("owner"));
    const OwnerId m_other = *OwnerId::parse(QStringLiteral("other"));
};

void TestNotebook::initTestCase()
{
    m_schema = std::make_unique<TemporarySchema>();
    if (!m_schema->isAvailable())
        QSKIP(qPrintable(m_schema->reason()));
}

void TestNotebook::init()
{
    m_memory.reset();
    m_schema = std::make_unique<TemporarySchema>();
    m_config = m_schema->config(false);
    m_config.embedding.embedder = std::make_shared<testing::DeterministicEmbedder>();
    reopen();
}

void TestNotebook::reopen()
{
    m_memory = std::make_unique<Memory>(m_config);
    VERIFY_FUTURE(m_memory->initialize());
}

AddedDocument TestNotebook::add(const char *origin, const QString &text)
{
    auto added =
        await(memory().addDocument(plainDocument(m_owner, QString::fromLatin1(origin), text)));
    return added ? *added : AddedDocument();
}

Result<SearchAnswer> TestNotebook::find(const QString &text, const OwnerId &owner)
{
    return await(memory().search({.owner = owner, .text = text, .mode = SearchMode::Text}));
}

Result<> TestNotebook::judge(const SearchAnswer &answer, int rank, Feedback feedback)
{
    if (answer.hits.size() < rank)
        return Error::internal(QStringLiteral("the test found too little"));
    return await(memory().giveFeedback({.owner = answer.query.owner,
                                        .search = SearchId::fromString(answer.searchId),
                                        .chunk = answer.hits.at(rank - 1).chunk,
                                        .feedback = feedback}));
}

QList<NotebookQuery> TestNotebook::notebook()
{
    const auto page = await(memory().notebook(m_owner));
    return page ? page->queries : QList<NotebookQuery>();
}

QList<int> TestNotebook::rowsOf(const OwnerId &owner)
{
    ThreadSession session(*m_schema, m_schema->administrator());
    const auto row = session->queryOne(kRowsLeft, {owner.toString()});
    return row ? QList<int>{row->integer(0), row->integer(1), row->integer(2)} : QList<int>();
}

void TestNotebook::verdictsBecomeJudgements()
{
    const AddedDocument otter = add("otter", QStringLiteral("The otter sleeps."));
    const auto plain = find("sleeps");
    VERIFY_RESULT(plain);
    VERIFY_RESULT(judge(*plain, 1, Feedback::Chosen));
    QCOMPARE(notebook().size(), 0); // opened is not judged

    SearchQuery query{.owner = m_owner, .text = QStringLiteral("otter"), .limit = 3};
    query.idsAtOrigin = {QStringLiteral("otter")};
    const auto answer = await(memory().search(query));
    VERIFY_RESULT(answer);
    VERIFY_RESULT(judge(*answer, 1, Feedback::Good));
    const QList<NotebookQuery> queries = notebook();
    QCOMPARE(queries.size(), 1);
    QCOMPARE(queries.first().text, QStringLiteral("otter"));
    QCOMPARE(queries.first().owner, m_owner);
    QVERIFY(queries.first().options == Json({{"limit", 3}, {"id_at_origins", {"otter"}}}));
    QCOMPARE(queries.first().judgements.size(), 1);
    const Judgement &judgement = queries.first().judgements.first();
    QCOMPARE(judgement.document, otter.document.id);
    QCOMPARE(judgement.documentName, QStringLiteral("otter"));
    QCOMPARE(judgement.charStart, 0);
    QCOMPARE(judgement.charEnd, 17);
    QCOMPARE(judgement.grade, 1);
}

void TestNotebook::lastVerdictCounts()
{
    add("a", QStringLiteral("The otter sleeps."));
    add("b", QStringLiteral("The otter swims."));
    const auto answer = find("otter");
    VERIFY_RESULT(answer);
    VERIFY_RESULT(judge(*answer, 1, Feedback::Good));
    VERIFY_RESULT(judge(*answer, 1, Feedback::Bad));
    QCOMPARE(notebook().first().judgements.size(), 1);
    QCOMPARE(notebook().first().judgements.first().grade, 0);
    VERIFY_RESULT(judge(*answer, 2, Feedback::Good));
    QCOMPARE(notebook().first().judgements.size(), 2);
    VERIFY_RESULT(judge(*answer, 1, Feedback::None));
    QCOMPARE(notebook().first().judgements.size(), 1);
    QCOMPARE(notebook().first().judgements.first().document, answer->hits.at(1).document);
    VERIFY_RESULT(judge(*answer, 2, Feedback::None));
    QCOMPARE(notebook().size(), 0);
    VERIFY_RESULT(judge(*answer, 2, Feedback::None)); // there was none
    QCOMPARE(rowsOf(m_owner), (QList<int>{0, 0, 0}));
}

void TestNotebook::sameTextIsOneQuery()
{
    add("a", QStringLiteral("The otter sleeps."));
    for (const char *text : {"otter", " otter ", "otters"}) {
        const auto answer = find(text);
        VERIFY_RESULT(answer);
        VERIFY_RESULT(judge(*answer, 1, Feedback::Good));
    }
    QCOMPARE(notebook().size(), 2);
    QCOMPARE(rowsOf(m_owner), (QList<int>{2, 2, 0}));
}

void TestNotebook::longTextsAreQueries()
{
    add("a", QStringLiteral("The otter sleeps."));
    QString text = QStringLiteral("otter");
    for (int i = 0; text.size() < 7900; ++i) // hardly any of it compresses
        text += u' ' + QUuid::createUuid().toString(QUuid::Id128);
    const auto answer = find(text, m_owner);
    VERIFY_RESULT(answer);
    VERIFY_RESULT(judge(*answer, 1, Feedback::Good));
    QCOMPARE(notebook().first().text, text);
}

void TestNotebook::clearingTheHistoryKeepsIt()
{
    add("a", QStringLiteral("The otter sleeps."));
    const auto answer = find("otter");
    VERIFY_RESULT(answer);
    VERIFY_RESULT(judge(*answer, 1, Feedback::Good));
    VERIFY_FUTURE(memory().clearSearchHistory(m_owner));
    QCOMPARE(notebook().size(), 1);
    QCOMPARE(notebook().first().judgements.size(), 1);
}

void TestNotebook::judgementsGoWithTheirDocument()
{
    const AddedDocument a = add("a", QStringLiteral("The otter sleeps."));
    add("b", QStringLiteral("The otter swims."));
    const auto answer = find("otter");
    VERIFY_RESULT(answer);
    for (const int rank : {1, 2})
        VERIFY_RESULT(judge(*answer, rank, Feedback::Good));
    VERIFY_FUTURE(memory().deleteDocument(m_owner, a.document.id));
    QCOMPARE(notebook().size(), 1);
    QCOMPARE(notebook().first().judgements.size(), 1);
    QCOMPARE(notebook().first().judgements.first().documentName, QStringLiteral("b"));
}

void TestNotebook::goneWithTheOwner()
{
    add("a", QStringLiteral("The otter sleeps."));
    const auto answer = find("otter");
    VERIFY_RESULT(answer);
    VERIFY_RESULT(judge(*answer, 1, Feedback::Good));
    VERIFY_FUTURE(memory().notebookReport(m_owner));
    QCOMPARE(rowsOf(m_owner), (QList<int>{1, 1, 1}));
    VERIFY_FUTURE(memory().deleteOwner(m_owner));
    QCOMPARE(rowsOf(m_owner), (QList<int>{0, 0, 0}));
}

void TestNotebook::queriesAreTakenOut()
{
    add("a", QStringLiteral("The otter sleeps."));
    const auto answer = find("otter");
    VERIFY_RESULT(answer);
    VERIFY_RESULT(judge(*answer, 1, Feedback::Good));
    const NotebookQueryId id = notebook().first().id;
    QCOMPARE(await(memory().removeFromNotebook(m_other, id)).error().kind, ErrorKind::NotFound);
    VERIFY_FUTURE(memory().removeFromNotebook(m_owner, id));
    QCOMPARE(rowsOf(m_owner), (QList<int>{0, 0, 0}));
    QCOMPARE(await(memory().removeFromNotebook(m_owner, id)).error().kind, ErrorKind::NotFound);
}

/// The document is read again in other passages, and its judgements still speak of them.
void TestNotebook::surviveOtherPassages()
{
    const QString text = testing::manyWords(300) + QStringLiteral(" The otter sleeps here. ") +
                         testing::manyWords(300);
    add("long", text);
    const auto before = find("\"otter sleeps here\"");
    VERIFY_RESULT(before);
    VERIFY_RESULT(judge(*before, 1, Feedback::Good));
    const auto first = await(memory().notebookReport(m_owner));
    VERIFY_RESULT(first);
    QCOMPARE(first->report.modes.first().ndcgAt10, 1.0);

    m_config.chunking.chunkSize = 60;
    reopen();
    DocumentInput input = plainDocument(m_owner, QStringLiteral("long"), text);
    const auto again = await(memory().addDocument(input));
    VERIFY_RESULT(again);
    const auto after = find("\"otter sleeps here\"");
    VERIFY_RESULT(after);
    QVERIFY(after->hits.first().chunk != before->hits.first().chunk);
    const auto second = await(memory().notebookReport(m_owner));
    VERIFY_RESULT(second);
    QCOMPARE(second->report.modes.first().ndcgAt10, 1.0);
    const Json json = toJson(*second);
    QVERIFY(json["same_judgements"] == true);
    QStringList changed;
    for (const auto &change : changedSettings(first->report.settings, second->report.settings))
        changed << change.name;
    QCOMPARE(changed, (QStringList{QStringLiteral("chunk_size"), QStringLiteral("passages")}));

    // Judging the new passage replaces what was said of the old one.
    VERIFY_RESULT(judge(*after, 1, Feedback::Bad));
    QCOMPARE(notebook().first().judgements.size(), 1);
    QCOMPARE(notebook().first().judgements.first().grade, 0);
}

void TestNotebook::goneWithItsPassageIsTheWholeDocument()
{
    add("a", QStringLiteral("The otter sleeps."));
    const auto answer = find("otter");
    VERIFY_RESULT(answer);
    add("a", QStringLiteral("The otter sleeps beside the weir."));
    VERIFY_RESULT(judge(*answer, 1, Feedback::Good));
    const Judgement judgement = notebook().first().judgements.first();
    QCOMPARE(judgement.charStart, 0);
    QCOMPARE(judgement.charEnd, 33);
}

void TestNotebook::reportsCompare()
{
    const AddedDocument wanted =
        add("wanted", QStringLiteral("A long text of many words about nothing, and an otter."));
    const auto answer = find("otter");
    VERIFY_RESULT(answer);
    VERIFY_RESULT(judge(*answer, 1, Feedback::Good));
    const auto first = await(memory().notebookReport(m_owner));
    VERIFY_RESULT(first);
    QVERIFY(!first->previous);
    QCOMPARE(first->report.queries, 1);
    QCOMPARE(first->report.modes.size(), 3);
    for (const NotebookReport::Mode &mode : first->report.modes) {
        QCOMPARE(mode.ndcgAt10, 1.0);
        QCOMPARE(mode.mrrAt10, 1.0);
    }
    QVERIFY(first->report.settings["model"] == "deterministic-64");
    QVERIFY(first->report.settings["documents"] == 1);

    // Another document comes in front of it.
    add("other", QStringLiteral("Otter, otter!"));
    const auto second = await(memory().notebookReport(m_owner));
    VERIFY_RESULT(second);
    QVERIFY(second->previous);
    QCOMPARE(second->previous->id, first->report.id);
    QCOMPARE(second->previous->createdAt.toMSecsSinceEpoch(),
             first->report.createdAt.toMSecsSinceEpoch());
    QVERIFY(second->previous->settings == first->report.settings);
    QCOMPARE(second->report.modes.first().mrrAt10, 0.5);
    const Json json = toJson(*second);
    QVERIFY(json["differences"]["text"]["mrr_at_10"] == -0.5);
    QVERIFY(json["same_judgements"] == true);
    const auto third = await(memory().notebookReport(m_owner));
    VERIFY_RESULT(third);
    QCOMPARE(third->previous->id, second->report.id);
}

void TestNotebook::reportsLeaveNoHistory()
{
    add("a", QStringLiteral("The otter sleeps."));
    const auto answer = find("otter");
    VERIFY_RESULT(answer);
    VERIFY_RESULT(judge(*answer, 1, Feedback::Good));
    VERIFY_FUTURE(memory().notebookReport(m_owner));
    QCOMPARE(await(memory().searchHistory(m_owner))->total, 1);
}

void TestNotebook::nothingToMeasure()
{
    add("a", QStringLiteral("The otter sleeps."));
    const auto empty = await(memory().notebookReport(m_owner));
    QVERIFY(!empty);
    QCOMPARE(empty.error().kind, ErrorKind::Conflict);
    QCOMPARE(empty.error().code, QStringLiteral("notebook_empty"));
    const auto answer = find("otter");
    VERIFY_RESULT(answer);
    VERIFY_RESULT(judge(*answer, 1, Feedback::Bad));
    QCOMPARE(await(memory().notebookReport(m_owner)).error().code,
             QStringLiteral("notebook_empty"));
    QCOMPARE(rowsOf(m_owner).at(2), 0);
}

void TestNotebook::ownersAreApart()
{
    add("a", QStringLiteral("The otter sleeps."));
    const auto answer = find("otter");
    VERIFY_RESULT(answer);
    VERIFY_RESULT(judge(*answer, 1, Feedback::Good));
    const auto foreign = await(memory().notebook(m_other));
    VERIFY_RESULT(foreign);
    QCOMPARE(foreign->total, 0);
    QCOMPARE(await(memory().notebookReport(m_other)).error().code,
             QStringLiteral("notebook_empty"));
    QCOMPARE(await(memory().notebook({})).error().field, QStringLiteral("owner_id"));
    QCOMPARE(await(memory().notebook(m_owner, 0)).error().field, QStringLiteral("limit"));
}

QTEST_GUILESS_MAIN(TestNotebook)
#include "tst_notebook.moc"
