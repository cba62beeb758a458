#include "recipe_book.h"

#include <QTest>

#include <llmemory/testing.h>
#include <memory>

using llmemory::Memory;
using llmemory::OwnerId;
using llmemory::testing::await;
using llmemory::testing::DeterministicEmbedder;
using llmemory::testing::sampleDocuments;
using llmemory::testing::TemporarySchema;

class TestRecipeBook : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void findsWhatWasAdded();
    void keepsCooksApart();
    void goesOnWithoutTheModel();
    void staysApartFromOtherDocuments();

private:
    std::unique_ptr<TemporarySchema> m_schema;
    std::shared_ptr<DeterministicEmbedder> m_embedder;
    std::unique_ptr<Memory> m_memory;
};

namespace {

OwnerId cook(const char *name)
{
    return OwnerId::parse(QString::fromLatin1(name)).value();
}

} // namespace

/// Every test begins with an empty memory.
void TestRecipeBook::init()
{
    m_schema = std::make_unique<TemporarySchema>();
    QVERIFY2(m_schema->isAvailable(), qPrintable(m_schema->reason()));
    m_embedder = std::make_shared<DeterministicEmbedder>();
    llmemory::Config config = m_schema->config();
    config.embedding.embedder = m_embedder;
    config.embedding.background = false;
    m_memory = std::make_unique<Memory>(config);
    VERIFY_FUTURE(m_memory->initialize());
}

/// The memory lets go before its schema is dropped.
void TestRecipeBook::cleanup()
{
    m_memory.reset();
    m_schema.reset();
}

void TestRecipeBook::findsWhatWasAdded()
{
    RecipeBook book(*m_memory, cook("anna"));
    VERIFY_FUTURE(book.add(QStringLiteral("Leek soup"),
                           QStringLiteral("Simmer leeks and potatoes in broth.")));
    VERIFY_FUTURE(
        book.add(QStringLiteral("Plum cake"), QStringLiteral("Bake plums on a yeast dough.")));
    const auto titles = await(book.find(QStringLiteral("something with plums")));
    VERIFY_RESULT(titles);
    QCOMPARE(titles->value(0), QStringLiteral("Plum cake"));
}

void TestRecipeBook::keepsCooksApart()
{
    RecipeBook hers(*m_memory, cook("anna"));
    RecipeBook his(*m_memory, cook("ben"));
    VERIFY_FUTURE(
        hers.add(QStringLiteral("Plum cake"), QStringLiteral("Bake plums on a yeast dough.")));
    const auto titles = await(his.find(QStringLiteral("plums")));
    VERIFY_RESULT(titles);
    QVERIFY(titles->isEmpty());
}

void TestRecipeBook::goesOnWithoutTheModel()
{
    RecipeBook book(*m_memory, cook("anna"));
    m_embedder->failNext(1000);
    const auto added = await(
        book.add(QStringLiteral("Plum cake"), QStringLiteral("Bake plums on a yeast dough.")));
    VERIFY_RESULT(added);
    QCOMPARE(*added, false);
    // Words find it all the same, and its place in the queue is kept.
    const auto titles = await(book.find(QStringLiteral("plums")));
    VERIFY_RESULT(titles);
    QCOMPARE(*titles, QStringList{QStringLiteral("Plum cake")});
    const auto status = await(m_memory->embeddingStatus(cook("anna")));
    VERIFY_RESULT(status);
    QCOMPARE(status->model, m_embedder->modelId());
    QCOMPARE(status->pending, 1);
}

void TestRecipeBook::staysApartFromOtherDocuments()
{
    for (const auto &sample : sampleDocuments(cook("library")))
        VERIFY_FUTURE(m_memory->addDocument(sample.input));
    RecipeBook book(*m_memory, cook("anna"));
    // In the samples, but of another owner.
    const auto titles = await(book.find(QStringLiteral("sourdough")));
    VERIFY_RESULT(titles);
    QVERIFY(titles->isEmpty());
}

QTEST_GUILESS_MAIN(TestRecipeBook)
#include "tst_recipe_book.moc"
