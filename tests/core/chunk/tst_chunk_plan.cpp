#include "core/chunk/chunk_plan.h"

#include <QtTest>

using namespace llmemory;
using namespace llmemory::chunk;

Q_DECLARE_METATYPE(llmemory::chunk::ChunkPlan)

class TestChunkPlan : public QObject
{
    Q_OBJECT

private slots:
    void sizesOfTypes_data();
    void sizesOfTypes();
    void everyTypeFitsItself();
    void configIsTaken_data();
    void configIsTaken();
    void badConfigIsRefused_data();
    void badConfigIsRefused();
    void limit();
};

void TestChunkPlan::sizesOfTypes_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<int>("characters");
    QTest::addColumn<ChunkPlan>("expected");

    const auto row = [](const char *type, int characters, const ChunkPlan &plan) {
        QTest::addRow("%s of %d", type, characters)
            << QString::fromLatin1(type) << characters << plan;
    };
    constexpr int kMiddle = 5000;
    row("email", kMiddle, {300, 150, 25, 15});
    row("chat", kMiddle, {200, 100, 20, 10});
    row("presentation", kMiddle, {400, 200, 30, 15});
    row("legal_document", kMiddle, {500, 250, 40, 20});
    for (const char *type : {"report", "business_report", "markdown", "text", "html", "unknown"})
        row(type, kMiddle, {600, 300, 50, 25});
    row("docx", kMiddle, {700, 350, 50, 25});
    for (const char *type : {"code", "technical_doc", "pdf"})
        row(type, kMiddle, {800, 400, 60, 30});

    row("email", 999, {150, 75, 12, 7});
    row("email", 1000, {300, 150, 25, 15});
    row("text", 999, {300, 150, 25, 12});
    row("text", 50'000, {600, 300, 50, 25});
    row("text", 50'001, {900, 360, 50, 25});
    row("pdf", 50'001, {1200, 480, 60, 30});
    row("docx", 10'000'000, {1050, 420, 50, 25});
}

void TestChunkPlan::sizesOfTypes()
{
    QFETCH(QString, type);
    QFETCH(int, characters);
    QFETCH(ChunkPlan, expected);
    const auto documentType = documentTypeFromString(type);
    QVERIFY(documentType);
    QCOMPARE(ChunkPlan::forText(*documentType, characters), expected);
}

void TestChunkPlan::everyTypeFitsItself()
{
    for (const DocumentType type : allDocumentTypes()) {
        for (const qsizetype characters : {100, 5000, 100'000}) {
            const ChunkPlan plan = ChunkPlan::forText(type, characters);
            QVERIFY(plan.childSize < plan.parentSize);
            QVERIFY(plan.parentOverlap * 2 <= plan.parentSize);
            QVERIFY(plan.childOverlap * 2 <= plan.childSize);
        }
    }
}

void TestChunkPlan::configIsTaken_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<ChunkPlan>("expected");
    const ChunkPlan standard;

    QTest::newRow("null") << QByteArray("null") << standard;
    QTest::newRow("nothing") << QByteArray("{}") << standard;
    QTest::newRow("all")
        << QByteArray(
               R"({"parent_size":1000,"child_size":200,"parent_overlap":100,"child_overlap":0})")
        << ChunkPlan{1000, 200, 100, 0};
    QTest::newRow("child only") << QByteArray(R"({"child_size":100})")
                                << ChunkPlan{600, 100, 50, 25};
    QTest::newRow("small parent takes its children along")
        << QByteArray(R"({"parent_size":100})") << ChunkPlan{100, 50, 25, 12};
    QTest::newRow("large child raises its parent")
        << QByteArray(R"({"child_size":1500})") << ChunkPlan{1500, 1500, 50, 25};
    QTest::newRow("least") << QByteArray(R"({"parent_size":50,"child_size":20})")
                           << ChunkPlan{50, 20, 12, 5};
    QTest::newRow("most") << QByteArray(R"({"parent_size":4000,"child_size":2000})")
                          << ChunkPlan{4000, 2000, 50, 25};
}

void TestChunkPlan::configIsTaken()
{
    QFETCH(QByteArray, config);
    QFETCH(ChunkPlan, expected);
    const Result<ChunkPlan> plan = ChunkPlan().withConfig(Json::parse(config.toStdString()));
    QVERIFY2(plan, plan ? "" : qPrintable(plan.error().message));
    QCOMPARE(*plan, expected);
}

void TestChunkPlan::badConfigIsRefused_data()
{
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *name, const char *config, const char *field) {
        QTest::newRow(name) << QByteArray(config) << QString::fromLatin1(field);
    };
    row("array", "[]", "chunking_config");
    row("text", "\"600\"", "chunking_config");
    row("unknown key", R"({"chunk_size":600})", "chunking_config.chunk_size");
    row("number as text", R"({"parent_size":"600"})", "chunking_config.parent_size");
    row("fraction", R"({"parent_size":600.5})", "chunking_config.parent_size");
    row("null number", R"({"child_size":null})", "chunking_config.child_size");
    row("too large", R"({"parent_size":4001})", "chunking_config.parent_size");
    row("past 32 bits", R"({"parent_size":4294967896})", "chunking_config.parent_size");
    row("too small", R"({"parent_size":49})", "chunking_config.parent_size");
    row("negative", R"({"child_overlap":-1})", "chunking_config.child_overlap");
    row("child above parent",
        R"({"parent_size":100,"child_size":101})",
        "chunking_config.child_size");
    row("child too small", R"({"child_size":19})", "chunking_config.child_size");
    row("overlap past half",
        R"({"child_size":100,"child_overlap":51})",
        "chunking_config.child_overlap");
    row("parent overlap past half", R"({"parent_overlap":301})", "chunking_config.parent_overlap");
}

void TestChunkPlan::badConfigIsRefused()
{
    QFETCH(QByteArray, config);
    QFETCH(QString, field);
    const Result<ChunkPlan> plan = ChunkPlan().withConfig(Json::parse(config.toStdString()));
    QVERIFY(!plan);
    QVERIFY(plan.error().kind == ErrorKind::Validation);
    QCOMPARE(plan.error().field, field);
    QVERIFY(!plan.error().message.isEmpty());
}

void TestChunkPlan::limit()
{
    const ChunkPlan pdf = ChunkPlan::forText(DocumentType::Pdf, 5000);
    QCOMPARE(pdf.limitedTo(5000), pdf);
    QCOMPARE(pdf.limitedTo(500), (ChunkPlan{500, 400, 60, 30}));
    QCOMPARE(pdf.limitedTo(100), (ChunkPlan{100, 100, 25, 25}));
    QCOMPARE(pdf.limitedTo(0), (ChunkPlan{20, 20, 5, 5}));
}

QTEST_GUILESS_MAIN(TestChunkPlan)
#include "tst_chunk_plan.moc"
