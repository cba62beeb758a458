#include "core/search/text_search.h"
#include "core/testing/verify_result.h"
#include "tests/core/search/search_test.h"

using namespace llmemory;
using testing::documentInput;
using testing::ownerId;

/// Finding by words in several languages, with what people type.
class TestTextSearch : public testing::SearchTest
{
    Q_OBJECT

private slots:
    void initTestCase();
    void found_data();
    void found();
    void neverAnError_data();
    void neverAnError();
    void moreWordsRankHigher();
    void highlightsAreTheMatchedWords_data();
    void highlightsAreTheMatchedWords();
    void headingsAreSearched();
    void wordsAcrossLanguagesOfOneOwner();

private:
    Result<SearchAnswer> search(const OwnerId &owner, const QString &text);

    OwnerId m_owner;
};

void TestTextSearch::initTestCase()
{
    if (const QString reason = open(1); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    m_owner = ownerId(QStringLiteral("reader"));
    const QPair<QString, QString> texts[] = {
        {QStringLiteral("en"),
         QStringLiteral("The harbour master keeps a ledger of every vessel that enters the port. "
                        "Captains were signing "
                        "below their entries, and the fees had been paid before any of the ships "
                        "could leave again. Write to foo_bar@example.org.")},
        {QStringLiteral("de"),
         QStringLiteral("Der Hafenmeister f\u00fchrt ein Buch \u00fcber jedes Schiff, das in den "
                        "Hafen einl\u00e4uft. "
                        "Die H\u00e4user am Ufer geh\u00f6ren den Reedern, die Geb\u00fchren "
                        "werden vor der Abfahrt bezahlt.")},
        {QStringLiteral("zh"),
         QStringLiteral("\u6e2f\u52a1\u5c40\u957f\u8bb0\u5f55\u6bcf\u4e00\u8258\u8fdb\u5165\u6e2f"
                        "\u53e3\u7684\u8239"
                        "\u53ea\u3002\u6240\u6709\u8d39\u7528\u5fc5\u987b\u5728\u79bb\u5f00\u4e4b"
                        "\u524d\u652f\u4ed8"
                        "\u3002")},
        {QStringLiteral("none"), QStringLiteral("zzyzx 4711 qqj")},
    };
    for (const auto &[id, text] : texts) {
        const auto added = m_store->add(documentInput(m_owner, id, text));
        VERIFY_RESULT(added);
        QCOMPARE(added->document.language,
                 id == QLatin1String("none") ? QStringLiteral("unknown") : id);
    }
    VERIFY_RESULT(m_store->add(documentInput(ownerId(QStringLiteral("stranger")),
                                             QStringLiteral("foreign"),
                                             QStringLiteral("harbour ledger Hafen zzyzx"))));
}

Result<SearchAnswer> TestTextSearch::search(const OwnerId &owner, const QString &text)
{
    SearchQuery query;
    query.owner = owner;
    query.text = text;
    query.mode = SearchMode::Text;
    return m_service->search(query, [] { return false; });
}

void TestTextSearch::found_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("documents");
    const QStringList english{QStringLiteral("en")};
    const QStringList german{QStringLiteral("de")};
    const QStringList chinese{QStringLiteral("zh")};
    const QStringList unknown{QStringLiteral("none")};
    QTest::newRow("English word") << QStringLiteral("ledger") << english;
    QTest::newRow("any case") << QStringLiteral("LEDGER") << english;
    QTest::newRow("other form") << QStringLiteral("signed") << english;
    QTest::newRow("one of several words") << QStringLiteral("ledger dinosaur") << english;
    QTest::newRow("question") << QStringLiteral("Who keeps the ledger, and why?") << english;
    QTest::newRow("German plural") << QStringLiteral("H\u00e4fen") << german;
    QTest::newRow("German singular") << QStringLiteral("Haus") << german;
    QTest::newRow("Chinese word") << QStringLiteral("\u6e2f\u53e3") << chinese;
    QTest::newRow("Chinese words together")
        << QStringLiteral("\u6e2f\u53e3\u8d39\u7528") << chinese;
    QTest::newRow("Chinese word that is not there")
        << QStringLiteral("\u6050\u9f99") << QStringList();
    QTest::newRow("no language") << QStringLiteral("zzyzx") << unknown;
    QTest::newRow("address") << QStringLiteral("foo_bar@example.org") << english;
    QTest::newRow("stop words only") << QStringLiteral("the of and") << QStringList();
    QTest::newRow("nothing but signs") << QStringLiteral("?! ...") << QStringList();
    QTest::newRow("word that is not there") << QStringLiteral("dinosaur") << QStringList();
    QTest::newRow("phrase") << QStringLiteral("\"harbour master\"") << english;
    QTest::newRow("phrase in another order")
        << QStringLiteral("\"master harbour\"") << QStringList();
    QTest::newRow("excluded word") << QStringLiteral("vessel -ledger") << QStringList();
    QTest::newRow("excluded word elsewhere") << QStringLiteral("vessel -dinosaur") << english;
    QTest::newRow("excluded phrase")
        << QStringLiteral("vessel -\"harbour master\"") << QStringList();
    QTest::newRow("excluded stop word") << QStringLiteral("vessel -the") << english;
    QTest::newRow("exclusion alone")
        << QStringLiteral("-ledger")
        << QStringList{QStringLiteral("de"), QStringLiteral("none"), QStringLiteral("zh")};
    QTest::newRow("two languages") << QStringLiteral("ledger Hafen")
                                   << QStringList{QStringLiteral("de"), QStringLiteral("en")};
}

