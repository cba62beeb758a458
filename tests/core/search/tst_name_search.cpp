#include "core/documents/document_repository.h"
#include "core/testing/verify_result.h"
#include "tests/core/search/search_test.h"

using namespace llmemory;
using testing::documentInput;
using testing::ownerId;

namespace {

const QString kText = QStringLiteral("The ships lie in the harbour, and nobody is on board.");

} // namespace

/// Documents are found by the words of their names, beside those of their passages.
class TestNameSearch : public testing::SearchTest
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void found_data();
    void found();
    void everyPassageIsFound();
    void namesBeforeMentions();
    void headingsWithoutSpaces();
    void renamed_data();
    void renamed();

private:
    AddedDocument add(const QString &origin, const QString &name, const QString &text = kText);
    /// Names of the documents that a search by words finds, in its order.
    QStringList namesFor(const QString &text);

    OwnerId m_owner; // a new one each test
};

void TestNameSearch::initTestCase()
{
    const QString reason = open(2);
    if (!reason.isEmpty())
        QSKIP(qPrintable(reason));
}

void TestNameSearch::init()
{
    m_owner = ownerId(QUuid::createUuid().toString(QUuid::WithoutBraces));
}

AddedDocument TestNameSearch::add(const QString &origin, const QString &name, const QString &text)
{
    DocumentInput input = documentInput(m_owner, origin, text);
    input.name = name;
    const auto added = m_store->add(input);
    return added ? *added : AddedDocument();
}

QStringList TestNameSearch::namesFor(const QString &text)
{
    SearchQuery query{.owner = m_owner, .text = text, .mode = SearchMode::Text};
    query.limit = 100;
    const auto answer = search(query);
    if (!answer)
        return {answer.error().message};
    QStringList names;
    for (const SearchHit &hit : answer->hits)
        names << hit.documentName;
    return names;
}

void TestNameSearch::found_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("query");
    const auto row = [](const char *name, const char *query) {
        QTest::newRow(query) << QString::fromUtf8(name) << QString::fromUtf8(query);
    };
    row("annual_report-2023.pdf", "reports");
    row("annual_report-2023.pdf", "annual_report-2023.pdf");
    row("annual_report-2023.pdf", "\"annual report\"");
    row("annual_report-2023.pdf", "ann*");
    row("annual_report-2023.pdf", "+report harbour");
    row("MeetingNotes", "meeting note");
    row("A-1312/B", "A-1312/B");
    row("会議の議事録.txt", "議事録");
}

void TestNameSearch::found()
{
    QFETCH(QString, name);
    QFETCH(QString, query);
    add(QStringLiteral("a"), name);
    add(QStringLiteral("b"), QStringLiteral("other"), QStringLiteral("Nothing of that kind."));
    QCOMPARE(namesFor(query), QStringList(name));
}

void TestNameSearch::everyPassageIsFound()
{
    const auto added =
        add(QStringLiteral("a"), QStringLiteral("Zeppelin"), testing::englishText(200));
    QVERIFY(added.chunksCreated > 2);
    SearchQuery query{
        .owner = m_owner, .text = QStringLiteral("zeppelin"), .mode = SearchMode::Text};
    query.limit = 100;
    const auto answer = search(query);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), added.chunksCreated);
}

void TestNameSearch::namesBeforeMentions()
{
    add(QStringLiteral("mention"),
        QStringLiteral("ships"),
        QStringLiteral("The budget of the harbour, and nobody is on board."));
    add(QStringLiteral("name"), QStringLiteral("budget"));
    add(QStringLiteral("other"), QStringLiteral("weather"));
    QCOMPARE(namesFor(QStringLiteral("budget")),
             (QStringList{QStringLiteral("budget"), QStringLiteral("ships")}));
    // Who is not to be found by a word is not found by its name either.
    QCOMPARE(namesFor(QStringLiteral("harbour -budget")), QStringList(QStringLiteral("weather")));
}

void TestNameSearch::headingsWithoutSpaces()
{
    DocumentInput input =
        documentInput(m_owner, QStringLiteral("a"), QStringLiteral("序論\n\n船は港にある。"));
    input.structure.headings = {{1, 0, QStringLiteral("東京都の天気予報")}};
    VERIFY_RESULT(m_store->add(input));
    QCOMPARE(namesFor(QStringLiteral("天気")).size(), 1);
}

void TestNameSearch::renamed_data()
{
    QTest::addColumn<bool>("addedAgain");
    QTest::newRow("changed") << false;
    QTest::newRow("added again") << true;
}

void TestNameSearch::renamed()
{
    QFETCH(bool, addedAgain);
    const auto added = add(QStringLiteral("a"), QStringLiteral("draft"), testing::englishText(100));
    const auto embedded = m_store->embed(m_owner);
    VERIFY_RESULT(embedded);
    QVERIFY(*embedded > 1);
    if (addedAgain) {
        const auto again =
            add(QStringLiteral("a"), QStringLiteral("final"), testing::englishText(100));
        QCOMPARE(again.status, AddStatus::Updated);
        QCOMPARE(again.chunksCreated, 0);
    } else {
        VERIFY_RESULT(m_store->as(m_owner, [&](db::Session &s) {
            return documents::updateDocument(
                s, m_owner, added.document.id, {.name = QStringLiteral("final")});
        }));
    }
    QCOMPARE(namesFor(QStringLiteral("draft")), QStringList());
    QCOMPARE(namesFor(QStringLiteral("final")).size(), *embedded);
    // Nothing has to be embedded again.
    const auto left = m_store->embed(m_owner);
    VERIFY_RESULT(left);
    QCOMPARE(*left, 0);
}

QTEST_GUILESS_MAIN(TestNameSearch)
#include "tst_name_search.moc"
