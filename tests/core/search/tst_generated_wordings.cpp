#include "core/search/generated_wordings.h"
#include "core/search/search_service.h"
#include "core/search/text_generator.h"
#include "core/testing/deterministic_embedder.h"
#include "core/testing/verify_result.h"
#include "tests/core/documents/document_store.h"

#include <QTest>

#include <stdexcept>
#include <thread>

using namespace llmemory;
using namespace std::chrono_literals;
using testing::ownerId;

namespace {

/// Answers, fails or waits as told.
class ScriptedGenerator final : public search::TextGenerator
{
public:
    explicit ScriptedGenerator(QString answer, std::chrono::milliseconds wait = 0ms)
        : m_answer(std::move(answer)), m_wait(wait)
    {
    }

    QString id() const override { return QStringLiteral("scripted"); }
    Result<QString> generate(const QString &instruction) const override
    {
        std::this_thread::sleep_for(m_wait);
        if (m_answer == QLatin1String("throw"))
            throw std::runtime_error("out of memory");
        if (m_answer == QLatin1String("fail"))
            return Error{.kind = ErrorKind::Unavailable, .message = QStringLiteral("No model.")};
        return instruction.contains(QLatin1String("boat")) ? m_answer : QString();
    }

private:
    const QString m_answer;
    const std::chrono::milliseconds m_wait;
};

} // namespace

/// Wordings that a model thinks of, and searches with them.
class TestGeneratedWordings : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void wordings_data();
    void wordings();
    void instructionHasTheQuery();
    void findsWhatOtherWordsSay();
    void excludedWordsStayOut();
    void rulesReplaceIt_data();
    void rulesReplaceIt();
    void isNotAskedInVain();

private:
    Result<SearchAnswer> find(const QString &text,
                              const std::shared_ptr<search::TextGenerator> &generator,
                              int variants = 3) const
    {
        Config::Search config;
        config.generator = generator;
        config.queryExpansion = true;
        config.maxQueryVariants = variants;
        search::SearchService service(m_database->manager(4),
                                      std::make_shared<testing::DeterministicEmbedder>(),
                                      config,
                                      {.generatorTimeLimit = 100ms});
        return service.search(
            {.owner = ownerId(QStringLiteral("o")), .text = text, .mode = SearchMode::Text},
            [] { return false; });
    }

    std::unique_ptr<testing::TemporarySchema> m_database;
    std::unique_ptr<testing::DocumentStore> m_store;
};

void TestGeneratedWordings::initTestCase()
{
    m_database = std::make_unique<testing::TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
    m_store = std::make_unique<testing::DocumentStore>(*m_database);
    for (const char *text : {"The ship left the port.", "A boat on the lake.", "A ship of war."})
        VERIFY_RESULT(m_store->add(testing::documentInput(
            ownerId(QStringLiteral("o")), QString::fromLatin1(text), QString::fromLatin1(text))));
}

void TestGeneratedWordings::wordings_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QStringList>("expected");
    const QStringList two{QStringLiteral("small ship"), QStringLiteral("sailing vessel")};
    QTest::newRow("lines") << "small ship\nsailing vessel\n" << two;
    QTest::newRow("numbers") << "1. small ship\n2) sailing vessel" << two;
    QTest::newRow("bullets, quotes") << " - \"small  ship\"\n\n* 'sailing vessel'" << two;
    QTest::newRow("the query, repeated") << "A Boat\nsmall ship\nSmall ship\nsailing vessel" << two;
    QTest::newRow("too many") << "small ship\nsailing vessel\nyacht" << two;
    QTest::newRow("talk") << QString(QString(201, QLatin1Char('x')) +
                                     QStringLiteral("\nsmall ship\nsailing vessel"))
                          << two;
    QTest::newRow("nothing") << " \n" << QStringList();
}

void TestGeneratedWordings::wordings()
{
    QFETCH(QString, answer);
    QTEST(search::wordingsOf(answer, QStringLiteral("a boat"), 2), "expected");
}

void TestGeneratedWordings::instructionHasTheQuery()
{
    const QString text = search::wordingInstruction(QStringLiteral("a\nboat"), 4);
    QVERIFY(text.contains(QLatin1String("Query: a boat\n")));
    QVERIFY(text.contains(QLatin1String("Write 4 ")));
}

void TestGeneratedWordings::findsWhatOtherWordsSay()
{
    const auto answer = find(QStringLiteral("boat"),
                             std::make_shared<ScriptedGenerator>(QStringLiteral("ship\nvessel")));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 3);
    QCOMPARE(answer->note, QString());
}

void TestGeneratedWordings::excludedWordsStayOut()
{
    const auto answer = find(QStringLiteral("boat -war"),
                             std::make_shared<ScriptedGenerator>(QStringLiteral("ship")));
    VERIFY_RESULT(answer);
    QCOMPARE(answer->hits.size(), 2);
}

void TestGeneratedWordings::rulesReplaceIt_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<int>("wait");
    QTest::addColumn<QString>("note");
    QTest::newRow("fails") << "fail" << 0 << "No model.";
    QTest::newRow("throws") << "throw" << 0 << "made by rules";
    QTest::newRow("says nothing") << "\n" << 0 << "gave none";
    QTest::newRow("takes too long") << "ship" << 300 << "in time";
}

void TestGeneratedWordings::rulesReplaceIt()
{
    QFETCH(QString, answer);
    QFETCH(int, wait);
    QFETCH(QString, note);
    const auto found =
        find(QStringLiteral("boat"),
             std::make_shared<ScriptedGenerator>(answer, std::chrono::milliseconds(wait)));
    VERIFY_RESULT(found);
    QCOMPARE(found->hits.size(), 1);
    QVERIFY2(found->note.contains(note), qPrintable(found->note));
}

void TestGeneratedWordings::isNotAskedInVain()
{
    const auto failing = std::make_shared<ScriptedGenerator>(QStringLiteral("fail"));
    for (const auto &[text, variants] :
         {std::pair{"boat", 1}, std::pair{"type:text", 3}, std::pair{"-war", 3}}) {
        const auto found = find(QString::fromLatin1(text), failing, variants);
        VERIFY_RESULT(found);
        QCOMPARE(found->note, QString());
    }
}

QTEST_GUILESS_MAIN(TestGeneratedWordings)
#include "tst_generated_wordings.moc"
