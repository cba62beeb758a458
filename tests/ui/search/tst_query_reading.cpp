#include "tests/ui/strings.h"
#include "ui/search/query_reading.h"

#include <QCoreApplication>
#include <QTest>
#include <QTranslator>

using namespace llmemory;
using namespace llmemory::ui;
using llmemory::testing::strings;

namespace {

/// Says the parser's sentence with everything in other places.
class OtherLanguage final : public QTranslator
{
public:
    bool isEmpty() const override { return false; }
    QString translate(const char *context, const char *text, const char *, int) const override
    {
        const bool isMistake =
            QByteArray(context) == "llmemory::search" && QByteArray(text).startsWith("The query ");
        return isMistake ? QStringLiteral("(%3) \"%2\" – Spalte %1?") : QString();
    }
};

} // namespace

class TestQueryReading : public QObject
{
    Q_OBJECT

private slots:
    void goesOnBehindMistakes_data();
    void goesOnBehindMistakes();
    void understandsTranslatedMessages();
    void givesUpAfterMany();
};

void TestQueryReading::goesOnBehindMistakes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("mistakes");
    QTest::addColumn<QStringList>("parts");
    QTest::newRow("none") << "fees type:pdf" << QStringList() << strings({"fees", "type:pdf"});
    QTest::newRow("empty") << "" << QStringList() << QStringList();
    QTest::newRow("one") << "fees type:bird lang:de" << strings({"type:bird"})
                         << strings({"fees", "lang:de"});
    QTest::newRow("half typed") << "fees lang:de page:" << strings({"page:"})
                                << strings({"fees", "lang:de"});
    QTest::newRow("several") << "date:someday fees page:0" << strings({"date:someday", "page:0"})
                             << strings({"fees"});
    QTest::newRow("quoted") << "-type:\"a bird\" fees" << strings({"-type:\"a bird\""})
                            << strings({"fees"});
    QTest::newRow("near") << "fees NEAR" << strings({"NEAR"}) << strings({"fees"});
    QTest::newRow("surrogates") << "𝔥𝔞𝔯 🦢 type:bird fees" << strings({"type:bird"})
                                << strings({"𝔥𝔞𝔯", "🦢", "fees"});
    QTest::newRow("space before") << "   type:bird" << strings({"type:bird"}) << QStringList();
    QTest::newRow("comparison") << "year>=old fees" << strings({"year>=old"}) << strings({"fees"});
}

void TestQueryReading::goesOnBehindMistakes()
{
    QFETCH(const QString, text);
    const QueryReading reading = readWhileTyped(text);
    QCOMPARE(reading.query.text, text);
    QStringList mistakes;
    for (const TextRange &place : reading.mistakes)
        mistakes.append(text.mid(place.start, place.end - place.start));
    QTEST(mistakes, "mistakes");
    QStringList parts;
    for (const QueryPart &part : reading.query.parts)
        parts.append(text.mid(part.start, part.length));
    QTEST(parts, "parts");
}

void TestQueryReading::understandsTranslatedMessages()
{
    OtherLanguage language;
    QVERIFY(QCoreApplication::installTranslator(&language));
    const QueryReading reading = readWhileTyped(QStringLiteral("17 herons type:bird"));
    QCoreApplication::removeTranslator(&language);
    QCOMPARE(reading.mistakes, (QList<TextRange>{{10, 19}}));
    QCOMPARE(reading.query.parts.size(), 2);
}

void TestQueryReading::givesUpAfterMany()
{
    const QueryReading reading =
        readWhileTyped(QStringLiteral("fees ") + QStringLiteral("type:bird ").repeated(500));
    QVERIFY(!reading.mistakes.isEmpty());
    QVERIFY(reading.query.parts.isEmpty());
}

QTEST_GUILESS_MAIN(TestQueryReading)
#include "tst_query_reading.moc"