void TestTextSearch::found()
{
    QFETCH(QString, text);
    QFETCH(QStringList, documents);
    const auto answer = search(m_owner, text);
    VERIFY_RESULT(answer);
    QStringList found;
    for (const SearchHit &hit : answer->hits) {
        found << hit.idAtOrigin;
        QVERIFY(hit.textRank.has_value());
        QCOMPARE(hit.score, *hit.textRank);
        QVERIFY(!hit.similarity);
        QVERIFY(!hit.rrfScore);
    }
    found.sort();
    QCOMPARE(found, documents);
    QCOMPARE(answer->note, QString());
}

void TestTextSearch::neverAnError_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("quote") << QStringLiteral("it's");
    QTest::newRow("backslash") << QStringLiteral("\\ \\' a\\");
    QTest::newRow("operators") << QStringLiteral("a & & b | ! :* <-> (c");
    QTest::newRow("lone quote") << QStringLiteral("\"");
    QTest::newRow("quotes everywhere") << QStringLiteral("\"a\"\"b\" -\"\" \"\"\"");
    QTest::newRow("minus signs") << QStringLiteral("- -- --- -a --b");
    QTest::newRow("placeholders") << QStringLiteral("$1 ? :x %1 {{schema}}");
    QTest::newRow("emoji") << QStringLiteral("\U0001F600");
    QTest::newRow("lone surrogate") << QString(QStringLiteral("a") + QChar(0xD800));
    QTest::newRow("U+0000") << QString(QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b"));
    QTest::newRow("marks of highlights") << QStringLiteral("\ufdd0 a\ufdd1");
    QTest::newRow("one long word") << QString(8000, QLatin1Char('a'));
    QTest::newRow("thousands of words") << QString(QStringLiteral("ab ")).repeated(2666);
    QString different;
    for (int i = 0; different.size() < 7990; ++i)
        different += QString::number(i, 36) + QLatin1Char(' ');
    QTest::newRow("thousands of different words") << different;
    QTest::newRow("long phrase") << QString(QLatin1Char('"') + different.left(7000) +
                                            QLatin1Char('"'));
    QTest::newRow("thousands of exclusions")
        << QString(QStringLiteral("ledger ") + QString(QStringLiteral("-ab ")).repeated(1900));
}

void TestTextSearch::neverAnError()
{
    QFETCH(QString, text);
    VERIFY_RESULT(search(m_owner, text));
}

void TestTextSearch::moreWordsRankHigher()
{
    const OwnerId owner = ownerId(QStringLiteral("ranking"));
    const QString padding = QStringLiteral(" lorem ipsum dolor sit amet consectetur");
    VERIFY_RESULT(m_store->add(
        documentInput(owner, QStringLiteral("one"), QStringLiteral("apple") + padding)));
    VERIFY_RESULT(m_store->add(
        documentInput(owner, QStringLiteral("both"), QStringLiteral("apple banana") + padding)));
    VERIFY_RESULT(m_store->add(
        documentInput(owner, QStringLiteral("none"), QStringLiteral("cherry") + padding)));
    const auto answer = search(owner, QStringLiteral("banana apple"));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 2);
    QCOMPARE(answer->hits.at(0).idAtOrigin, QStringLiteral("both"));
    QCOMPARE(answer->hits.at(0).rank, 1);
    QCOMPARE(answer->hits.at(1).idAtOrigin, QStringLiteral("one"));
    QVERIFY(answer->hits.at(0).score > answer->hits.at(1).score);
}

void TestTextSearch::highlightsAreTheMatchedWords_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("English, other forms")
        << QStringLiteral("sign entry")
        << QStringList{QStringLiteral("signing"), QStringLiteral("entries")};
    QTest::newRow("German") << QStringLiteral("schiffe") << QStringList{QStringLiteral("Schiff")};
    QTest::newRow("Chinese") << QStringLiteral("\u6e2f\u53e3")
                             << QStringList{QStringLiteral("\u6e2f\u53e3")};
}

void TestTextSearch::highlightsAreTheMatchedWords()
{
    QFETCH(QString, text);
    QFETCH(QStringList, words);
    const auto answer = search(m_owner, text);
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 1);
    const auto points = answer->hits.first().content.toUcs4();
    QStringList found;
    for (const auto &[start, end] : answer->hits.first().highlights)
        found << QString::fromUcs4(reinterpret_cast<const char32_t *>(points.constData()) + start,
                                   end - start);
    QCOMPARE(found, words);
}

void TestTextSearch::headingsAreSearched()
{
    const OwnerId owner = ownerId(QStringLiteral("headings"));
    DocumentInput input =
        documentInput(owner, QStringLiteral("a"), QStringLiteral("Dinosaurs\n\nThey are gone."));
    input.structure.headings = {{1, 0, QStringLiteral("Palaeontology")}};
    VERIFY_RESULT(m_store->add(input));
    const auto answer = search(owner, QStringLiteral("palaeontology"));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 1);
    QCOMPARE(answer->hits.first().locator.headingPath,
             QStringList(QStringLiteral("Palaeontology")));
}

void TestTextSearch::wordsAcrossLanguagesOfOneOwner()
{
    // "gift" is a word of both languages; the stranger's is not found.
    const OwnerId owner = ownerId(QStringLiteral("both"));
    VERIFY_RESULT(m_store->add(
        documentInput(owner,
                      QStringLiteral("en"),
                      QStringLiteral("She brought a gift to the party, and everybody was happy "
                                     "about the present that she had found."))));
    VERIFY_RESULT(m_store->add(
        documentInput(owner,
                      QStringLiteral("de"),
                      QStringLiteral("Das Gift der Schlange ist gef\u00e4hrlich, deshalb sollte "
                                     "man sich von ihr unbedingt fernhalten."))));
    const auto answer = search(owner, QStringLiteral("gift"));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 2);
}

QTEST_GUILESS_MAIN(TestTextSearch)
#include "tst_text_search.moc"
