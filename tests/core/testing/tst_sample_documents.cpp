#include "core/language/language_detector.h"
#include "core/memory.h"
#include "core/testing/await.h"
#include "core/testing/sample_documents.h"
#include "core/testing/temporary_schema.h"

#include <QSet>
#include <QTest>

using namespace llmemory;
using testing::await;
using testing::SampleDocument;
using testing::sampleDocuments;
using testing::TemporarySchema;

namespace {

OwnerId owner()
{
    return OwnerId::parse(QStringLiteral("anna")).value_or(OwnerId());
}

} // namespace

/// What integrators may rely on about the samples.
class TestSampleDocuments : public QObject
{
    Q_OBJECT

private slots:
    void areOfSeveralKinds();
    void isInItsLanguage_data();
    void isInItsLanguage();
    void areFoundByTheirWordsAlone();
};

void TestSampleDocuments::areOfSeveralKinds()
{
    QSet<QString> types;
    QSet<QString> languages;
    QSet<QString> ids;
    const auto samples = sampleDocuments(owner());
    for (const SampleDocument &sample : samples) {
        QCOMPARE(sample.input.owner, owner());
        QVERIFY(!sample.words.isEmpty());
        types += toString(sample.input.type);
        languages += sample.language;
        ids += sample.input.idAtOrigin;
    }
    QCOMPARE(samples.size(), 7);
    QCOMPARE(ids.size(), 7);
    QCOMPARE(types.size(), 7);
    QCOMPARE(languages.size(), 6);
}

void TestSampleDocuments::isInItsLanguage_data()
{
    QTest::addColumn<QString>("content");
    QTest::addColumn<QString>("language");
    for (const SampleDocument &sample : sampleDocuments(owner()))
        QTest::newRow(qPrintable(sample.input.idAtOrigin))
            << sample.input.content << sample.language;
}

void TestSampleDocuments::isInItsLanguage()
{
    QFETCH(QString, content);
    QTEST(language::detectLanguage(content).code, "language");
}

void TestSampleDocuments::areFoundByTheirWordsAlone()
{
    const TemporarySchema schema;
    QVERIFY2(schema.isAvailable(), qPrintable(schema.reason()));
    Memory memory(schema.config(false));
    VERIFY_FUTURE(memory.initialize());
    const auto samples = sampleDocuments(owner());
    bool hasContext = false;
    for (const SampleDocument &sample : samples) {
        const auto added = await(memory.addDocument(sample.input));
        VERIFY_RESULT(added);
        QCOMPARE(added->status, AddStatus::Added);
        const auto details = await(memory.document(owner(), added->document.id, {.chunks = true}));
        VERIFY_RESULT(details);
        for (const Chunk &chunk : details->chunks)
            hasContext = hasContext || chunk.level == 2;
    }
    QVERIFY(hasContext);
    for (const SampleDocument &sample : samples) {
        for (const QString &word : sample.words) {
            SearchQuery query;
            query.owner = owner();
            query.text = word;
            query.mode = SearchMode::Text;
            const auto answer = await(memory.search(query));
            VERIFY_RESULT(answer);
            QVERIFY2(!answer->hits.isEmpty(), qPrintable(word));
            for (const SearchHit &hit : answer->hits)
                QCOMPARE(hit.idAtOrigin, sample.input.idAtOrigin);
        }
    }
}

QTEST_GUILESS_MAIN(TestSampleDocuments)
#include "tst_sample_documents.moc"
