#include "core/language/language_detector.h"

#include <QtTest>

using namespace llmemory::language;

class TestLanguageDetector : public QObject
{
    Q_OBJECT

private slots:
    void sentences_data();
    void sentences();
    void unknown_data();
    void unknown();
    void longTextIsJudgedByAllItsParts();
    void configs_data();
    void configs();
};

void TestLanguageDetector::sentences_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *code, const QString &text) {
        QTest::newRow(code) << text << QString::fromLatin1(code);
    };
    row("en", QStringLiteral("The meeting was moved to Thursday because the room is not free."));
    row("de",
        QStringLiteral("Die Besprechung wurde auf Donnerstag verlegt, weil der Raum belegt ist."));
    row("fr", QStringLiteral("La réunion a été reportée à jeudi parce que la salle est occupée."));
    row("es", QStringLiteral("La reunión se ha trasladado al jueves porque la sala está ocupada."));
    row("it", QStringLiteral("La riunione è stata spostata a giovedì perché la sala è occupata."));
    row("pt",
        QStringLiteral(
            "A reunião foi transferida para quinta-feira porque a sala não está livre."));
    row("nl",
        QStringLiteral("De vergadering is verplaatst naar donderdag omdat de zaal bezet is."));
    row("pl",
        QStringLiteral("Spotkanie zostało przeniesione na czwartek, ponieważ sala jest zajęta."));
    row("sv", QStringLiteral("Mötet har flyttats till torsdag eftersom rummet inte är ledigt."));
    row("tr", QStringLiteral("Oda dolu olduğu için toplantı perşembe gününe ertelendi."));
    row("ru", QStringLiteral("Встреча перенесена на четверг, потому что комната занята."));
    row("el",
        QStringLiteral("Η συνάντηση μεταφέρθηκε την Πέμπτη επειδή η αίθουσα είναι κατειλημμένη."));
    row("ar", QStringLiteral("تم تأجيل الاجتماع إلى يوم الخميس لأن القاعة مشغولة."));
    row("he", QStringLiteral("הפגישה הועברה ליום חמישי כי החדר תפוס ולא ניתן להשתמש בו השבוע."));
    row("hi", QStringLiteral("बैठक गुरुवार को स्थानांतरित कर दी गई है क्योंकि कमरा खाली नहीं है।"));
    row("zh", QStringLiteral("会议改到星期四，因为房间已经有人使用。"));
    row("ja", QStringLiteral("部屋が使えないため、会議は木曜日に変更されました。"));
    row("ko", QStringLiteral("방이 비어 있지 않아서 회의가 목요일로 옮겨졌습니다."));
    row("th", QStringLiteral("การประชุมถูกเลื่อนไปเป็นวันพฤหัสบดีเพราะห้องไม่ว่าง"));
}

void TestLanguageDetector::sentences()
{
    QFETCH(QString, text);
    QFETCH(QString, code);
    const DetectedLanguage found = detectLanguage(text);
    QCOMPARE(found.code, code);
    QVERIFY(found.reliable);
    QVERIFY(found.confidence > 0.5 && found.confidence <= 1.0);
}

void TestLanguageDetector::unknown_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("numbers") << QStringLiteral("12 345 67.89");
    QTest::newRow("emoji") << QStringLiteral("😀😀😀");
    QTest::newRow("lone surrogate") << QString(QChar(0xD83D));
    QTest::newRow("NUL") << QString(10, QChar(0));
    QTest::newRow("letters without words") << QStringLiteral("qx zzk wvx");
}

void TestLanguageDetector::unknown()
{
    QFETCH(QString, text);
    const DetectedLanguage found = detectLanguage(text);
    QCOMPARE(found.code, QStringLiteral("unknown"));
    QVERIFY(!found.reliable);
    QCOMPARE(textSearchConfig(found.code), QStringLiteral("simple"));
}

void TestLanguageDetector::longTextIsJudgedByAllItsParts()
{
    // An English preface before a German book.
    QString text = QStringLiteral("This edition was made from the papers that the author left to "
                                  "his daughter. She kept them in a "
                                  "wooden box under the stairs, where nobody looked for thirty "
                                  "years. The publisher wishes to thank "
                                  "her, and everybody who helped to read the faded handwriting. ");
    const QString book =
        QStringLiteral("Im Frühjahr trat der Fluss über die Ufer und nahm die alte Brücke mit. Die "
                       "Leute aus dem Dorf "
                       "standen auf dem Hügel und sahen zu, wie das Wasser ihre Felder bedeckte. "
                       "Mein Großvater sprach "
                       "an diesem Tag kein Wort. Abends zündete er die Lampe an, setzte sich ans "
                       "Fenster und schrieb auf, "
                       "was verloren war: zwei Kühe, der Zaun, das Boot seines Bruders. Später hat "
                       "er nie wieder davon "
                       "gesprochen, doch das Heft lag immer in der obersten Schublade. ");
    text += book.repeated(200);
    QCOMPARE(detectLanguage(text).code, QStringLiteral("de"));
    // Cuts between the slices may fall into pairs.
    QCOMPARE(detectLanguage(QStringLiteral("😀").repeated(10'001)).code, QStringLiteral("unknown"));
}

void TestLanguageDetector::configs_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("config");
    const auto row = [](const char *code, const char *config) {
        QTest::newRow(code) << QString::fromLatin1(code) << QString::fromLatin1(config);
    };
    row("en", "english");
    row("de", "german");
    row("nb", "norwegian");
    row("hi", "hindi");
    row("zh", "simple");
    row("zh-Hant", "simple");
    row("ko", "simple");
    row("pl", "simple");
    row("", "simple");
}

void TestLanguageDetector::configs()
{
    QFETCH(QString, code);
    QFETCH(QString, config);
    QCOMPARE(textSearchConfig(code), config);
}

QTEST_GUILESS_MAIN(TestLanguageDetector)
#include "tst_language_detector.moc"
